"""A store in dictionaries that keeps an account of what the SDK asks of it."""

# ruff: noqa: ARG002 - the SDK sets the parameters, whether a test needs them or not

from collections.abc import Iterable
from typing import TypeVar

from chatkit.store import NotFoundError, Store
from chatkit.types import Attachment, Page, ThreadItem, ThreadMetadata

from tests.facts.items import THREAD, thread

Row = TypeVar("Row", ThreadMetadata, ThreadItem)


class DictStore(Store[None]):
    def __init__(self, *items: ThreadItem) -> None:
        self.threads = {THREAD: thread()}
        self.items: dict[str, dict[str, ThreadItem]] = {THREAD: {i.id: i for i in items}}
        self.attachments: dict[str, Attachment] = {}
        self.calls: list[str] = []
        self.pages: list[tuple[str | None, int, str]] = []  # after, limit, order
        self.added: list[ThreadItem] = []
        self.saved: list[ThreadMetadata] = []

    def told(self, thread_id: str = THREAD) -> list[ThreadItem]:
        """The items of a thread, oldest first, without a call on the account."""
        return list(self.items.get(thread_id, {}).values())

    async def load_thread(self, thread_id: str, context: None) -> ThreadMetadata:
        self.calls.append("load_thread")
        if thread_id not in self.threads:
            raise NotFoundError(thread_id)
        return self.threads[thread_id].model_copy(deep=True)

    async def save_thread(self, thread: ThreadMetadata, context: None) -> None:
        self.calls.append("save_thread")
        self.saved.append(thread)
        self.threads[thread.id] = ThreadMetadata(**thread.model_dump(exclude={"items"}))

    async def load_threads(
        self, limit: int, after: str | None, order: str, context: None
    ) -> Page[ThreadMetadata]:
        self.calls.append("load_threads")
        return page(self.threads.values(), limit, after, order)

    async def delete_thread(self, thread_id: str, context: None) -> None:
        self.calls.append("delete_thread")
        self.threads.pop(thread_id, None)
        self.items.pop(thread_id, None)

    async def load_thread_items(
        self, thread_id: str, after: str | None, limit: int, order: str, context: None
    ) -> Page[ThreadItem]:
        self.calls.append("load_thread_items")
        self.pages.append((after, limit, order))
        return page(self.told(thread_id), limit, after, order)

    async def add_thread_item(self, thread_id: str, item: ThreadItem, context: None) -> None:
        self.calls.append("add_thread_item")
        self.added.append(item)
        self.items.setdefault(thread_id, {})[item.id] = item.model_copy(deep=True)

    async def save_item(self, thread_id: str, item: ThreadItem, context: None) -> None:
        self.calls.append("save_item")
        self.items.setdefault(thread_id, {})[item.id] = item.model_copy(deep=True)

    async def load_item(self, thread_id: str, item_id: str, context: None) -> ThreadItem:
        self.calls.append("load_item")
        if item_id not in self.items.get(thread_id, {}):
            raise NotFoundError(item_id)
        return self.items[thread_id][item_id].model_copy(deep=True)

    async def delete_thread_item(self, thread_id: str, item_id: str, context: None) -> None:
        self.calls.append("delete_thread_item")
        self.items.get(thread_id, {}).pop(item_id, None)

    async def save_attachment(self, attachment: Attachment, context: None) -> None:
        self.calls.append("save_attachment")
        self.attachments[attachment.id] = attachment

    async def load_attachment(self, attachment_id: str, context: None) -> Attachment:
        self.calls.append("load_attachment")
        if attachment_id not in self.attachments:
            raise NotFoundError(attachment_id)
        return self.attachments[attachment_id]

    async def delete_attachment(self, attachment_id: str, context: None) -> None:
        self.calls.append("delete_attachment")
        self.attachments.pop(attachment_id, None)


def page(rows: Iterable[Row], limit: int, after: str | None, order: str) -> Page[Row]:
    ordered = list(rows)
    if order == "desc":
        ordered.reverse()
    ids = [row.id for row in ordered]
    start = ids.index(after) + 1 if after else 0
    data = [row.model_copy(deep=True) for row in ordered[start : start + limit]]
    return Page(data=data, has_more=len(ids) > start + limit, after=data[-1].id if data else None)
