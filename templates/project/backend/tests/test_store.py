"""What ChatKit and the app expect of a store. A store of your own has to pass this too."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest
from chatkit.store import NotFoundError
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    HiddenContextItem,
    Page,
    Thread,
    ThreadItem,
    ThreadMetadata,
)

from app.config import Settings
from app.identity import User
from app.stores import open_store
from app.stores.chat_store import ChatStore

ANN, BOB = User("ann"), User("bob")
NOW = datetime(2026, 1, 2, 3, 4, 5, 6789)  # ChatKit's own times are naive and local
Check = Callable[[Callable[[ChatStore], Awaitable[None]]], None]


@pytest.fixture
def check(settings: Settings) -> Check:
    def run(body: Callable[[ChatStore], Awaitable[None]]) -> None:
        async def opened() -> None:
            async with open_store(settings) as store:
                await store.save_thread(ThreadMetadata(id="t", created_at=NOW), ANN)
                await body(store)

        asyncio.run(opened())

    return run


def message(id: str, text: str = "hi \x00 \U0001f600") -> AssistantMessageItem:
    content = [AssistantMessageContent(text=text)]
    return AssistantMessageItem(id=id, thread_id="t", created_at=NOW, content=content)


def test_what_goes_in_comes_out(check: Check) -> None:
    async def body(store: ChatStore) -> None:
        thread = ThreadMetadata(id="u", created_at=NOW, title="x", metadata={"k": [1]})
        await store.save_thread(Thread(**thread.model_dump(), items=Page()), ANN)
        assert await store.load_thread("u", ANN) == thread
        hidden = HiddenContextItem(id="h", thread_id="t", created_at=NOW, content={"a": 1})
        items: list[ThreadItem] = [message("m", "x" * 1_000_000), message("n"), hidden]
        for item in items:
            await store.add_thread_item("t", item, ANN)
            assert await store.load_item("t", item.id, ANN) == item

    check(body)


def test_saving_again_changes_the_item_and_keeps_its_place(check: Check) -> None:
    async def body(store: ChatStore) -> None:
        for item in [message("a"), message("b"), message("a", "new")]:
            await store.add_thread_item("t", item, ANN)
        page = await store.load_thread_items("t", None, 10, "asc", ANN)
        assert page.data == [message("a", "new"), message("b")]

    check(body)


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_pages_skip_nothing_and_repeat_nothing(check: Check, order: str) -> None:
    async def body(store: ChatStore) -> None:
        ids = [f"m{n}" for n in range(7)]  # all at the same moment
        for id in ids:
            await store.add_thread_item("t", message(id), ANN)
        seen: list[str] = []
        after: str | None = None
        for _ in range(3):
            page = await store.load_thread_items("t", after, 3, order, ANN)
            seen += [item.id for item in page.data]
            after = page.after
        assert not page.has_more
        assert seen == (ids if order == "asc" else ids[::-1])
        assert (await store.load_thread_items("t", "gone", 3, order, ANN)).data == []

    check(body)


def test_deleting_a_thread_takes_its_items_along(check: Check) -> None:
    async def body(store: ChatStore) -> None:
        await store.add_thread_item("t", message("m"), ANN)
        await store.delete_thread("t", ANN)
        await store.save_thread(ThreadMetadata(id="t", created_at=NOW), ANN)
        assert (await store.load_thread_items("t", None, 10, "asc", ANN)).data == []

    check(body)


def test_another_user_finds_nothing(check: Check) -> None:
    async def body(store: ChatStore) -> None:
        await store.add_thread_item("t", message("m"), ANN)
        attempts: list[Callable[[], Awaitable[Any]]] = [
            lambda: store.load_thread("t", BOB),
            lambda: store.save_thread(ThreadMetadata(id="t", created_at=NOW), BOB),
            lambda: store.delete_thread("t", BOB),
            lambda: store.load_thread_items("t", None, 10, "asc", BOB),
            lambda: store.add_thread_item("t", message("m", "forged"), BOB),
            lambda: store.load_item("t", "m", BOB),
            lambda: store.load_attachment("unknown", ANN),
        ]
        for attempt in attempts:
            with pytest.raises(NotFoundError):
                await attempt()
        assert (await store.load_threads(10, None, "desc", BOB)).data == []
        assert await store.load_item("t", "m", ANN) == message("m")

    check(body)
