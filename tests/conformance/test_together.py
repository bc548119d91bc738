"""Several windows at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.conformance.backend import Backend
from tests.conformance.texts import LONG, TIME
from tests.conformance.visitor import Event, Visitor, refusal, speakers, turn
from tests.running import answer, thread_id

pytestmark = pytest.mark.matrix


def at_once(*works: Callable[[], list[Event]]) -> list[list[Event]]:
    barrier = Barrier(len(works))

    def start(work: Callable[[], list[Event]]) -> list[Event]:
        barrier.wait(60)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(start, works))


def say(visitor: Visitor, text: str, thread: str | None = None) -> Callable[[], list[Event]]:
    return lambda: visitor.say(text, thread)


def test_turns_in_one_thread_follow_each_other(backend: Backend, visitor: Visitor) -> None:
    thread = thread_id(visitor.say(TIME))
    texts = ["one", "two", "three"]
    turns = at_once(*(say(visitor, text, thread) for text in texts))
    assert all(answer(events) for events in turns)
    assert speakers(visitor.items(thread)) == ["user", "assistant"] * (1 + len(texts))
    if backend.generated:
        assert all(text in answer(said) for text, said in zip(texts, turns, strict=True))


def test_the_second_turn_waits_for_the_first(visitor: Visitor) -> None:
    op, params = turn("Hi")
    with visitor.listen(op, **params) as stream, ThreadPoolExecutor(1) as pool:
        thread = thread_id([next(stream)])
        second = pool.submit(visitor.say, "And now?", thread)
        first = list(stream)
    assert answer(first)
    assert answer(second.result())
    assert speakers(visitor.items(thread)) == ["user", "assistant"] * 2


def test_new_threads_do_not_wait_for_each_other(visitor: Visitor) -> None:
    visitor.call("threads.list")  # the cookie, so that both come from one visitor
    op, params = turn(LONG)
    with visitor.listen(op, **params) as stream:
        slow = thread_id([next(stream)])
        quick = visitor.say(TIME)
        # What is half said is not listed yet.
        assert speakers(visitor.items(slow)) == ["user"]
    assert speakers(visitor.items(thread_id(quick))) == ["user", "assistant"]


def test_visitors_do_not_wait_for_each_other(backend: Backend, visitor: Visitor) -> None:
    op, params = turn(LONG)
    with visitor.listen(op, **params) as stream, backend.visitor() as other:
        slow = thread_id([next(stream)])
        assert answer(other.say(TIME))
        assert speakers(visitor.items(slow)) == ["user"]


def test_a_thread_can_be_read_while_it_is_answered(visitor: Visitor) -> None:
    op, params = turn(LONG)
    with visitor.listen(op, **params) as stream:
        thread = thread_id([next(stream)])
        assert next(stream)["type"] == "thread.item.done"
        opened = visitor.call("threads.get_by_id", thread_id=thread)
        assert speakers(opened["items"]["data"]) == ["user"]
        assert [t["id"] for t in visitor.all("threads.list")] == [thread]


@pytest.mark.parametrize("last", ["stream_options", "thread.item.updated"])
def test_a_thread_deleted_while_it_is_answered_stays_deleted(visitor: Visitor, last: str) -> None:
    op, params = turn(TIME)
    with visitor.listen(op, **params) as stream:
        thread = thread_id([next(stream)])
        assert any(event["type"] == last for event in stream)
        visitor.call("threads.delete", thread_id=thread)
        list(stream)
    assert visitor.call("threads.list")["data"] == []
    refusal(visitor.send("threads.get_by_id", thread_id=thread), 404)
    refusal(visitor.send("items.list", thread_id=thread), 404)


@pytest.mark.parametrize("last", ["stream_options", "thread.item.updated"])
def test_a_name_given_while_it_is_answered_stays(visitor: Visitor, last: str) -> None:
    op, params = turn(TIME)
    with visitor.listen(op, **params) as stream:
        thread = thread_id([next(stream)])
        assert any(event["type"] == last for event in stream)
        visitor.call("threads.update", thread_id=thread, title="Mine")
        list(stream)
    assert visitor.call("threads.get_by_id", thread_id=thread)["title"] == "Mine"
