"""Two tools to copy from. The model reads the docstring to decide when to call one."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agents import RunContextWrapper, function_tool
from chatkit.agents import AgentContext

from app.identity import User


@function_tool
def current_time(timezone: str = "UTC") -> str:
    """The date and time now.

    Args:
        timezone: An IANA name such as Europe/Paris.
    """
    try:
        return datetime.now(ZoneInfo(timezone)).strftime("%A %d %B %Y, %H:%M %Z")
    except (ZoneInfoNotFoundError, ValueError):
        return f"There is no time zone called {timezone!r}."


@function_tool
async def recent_chats(wrapper: RunContextWrapper[AgentContext[User]]) -> str:
    """The titles of the user's latest conversations."""
    # Who asks comes from the request and never from the model, or it could be talked into
    # reading somebody else's.
    context = wrapper.context
    page = await context.store.load_threads(5, None, "desc", context.request_context)
    return "; ".join(thread.title or "Untitled" for thread in page.data)
