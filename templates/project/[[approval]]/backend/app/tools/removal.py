"""A tool that asks first, because it cannot be taken back."""

from agents import FunctionTool, RunContextWrapper, function_tool
from chatkit.agents import AgentContext

from app.identity import User
from app.server import ChatServer

MAX_CHATS = 100


def removal(server: ChatServer) -> FunctionTool:
    @function_tool(needs_approval=True)
    async def remove_chats(wrapper: RunContextWrapper[AgentContext[User]], words: str) -> str:
        """Remove the user's other conversations whose titles hold these words."""
        chat, user = wrapper.context, wrapper.context.request_context
        threads = (await chat.store.load_threads(MAX_CHATS, None, "desc", user)).data
        gone = [t for t in threads if t.id != chat.thread.id and holds(t.title or "", words)]
        for thread in gone:
            for clean_up in server.before_delete:
                await clean_up(thread.id, user)
            await chat.store.delete_thread(thread.id, user)
        return "Removed: " + ("; ".join(thread.title or "" for thread in gone) or "none.")

    return remove_chats


def holds(title: str, words: str) -> bool:
    return bool(words.strip()) and words.lower() in title.lower()
