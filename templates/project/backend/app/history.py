"""What the model gets to read: the newest items of the thread, oldest of them first."""

from agents import TResponseInputItem
from chatkit.agents import ThreadItemConverter
from chatkit.store import Store
from chatkit.types import AssistantMessageItem, ThreadMetadata, UserMessageTagContent
from openai.types.responses import EasyInputMessageParam, ResponseInputTextParam

from app.identity import User

MAX_ITEMS = 50


class HistoryConverter(ThreadItemConverter):
    async def assistant_message_to_input(self, item: AssistantMessageItem) -> TResponseInputItem:
        # Plain text, because Chat Completions models refuse the SDK's `output_text` parts: with
        # them the second turn of every conversation fails.
        text = "".join(part.text for part in item.content)
        return EasyInputMessageParam(role="assistant", content=text)

    async def tag_to_message_content(self, tag: UserMessageTagContent) -> ResponseInputTextParam:
        return ResponseInputTextParam(type="input_text", text=f"@{tag.text} is {tag.data}")


async def load_history(
    store: Store[User], thread: ThreadMetadata, user: User
) -> list[TResponseInputItem]:
    newest = await store.load_thread_items(thread.id, None, MAX_ITEMS, "desc", user)
    return await HistoryConverter().to_agent_input(newest.data[::-1])
