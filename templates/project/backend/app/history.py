"""What the model gets to read: the newest items of the thread, in their order."""

import json

from agents import TResponseInputItem
from chatkit.agents import ThreadItemConverter
from chatkit.store import Store
from chatkit.types import (
    AssistantMessageItem,
    Attachment,
    HiddenContextItem,
    ThreadMetadata,
    UserMessageItem,
    UserMessageTagContent,
    WorkflowItem,
)
from openai.types.responses import (
    EasyInputMessageParam,
    ResponseFunctionToolCallParam,
    ResponseInputContentParam,
    ResponseInputTextParam,
)
from openai.types.responses.response_input_item_param import FunctionCallOutput

from app.identity import User

MAX_ITEMS = 60
MAX_CHARACTERS = 60_000  # about 15,000 tokens

Input = TResponseInputItem | list[TResponseInputItem] | None


class HistoryConverter(ThreadItemConverter):
    async def assistant_message_to_input(self, item: AssistantMessageItem) -> Input:
        # Plain text, because Chat Completions models refuse the SDK's `output_text` parts: with
        # them the second turn of every conversation fails.
        text = "".join(part.text for part in item.content)
        return EasyInputMessageParam(role="assistant", content=text) if text else None

    async def user_message_to_input(
        self, item: UserMessageItem, is_last_message: bool = True
    ) -> Input:
        # The SDK drops a quote once another item follows, and a later turn would not know it.
        return await super().user_message_to_input(item, is_last_message=True)

    async def attachment_to_message_content(
        self, attachment: Attachment
    ) -> ResponseInputContentParam:
        # The SDK's own raises, and one file would end every later turn of its thread.
        text = f"The user attached a file that is not shown here: {attachment.name!r}"
        return ResponseInputTextParam(type="input_text", text=text)

    async def tag_to_message_content(self, tag: UserMessageTagContent) -> ResponseInputTextParam:
        about = json.dumps(tag.data, ensure_ascii=False, default=str)
        return ResponseInputTextParam(type="input_text", text=f"{tag.text} ({tag.id}): {about}")

    async def hidden_context_to_input(self, item: HiddenContextItem) -> Input:
        match item.content:
            case {"call_id": call_id, "name": name, "arguments": arguments, "output": output}:
                return [
                    ResponseFunctionToolCallParam(
                        type="function_call", call_id=call_id, name=name, arguments=arguments
                    ),
                    FunctionCallOutput(type="function_call_output", call_id=call_id, output=output),
                ]
            case str():
                return await super().hidden_context_to_input(item)
        text = json.dumps(item.content, ensure_ascii=False, default=str)
        return await super().hidden_context_to_input(item.model_copy(update={"content": text}))

    async def workflow_to_input(self, item: WorkflowItem) -> Input:
        return None  # progress.py keeps what the tools answered


async def load_history(
    store: Store[User], thread: ThreadMetadata, user: User, converter: HistoryConverter
) -> list[TResponseInputItem]:
    page = await store.load_thread_items(thread.id, None, MAX_ITEMS, "desc", user)
    kept, room = 0, MAX_CHARACTERS
    for item in page.data:
        room -= len(item.model_dump_json())
        if room < 0 and kept:
            break
        kept += 1
    items = page.data[:kept][::-1]
    # Cut between turns: an answer without its question would only confuse.
    start = next((n for n, item in enumerate(items) if item.type == "user_message"), 0)
    return await converter.to_agent_input(items[start:])
