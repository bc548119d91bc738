"""What the model gets to read of attached files: the newest whole, as far as there is room."""

import base64
from collections.abc import Sequence

from agents import TResponseInputItem
from chatkit.types import Attachment, ThreadItem, UserMessageItem, UserMessageTextContent
from fastapi.concurrency import run_in_threadpool
from openai.types.responses import (
    ResponseInputContentParam,
    ResponseInputFileParam,
    ResponseInputImageParam,
    ResponseInputTextParam,
)

from app.files import IMAGES, SIGNATURES, Files, is_text
from app.history import HistoryConverter, Input

# Every turn sends them again.
MAX_TEXT = 40_000  # characters, about 10,000 tokens
MAX_BYTES = 20_000_000  # of pictures and PDF files


class FileConverter(HistoryConverter):
    """One for each turn: it knows how much room is left."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._text, self._bytes = MAX_TEXT, MAX_BYTES
        self._contents: dict[str, ResponseInputContentParam | None] = {}

    async def to_agent_input(
        self, thread_items: Sequence[ThreadItem] | ThreadItem
    ) -> list[TResponseInputItem]:
        items = thread_items if isinstance(thread_items, Sequence) else [thread_items]
        messages = [item for item in items if isinstance(item, UserMessageItem)]
        for message in reversed(messages):
            for attachment in message.attachments:
                if attachment.id not in self._contents:
                    content = await run_in_threadpool(self._read, attachment)
                    self._contents[attachment.id] = content
        return await super().to_agent_input(items)

    async def user_message_to_input(
        self, item: UserMessageItem, is_last_message: bool = True
    ) -> Input:
        # A file without a word comes with an empty text, which some APIs refuse.
        if item.attachments and not any(part.text for part in item.content):
            content = [UserMessageTextContent(text="(only files)")]
            item = item.model_copy(update={"content": content})
        return await super().user_message_to_input(item, is_last_message)

    async def attachment_to_message_content(
        self, attachment: Attachment
    ) -> ResponseInputContentParam:
        content = self._contents.pop(attachment.id, None)  # once, however often it was attached
        return content or await super().attachment_to_message_content(attachment)

    def _read(self, attachment: Attachment) -> ResponseInputContentParam | None:
        id, type, name = attachment.id, attachment.mime_type, attachment.name
        size = self._files.size(id)
        if is_text(type) and size and self._text:
            # A character has at most four bytes.
            text = self._files.read(id, 4 * self._text).decode(errors="replace")[: self._text]
            self._text -= len(text)
            about = f"The user attached {name!r}, which holds:\n\n{text}"
            return ResponseInputTextParam(type="input_text", text=about)
        if type not in SIGNATURES or not 0 < size <= self._bytes:
            return None
        self._bytes -= size
        url = f"data:{type};base64,{base64.b64encode(self._files.read(id, size)).decode()}"
        if type in IMAGES:
            return ResponseInputImageParam(type="input_image", detail="auto", image_url=url)
        return ResponseInputFileParam(type="input_file", filename=name, file_data=url)
