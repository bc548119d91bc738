"""Visitors leave in the middle of an answer: what was said stays, and the next turn works."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

import httpx
import pytest

from tests.conformance.backend import Backend
from tests.conformance.texts import LONG, TIME
from tests.conformance.visitor import Item, Visitor, deltas, speakers, turn, words
from tests.running import answer, body, thread_id

pytestmark = pytest.mark.matrix
PATIENCE = 20.0  # seconds until something that should happen has not happened
Found = TypeVar("Found")


def eventually(look: Callable[[], Found]) -> Found:
    deadline = time.monotonic() + PATIENCE
    while not (found := look()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert found
    return found


def replies(visitor: Visitor, thread: str) -> list[Item]:
    return [item for item in visitor.items(thread) if item["type"] == "assistant_message"]


def test_what_was_said_is_kept(backend: Backend, visitor: Visitor) -> None:
    events = visitor.leave(LONG)
    thread = thread_id(events)
    (reply,) = eventually(lambda: replies(visitor, thread))
    assert words(reply).startswith(deltas(events))
    if backend.generated:
        assert len(words(reply)) < len(LONG)
    added = next(e["item"]["id"] for e in events if e["type"] == "thread.item.added")
    assert reply["id"] == added


def test_nothing_is_lost_when_many_leave(backend: Backend) -> None:
    def leave(_: int) -> bool:
        with backend.visitor() as visitor:
            events = visitor.leave(LONG)
            (reply,) = eventually(lambda: replies(visitor, thread_id(events)))
            return words(reply).startswith(deltas(events))

    with ThreadPoolExecutor(10) as pool:
        assert all(pool.map(leave, range(10)))


def test_the_next_turn_works_at_once(visitor: Visitor) -> None:
    thread = thread_id(visitor.say(TIME))
    visitor.leave(LONG, thread)
    assert answer(visitor.say("And now?", thread))
    assert speakers(visitor.items(thread)) == ["user", "assistant"] * 3


def test_the_next_turn_works_at_once_in_a_new_thread(visitor: Visitor) -> None:
    thread = thread_id(visitor.leave(LONG))
    assert answer(visitor.say("And now?", thread))
    assert speakers(visitor.items(thread)) == ["user", "assistant"] * 2


@pytest.mark.parametrize("is_new", [False, True])
def test_a_retry_works_at_once(visitor: Visitor, is_new: bool) -> None:
    thread = None if is_new else thread_id(visitor.say(TIME))
    events = visitor.leave(LONG, thread)
    thread = thread or thread_id(events)
    question = next(e["item"]["id"] for e in events if e["type"] == "thread.item.done")
    partial = next(e["item"]["id"] for e in events if e["type"] == "thread.item.added")
    with visitor.listen("threads.retry_after_item", thread_id=thread, item_id=question) as stream:
        assert next(stream)["type"] == "stream_options"
    visitor.say("And now?", thread)
    assert partial not in [item["id"] for item in visitor.items(thread)]
    assert speakers(visitor.items(thread))[-2:] == ["user", "assistant"]


def test_leaving_before_the_first_word_breaks_nothing(visitor: Visitor) -> None:
    op, params = turn(TIME)
    with visitor.listen(op, **params) as stream:
        thread = thread_id([next(stream)])
    assert answer(visitor.say("And now?", thread))
    assert speakers(visitor.items(thread))[-1] == "assistant"


def test_leaving_while_another_answer_is_on_its_way_blocks_nobody(visitor: Visitor) -> None:
    thread = thread_id(visitor.say(TIME))
    op, params = turn(LONG, thread)
    with visitor.listen(op, **params) as stream:
        next(stream)
        op, params = turn("Never mind", thread)
        with suppress(httpx.ReadTimeout):
            visitor.client.post(visitor.url, json=body(op, **params), timeout=0.2)
    assert answer(visitor.say("And now?", thread))
    assert speakers(visitor.items(thread))[-2:] == ["user", "assistant"]
