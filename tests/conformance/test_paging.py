"""Lists in pages: nothing is skipped and nothing comes twice."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conformance.backend import Backend, Chat
from tests.conformance.texts import TIME
from tests.conformance.visitor import Visitor
from tests.running import thread_id

pytestmark = pytest.mark.matrix
both_ways = pytest.mark.parametrize("order", ["asc", "desc"])
every_size = pytest.mark.parametrize("limit", [1, 2, 3])
odd_sizes = pytest.mark.parametrize("limit", [0, -5, 10**9, 10**30, None])


@pytest.fixture(scope="module")
def collector(backend: Backend) -> Iterator[Visitor]:
    """Somebody with a handful of threads."""
    with backend.visitor() as visitor:
        for _ in range(4):
            visitor.say(TIME)
        yield visitor


def walk(visitor: Visitor, op: str, limit: int, **params: Any) -> list[str]:
    pages = list(visitor.pages(op, limit=limit, **params))
    assert all(len(page["data"]) <= limit for page in pages)
    return [entry["id"] for page in pages for entry in page["data"]]


@both_ways
@every_size
def test_threads_come_once_and_in_order(collector: Visitor, order: str, limit: int) -> None:
    everything = [thread["id"] for thread in collector.call("threads.list", order="asc")["data"]]
    assert len(set(everything)) == 4
    expected = everything if order == "asc" else everything[::-1]
    assert walk(collector, "threads.list", limit, order=order) == expected


@both_ways
@every_size
def test_items_come_once_and_in_order(chat: Chat, order: str, limit: int) -> None:
    where = {"thread_id": chat.thread, "order": order}
    opened = chat.visitor.call("threads.get_by_id", thread_id=chat.thread)
    everything = [item["id"] for item in opened["items"]["data"]]
    expected = everything if order == "asc" else everything[::-1]
    assert walk(chat.visitor, "items.list", limit, **where) == expected


def test_the_newest_comes_first_unless_asked_otherwise(collector: Visitor, chat: Chat) -> None:
    assert collector.call("threads.list") == collector.call("threads.list", order="desc")
    here = {"thread_id": chat.thread}
    newest = chat.visitor.call("items.list", **here)
    assert newest == chat.visitor.call("items.list", **here, order="desc")
    assert newest["data"][::-1] == chat.items


@both_ways
def test_a_page_after_something_unknown_is_empty(
    collector: Visitor, chat: Chat, order: str
) -> None:
    nothing = {"data": [], "has_more": False}
    thread = collector.all("threads.list")[0]["id"]
    for after in ("unknown", "'; --", "\x00", chat.items[0]["id"], chat.thread):
        assert collector.call("threads.list", after=after, order=order) == nothing
    for after in ("unknown", "'; --", "\x00", chat.thread, thread):
        here = {"thread_id": chat.thread, "order": order}
        assert chat.visitor.call("items.list", **here, after=after) == nothing


@both_ways
def test_a_page_after_the_last_is_empty(collector: Visitor, chat: Chat, order: str) -> None:
    last = collector.all("threads.list", order=order)[-1]["id"]
    assert collector.call("threads.list", after=last, order=order)["data"] == []
    here = {"thread_id": chat.thread, "order": order}
    last = chat.visitor.all("items.list", **here)[-1]["id"]
    assert chat.visitor.call("items.list", **here, after=last)["data"] == []


@odd_sizes
def test_no_size_of_a_page_fails(collector: Visitor, chat: Chat, limit: int | None) -> None:
    for visitor, op, where in [
        (collector, "threads.list", {}),
        (chat.visitor, "items.list", {"thread_id": chat.thread}),
    ]:
        everything = visitor.all(op, **where)
        assert visitor.all(op, **where, limit=limit) == everything
        assert visitor.call(op, **where, limit=limit)["data"]


def test_a_thread_that_grows_while_it_is_read_repeats_nothing(visitor: Visitor) -> None:
    thread = thread_id(visitor.say(TIME))
    before = [item["id"] for item in visitor.items(thread)]
    here = {"thread_id": thread, "order": "desc", "limit": 2}
    first = visitor.call("items.list", **here)
    visitor.say("And now?", thread)
    rest = visitor.all("items.list", **here, after=first["after"])
    assert [item["id"] for item in first["data"] + rest] == before[::-1]
