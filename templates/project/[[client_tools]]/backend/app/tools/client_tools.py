"""Tools that run in the page: the turn stops at the call, and goes on with the answer."""

from typing import Literal

from agents import (
    FunctionToolResult,
    RunContextWrapper,
    ToolsToFinalOutputResult,
    function_tool,
)
from chatkit.agents import AgentContext, ClientToolCall

from app.identity import User
from app.server import ChatServer

Context = RunContextWrapper[AgentContext[User]]
Path = Literal["/", "/#top"]  # the only ones that the assistant may open; add yours


def join(server: ChatServer) -> None:
    server.assistant.tools = [*server.assistant.tools, switch_theme, open_page]
    server.assistant.tool_use_behavior = wait_for_page


def wait_for_page(wrapper: Context, results: list[FunctionToolResult]) -> ToolsToFinalOutputResult:
    """Not `StopAtTools`: it would also end the turn when the model asked for what cannot be."""
    return ToolsToFinalOutputResult(is_final_output=bool(wrapper.context.client_tool_call))


@function_tool
async def switch_theme(wrapper: Context, theme: Literal["system", "light", "dark"]) -> None:
    """Change the colours of the page."""
    ask_page(wrapper, "switch_theme", theme=theme)


@function_tool
async def open_page(wrapper: Context, path: Path) -> None:
    """Open a page of this site in a new tab."""
    ask_page(wrapper, "open_page", path=path)


def ask_page(wrapper: Context, name: str, **arguments: str) -> None:
    wrapper.context.client_tool_call = ClientToolCall(name=name, arguments=arguments)
