"""Tools that run in the page: the turn stops at the call, and goes on with the answer."""

from typing import Literal

from agents import RunContextWrapper, StopAtTools, function_tool
from chatkit.agents import AgentContext, ClientToolCall

from app.identity import User
from app.server import ChatServer

Context = RunContextWrapper[AgentContext[User]]
Path = Literal["/", "/#top"]  # the only ones that the assistant may open; add yours


def join(server: ChatServer) -> None:
    tools = [switch_theme, open_page]
    server.assistant.tools = [*server.assistant.tools, *tools]
    names = [tool.name for tool in tools]
    server.assistant.tool_use_behavior = StopAtTools(stop_at_tool_names=names)


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
