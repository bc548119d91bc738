"""Tools of MCP servers. MCP_SERVERS names the servers, and none of them can stop the chat."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from agents.mcp import MCPServer

from app.config import Settings
from app.server import ChatServer
from app.tools.mcp_link import Link
from app.tools.mcp_settings import read_servers

CHECK_EVERY = 30.0  # seconds


def check(settings: Settings) -> None:
    read_servers(settings)


@asynccontextmanager
async def join(server: ChatServer) -> AsyncIterator[None]:
    wanted = read_servers(server.settings)
    suspicion = asyncio.Event()
    links = [Link(name, entry, server.settings, suspicion) for name, entry in wanted.items()]
    server.assistant.mcp_servers = list[MCPServer](links)
    server.assistant.mcp_config = {"include_server_in_tool_names": True}

    async def states() -> dict[str, str]:
        return {link.name: link.state for link in links}

    server.health["mcp"] = states
    await asyncio.gather(*(link.check() for link in links))
    watch = asyncio.create_task(keep_checking(links, suspicion))
    try:
        yield
    finally:
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch
        await asyncio.gather(*(link.cleanup() for link in links))


async def keep_checking(links: list[Link], suspicion: asyncio.Event) -> None:
    """Now and then, and soon after a call has failed."""
    while True:
        with suppress(TimeoutError):
            await asyncio.wait_for(suspicion.wait(), CHECK_EVERY)
        suspicion.clear()
        await asyncio.gather(*(link.check() for link in links))
        await asyncio.sleep(1)
