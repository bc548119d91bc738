"""Three tools to copy from: a plain one, one that knows who asks, one that shows its work.

The model reads name, types and docstring to decide when to call one and with what.
"""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agents import RunContextWrapper, function_tool
from chatkit.agents import AgentContext
from chatkit.types import AssistantMessageItem, ProgressUpdateEvent, ThreadItem, UserMessageItem
from chatkit.widgets import DynamicWidgetRoot

from app.identity import User

MAX_CHATS, MAX_MESSAGES, MAX_FOUND = 20, 50, 5


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


@function_tool
async def find_messages(wrapper: RunContextWrapper[AgentContext[User]], words: str) -> str:
    """Find messages in the user's other conversations, newest first, and show them as a list.

    Args:
        words: A message is found when it holds all of them.
    """
    context = wrapper.context
    user, store = context.request_context, context.store
    threads = (await store.load_threads(MAX_CHATS, None, "desc", user)).data
    found: list[tuple[str, str]] = []
    for number, thread in enumerate(threads, 1):
        text = f"Reading chat {number} of {len(threads)}"
        await context.stream(ProgressUpdateEvent(icon="search", text=text))
        if thread.id == context.thread.id:
            continue
        page = await store.load_thread_items(thread.id, None, MAX_MESSAGES, "desc", user)
        texts = [text_of(item) for item in page.data]
        found += [(thread.title or "Untitled", text) for text in texts if holds(text, words)]
    if not found:
        return "No other conversation holds these words."
    await context.stream_widget(listing(found[:MAX_FOUND]))
    return "The user sees this list:\n" + "\n".join(f"{a}: {b[:200]}" for a, b in found[:MAX_FOUND])


def text_of(item: ThreadItem) -> str:
    if isinstance(item, UserMessageItem | AssistantMessageItem):
        return " ".join(part.text for part in item.content)
    return ""


def holds(text: str, words: str) -> bool:
    return bool(text) and all(word in text.lower() for word in words.lower().split())


def listing(found: list[tuple[str, str]]) -> DynamicWidgetRoot:
    def row(title: str, text: str) -> dict[str, object]:
        lines = [
            {"type": "Text", "value": title, "weight": "semibold", "maxLines": 1},
            {"type": "Text", "value": text[:200], "size": "sm", "maxLines": 2},
        ]
        return {"type": "ListViewItem", "children": [{"type": "Col", "children": lines}]}

    rows = [row(title, text) for title, text in found]
    return DynamicWidgetRoot.model_validate({"type": "ListView", "children": rows})
