"""ChatKit's store, written once over the four operations that each database brings.

Every row carries its owner, and every operation names the user who asks: what belongs to somebody
else is not found. Rows are ordered by time and, within one moment, by arrival.
"""

import logging
import uuid
from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple, TypeVar

from chatkit.errors import CustomStreamError
from chatkit.store import NotFoundError, Store, StoreItemType
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

logger = logging.getLogger(__name__)

Table = Literal["threads", "items", "feedback", "attachments"]
KEYS: dict[Table, list[str]] = {
    "threads": ["user_id", "id"],
    "items": ["user_id", "thread_id", "id"],
    "feedback": ["user_id", "thread_id", "id"],
    "attachments": ["user_id", "id"],
}

Entry = TypeVar("Entry", ThreadMetadata, ThreadItem)
Found = TypeVar("Found", str, bool)

THREAD = TypeAdapter(ThreadMetadata)
ITEM: TypeAdapter[ThreadItem] = TypeAdapter(ThreadItem)
ATTACHMENT: TypeAdapter[Attachment] = TypeAdapter(Attachment)
MAX_PAGE = 100


class Row(NamedTuple):
    """A row as it stands, on its way to another store."""

    place: int
    created_at: datetime
    data: str
    key: dict[str, str]


class Unavailable(CustomStreamError):
    """The database is down, full or too slow."""


class ChatStore(Store[User]):
    @abstractmethod
    async def get(self, table: Table, **key: str) -> str | None: ...

    @abstractmethod
    async def put(self, table: Table, created_at: datetime, data: str, **key: str) -> bool:
        """Adds a row, or changes its data where it stands. False: it is not this user's."""

    @abstractmethod
    async def remove(self, table: Table, **key: str) -> bool: ...

    @abstractmethod
    async def page(
        self, table: Table, limit: int, after: str | None, newest_first: bool, **key: str
    ) -> list[str]:
        """Rows beyond the one called `after`; none if there is no such row."""

    @abstractmethod
    async def rows(self, table: Table, after: int, limit: int) -> list[Row]:
        """Rows of all users, in the order they came, beyond a place or from 0 on."""

    @abstractmethod
    async def put_rows(self, table: Table, rows: Sequence[Row]) -> None:
        """Puts them in this order, all or none. Putting them again changes nothing.

        NotFoundError: the thread of one of them is not here, or is somebody else's.
        """

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


def found(result: Found | None) -> Found:
    if not result:
        raise NotFoundError
    return result


def unavailable(cause: Exception) -> Unavailable:
    """To be raised in place of a driver's error: the log gets the cause, people a text."""
    logger.error("The database failed", exc_info=cause)
    return Unavailable(
        "Conversations cannot be reached at the moment. Please try again soon.", allow_retry=True
    )
