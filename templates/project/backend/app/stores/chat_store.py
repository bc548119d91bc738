"""ChatKit's store, written once over what each database brings.

Every operation names the user who asks, to whom what belongs to somebody else does not exist.
"""

import uuid
from datetime import datetime
from typing import TypeVar

from chatkit.store import Store, StoreItemType
from chatkit.types import (
    Attachment,
    FeedbackKind,
    Page,
    Thread,
    ThreadItem,
    ThreadMetadata,
)
from pydantic import TypeAdapter

from app.identity import User
from app.stores.rows import Rows, Table, found

Entry = TypeVar("Entry", ThreadMetadata, ThreadItem)

THREAD = TypeAdapter(ThreadMetadata)
ITEM: TypeAdapter[ThreadItem] = TypeAdapter(ThreadItem)
ATTACHMENT: TypeAdapter[Attachment] = TypeAdapter(Attachment)
MAX_PAGE = 100


class ChatStore(Rows, Store[User]):
    # The SDK's own ids carry 32 bits: few enough to collide, and to be guessed.
    def generate_thread_id(self, context: User) -> str:
        return f"thread_{uuid.uuid4().hex}"

    def generate_item_id(
        self, item_type: StoreItemType, thread: ThreadMetadata, context: User
    ) -> str:
        return f"{item_type}_{uuid.uuid4().hex}"

    async def load_thread(self, thread_id: str, context: User) -> ThreadMetadata:
        return THREAD.validate_json(
            found(await self.get("threads", user_id=context.id, id=thread_id))
        )

    async def save_thread(self, thread: ThreadMetadata, context: User) -> None:
        # Some operations hand over a whole Thread; its items have rows of their own.
        data = thread.model_dump_json(exclude={"items"} if isinstance(thread, Thread) else None)
        found(await self.put("threads", thread.created_at, data, user_id=context.id, id=thread.id))

    async def load_threads(
        self, limit: int, after: str | None, order: str, context: User
    ) -> Page[ThreadMetadata]:
        return await self._page(THREAD, "threads", limit, after, order, user_id=context.id)

    async def delete_thread(self, thread_id: str, context: User) -> None:
        found(await self.remove("threads", user_id=context.id, id=thread_id))

    async def add_thread_item(self, thread_id: str, item: ThreadItem, context: User) -> None:
        key = {"user_id": context.id, "thread_id": thread_id, "id": item.id}
        found(await self.put("items", item.created_at, item.model_dump_json(), **key))

    save_item = add_thread_item  # the SDK adds some items twice, so adding is saving

    async def load_item(self, thread_id: str, item_id: str, context: User) -> ThreadItem:
        key = {"user_id": context.id, "thread_id": thread_id, "id": item_id}
        return ITEM.validate_json(found(await self.get("items", **key)))

    async def load_thread_items(
        self, thread_id: str, after: str | None, limit: int, order: str, context: User
    ) -> Page[ThreadItem]:
        key = {"user_id": context.id, "thread_id": thread_id}
        page = await self._page(ITEM, "items", limit, after, order, **key)
        if not page.data:
            await self.load_thread(thread_id, context)
        return page

    async def delete_thread_item(self, thread_id: str, item_id: str, context: User) -> None:
        key = {"user_id": context.id, "thread_id": thread_id, "id": item_id}
        await self.remove("feedback", **key)
        await self.remove("items", **key)

    async def save_feedback(
        self, thread_id: str, item_id: str, feedback: FeedbackKind, context: User
    ) -> None:
        await self.load_item(thread_id, item_id, context)
        key = {"user_id": context.id, "thread_id": thread_id, "id": item_id}
        found(await self.put("feedback", datetime.now(), feedback, **key))

    async def save_attachment(self, attachment: Attachment, context: User) -> None:
        data = attachment.model_dump_json()
        key = {"user_id": context.id, "id": attachment.id}
        found(await self.put("attachments", datetime.now(), data, **key))

    async def load_attachment(self, attachment_id: str, context: User) -> Attachment:
        key = {"user_id": context.id, "id": attachment_id}
        return ATTACHMENT.validate_json(found(await self.get("attachments", **key)))

    async def delete_attachment(self, attachment_id: str, context: User) -> None:
        found(await self.remove("attachments", user_id=context.id, id=attachment_id))

    async def _page(
        self,
        type: TypeAdapter[Entry],
        table: Table,
        limit: int,
        after: str | None,
        order: str,
        **key: str,
    ) -> Page[Entry]:
        size = max(1, min(limit, MAX_PAGE))
        texts = await self.page(table, size + 1, after, order != "asc", **key)
        data = [type.validate_json(text) for text in texts[:size]]
        # The cursor names the last row that is shown; the next one would be skipped.
        return Page(data=data, has_more=len(texts) > size, after=data[-1].id if data else None)
