"""Pages of threads and items, and rows on their way to another store: in order, each once."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from datetime import timedelta, timezone
from typing import Any

import pytest
from chatkit.store import NotFoundError
from chatkit.types import Page, ThreadItem, ThreadMetadata

from app.identity import User
from app.stores.chat_store import ChatStore
from app.stores.rows import Row, Table
from tests.samples import LATER, NOW, add, begin, make

pytestmark = pytest.mark.anyio


async def walk(load: Callable[[str | None], Awaitable[Page[Any]]]) -> list[str]:
    """The ids on all pages."""
    ids: list[str] = []
    cursors: list[str | None] = [None]
    while True:
        page = await load(cursors[-1])
        assert page.data or cursors == [None], "there was to be more"
        ids += [entry.id for entry in page.data]
        if not page.has_more:
            return ids
        assert page.after not in cursors, "the pages go round in circles"
        cursors.append(page.after)


async def items(store: ChatStore, user: User, thread: str, order: str = "asc") -> list[str]:
    return await walk(lambda after: store.load_thread_items(thread, after, 3, order, user))


async def threads(store: ChatStore, user: User, order: str = "asc") -> list[str]:
    return await walk(lambda after: store.load_threads(3, after, order, user))


async def all_rows(store: ChatStore, table: Table, user: User) -> list[Row]:
    found: list[Row] = []
    place = 0
    while batch := await store.rows(table, place, 50):
        places = [place, *(row.place for row in batch)]
        assert places == sorted(set(places))
        place = places[-1]
        found += [row for row in batch if row.key["user_id"] == user.id]
    return found


@pytest.mark.parametrize("size", [0, 1, 3, 4, 7])
async def test_pages_skip_nothing_and_repeat_nothing(
    store: ChatStore, ann: User, thread: str, size: int
) -> None:
    ids = [f"m{n}" for n in range(size)]
    await add(store, ann, thread, *ids)  # all at the same moment
    assert await items(store, ann, thread) == ids
    assert await items(store, ann, thread, "desc") == ids[::-1]
    begun = [thread, *[await begin(store, ann) for _ in ids]]
    assert await threads(store, ann) == begun
    assert await threads(store, ann, "desc") == begun[::-1]


async def test_saving_again_changes_an_item_where_it_stands(
    store: ChatStore, ann: User, thread: str
) -> None:
    await add(store, ann, thread, "a", "b")
    for save in (store.save_item, store.add_thread_item):
        changed = make("sdk_hidden_context", thread, "a", LATER, content=save.__name__)
        await save(thread, changed, ann)
        assert await store.load_item(thread, "a", ann) == changed
    assert await items(store, ann, thread) == ["a", "b"]
    await store.save_item(thread, make("end_of_turn", thread, "c"), ann)
    assert await items(store, ann, thread) == ["a", "b", "c"]


async def test_saving_again_changes_a_thread_where_it_stands(
    store: ChatStore, ann: User, thread: str
) -> None:
    other = await begin(store, ann)
    await add(store, ann, thread, "a")
    await store.save_thread(ThreadMetadata(id=thread, created_at=LATER, title="new"), ann)
    assert (await store.load_thread(thread, ann)).title == "new"
    assert await threads(store, ann) == [thread, other]
    assert await items(store, ann, thread) == ["a"]


async def test_time_comes_before_arrival(store: ChatStore, ann: User, thread: str) -> None:
    zone = timezone(timedelta(hours=9))
    moment = NOW.astimezone()  # what a naive time means
    await add(store, ann, thread, "later", at=moment + timedelta(microseconds=1))
    await add(store, ann, thread, "now", at=NOW)
    await add(store, ann, thread, "elsewhere", at=moment.astimezone(zone))
    await add(store, ann, thread, "earlier", at=moment.astimezone(zone) - timedelta(microseconds=1))
    assert await items(store, ann, thread) == ["earlier", "now", "elsewhere", "later"]


@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_pages_stay_whole_while_others_write(
    store: ChatStore, ann: User, thread: str, order: str
) -> None:
    ids = [f"m{n}" for n in range(20)]
    await add(store, ann, thread, *ids)
    numbers = itertools.count()

    async def read(after: str | None) -> Page[ThreadItem]:
        n = next(numbers)
        page, _, _ = await asyncio.gather(
            store.load_thread_items(thread, after, 3, order, ann),
            add(store, ann, thread, f"old{n}", at=NOW - timedelta(hours=1)),
            add(store, ann, thread, f"new{n}", at=LATER),
        )
        return page

    seen = await walk(read)
    assert len(seen) > len(ids), "nothing was written meanwhile"
    assert len(set(seen)) == len(seen)
    assert [id for id in seen if id in ids] == (ids if order == "asc" else ids[::-1])


async def test_a_cursor_that_is_gone_or_foreign_leads_nowhere(
    store: ChatStore, ann: User, bob: User, thread: str
) -> None:
    await add(store, ann, thread, "a", "b", "c")
    await store.delete_thread_item(thread, "b", ann)
    other, bobs = await begin(store, ann), await begin(store, bob)
    await add(store, ann, other, "d")
    for order in ["asc", "desc"]:
        for after in ["b", "d", "gone", "\x00"]:
            page = await store.load_thread_items(thread, after, 10, order, ann)
            assert (page.data, page.has_more) == ([], False)
        for after in [bobs, "gone"]:
            assert (await store.load_threads(10, after, order, ann)).data == []


@pytest.mark.parametrize(("limit", "size"), [(-5, 1), (0, 1), (10**9, 100)])
async def test_pages_have_a_sane_size(
    store: ChatStore, ann: User, thread: str, limit: int, size: int
) -> None:
    await add(store, ann, thread, *[f"m{n}" for n in range(101)])
    page = await store.load_thread_items(thread, None, limit, "asc", ann)
    assert (len(page.data), page.has_more) == (size, True)


async def test_rows_come_in_order_and_stay_in_order(
    store: ChatStore, ann: User, bob: User, thread: str
) -> None:
    await add(store, ann, thread, "c", "a", "b")
    [moved] = await all_rows(store, "threads", ann)
    rows = await all_rows(store, "items", ann)
    assert moved.key == {"user_id": ann.id, "id": thread}
    assert [row.key["id"] for row in rows] == ["c", "a", "b"]
    assert {row.created_at for row in rows} == {NOW.astimezone()}
    copy = store.generate_thread_id(bob)
    key = {"user_id": bob.id, "thread_id": copy}
    for _ in range(2):  # broken off and begun again
        await store.put_rows("threads", [moved._replace(key={"user_id": bob.id, "id": copy})])
        await store.put_rows("items", [row._replace(key=row.key | key) for row in rows])
    assert await items(store, bob, copy) == ["c", "a", "b"]
    copies = await all_rows(store, "items", bob)
    assert [(row.created_at, row.data) for row in copies] == [
        (row.created_at, row.data) for row in rows
    ]


async def test_no_row_is_put_after_one_that_cannot(
    store: ChatStore, ann: User, bob: User, thread: str
) -> None:
    await add(store, ann, thread, "a")
    [row] = await all_rows(store, "items", ann)
    both = thread, await begin(store, bob)
    keys = [{"user_id": bob.id, "thread_id": place, "id": "b"} for place in both]
    with pytest.raises(NotFoundError):
        await store.put_rows("items", [row._replace(key=key) for key in keys])
    assert await all_rows(store, "items", bob) == []


async def test_feedback_and_attachments_have_rows(store: ChatStore, ann: User, thread: str) -> None:
    await add(store, ann, thread, "a", "b")
    for id in ("b", "a"):
        await store.save_feedback(thread, id, "positive", ann)
        await store.put("attachments", NOW, "{}", user_id=ann.id, id=thread + id)
    feedback = await all_rows(store, "feedback", ann)
    assert [(row.key["id"], row.data) for row in feedback] == [("b", "positive"), ("a", "positive")]
    attachments = await all_rows(store, "attachments", ann)
    assert [row.key["id"] for row in attachments] == [thread + "b", thread + "a"]
