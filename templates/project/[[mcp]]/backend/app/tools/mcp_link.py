"""One MCP server as the agent sees it: its last known tools, and a note instead of a failure."""

import asyncio
import logging
from typing import Any

from agents import AgentBase, RunContextWrapper
from agents.mcp import MCPServer, MCPServerManager, MCPToolMetaContext
from chatkit.types import NoticeEvent
from mcp.types import CallToolResult, GetPromptResult, ListPromptsResult, TextContent, Tool

from app.config import Settings
from app.tools.mcp_settings import ServerSettings
from app.tools.mcp_transport import CONNECT, asking, build_server

MAX_RESULT = 20_000  # characters of an answer that reach the model, about 5,000 tokens

logger = logging.getLogger(__name__)


class Link(MCPServer):
    def __init__(
        self, name: str, wanted: ServerSettings, settings: Settings, suspicion: asyncio.Event
    ) -> None:
        super().__init__(tool_meta_resolver=self._say_who_asks)
        self._name, self._wanted, self._suspicion = name, wanted, suspicion
        self._settings = settings
        self._tools: list[Tool] = []
        self.state = "not connected"
        self._renew()

    @property
    def name(self) -> str:
        return self._name

    async def check(self) -> None:
        """Lists the tools anew, over a new connection if that is needed."""
        before = self.state
        try:
            try:
                tools = await self._list()
            except Exception:
                self.state, self._tools = "not available", []
                await self.cleanup()
                self._renew()
                await self.connect()
                tools = await self._list()
        except Exception as error:
            state, tools = "not available", []
            reason = f"{type(error).__name__}: {error}"
        else:
            state, reason = "ok", ", ".join(tool.name for tool in tools) or "no tools"
        if state != before:
            logger.warning("MCP server %s is %s (%s)", self.name, state, reason)
        allowed = self._wanted.tools
        self._tools = [tool for tool in tools if allowed is None or tool.name in allowed]
        self.state = state

    async def list_tools(
        self, run_context: RunContextWrapper[Any] | None = None, agent: AgentBase | None = None
    ) -> list[Tool]:
        if self.state != "ok" and run_context and not run_context.usage.requests:  # once a turn
            message = f"{self.name} is not available now. I answer without it."
            await run_context.context.stream(NoticeEvent(level="warning", message=message))
        return [tool.model_copy(deep=True) for tool in self._tools]

    async def call_tool(
        self, tool_name: str, arguments: dict[str, Any] | None, meta: dict[str, Any] | None = None
    ) -> CallToolResult:
        try:
            async with asyncio.timeout(self._wanted.timeout):
                result = await self._server.call_tool(tool_name, arguments, meta)
        except Exception as error:
            logger.warning("MCP server %s failed: %s: %s", self.name, type(error).__name__, error)
            self._suspicion.set()
            note = f"{tool_name} of {self.name} failed or took too long. Say so and go on without."
            return CallToolResult(content=[TextContent(type="text", text=note)], is_error=True)
        if result.is_error:  # perhaps it has other tools by now
            self._suspicion.set()
        return bounded(result)

    async def connect(self) -> None:
        await self._manager.connect_all()
        for error in self._manager.errors.values():
            raise error

    async def cleanup(self) -> None:
        await self._manager.cleanup_all()

    async def list_prompts(self) -> ListPromptsResult:
        return await self._server.list_prompts()

    async def get_prompt(
        self, name: str, arguments: dict[str, Any] | None = None
    ) -> GetPromptResult:
        return await self._server.get_prompt(name, arguments)

    async def _list(self) -> list[Tool]:
        async with asyncio.timeout(CONNECT):
            return await self._server.list_tools()

    def _renew(self) -> None:
        self._server = build_server(self._wanted, self._settings)
        self._manager = MCPServerManager(
            [self._server],
            connect_timeout_seconds=CONNECT,
            cleanup_timeout_seconds=CONNECT,
            connect_in_parallel=True,
        )

    def _say_who_asks(self, call: MCPToolMetaContext) -> dict[str, Any] | None:
        user = call.run_context.context.request_context.id
        asking.set(user)
        # A header is said by UserHeader.
        return {self._wanted.user: user} if self._wanted.user and self._wanted.command else None


def bounded(result: CallToolResult) -> CallToolResult:
    """Only text, and no more than the model can read."""
    parts = [getattr(part, "text", f"[{part.type}]") for part in result.content]
    text = "\n".join(parts)
    if len(text) > MAX_RESULT:
        text = f"{text[:MAX_RESULT]}\n[The rest of {len(text):,} characters is left out.]"
    return CallToolResult(content=[TextContent(type="text", text=text)], is_error=result.is_error)
