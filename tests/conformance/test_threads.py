"""Threads are listed, opened, renamed and deleted."""

import pytest

from tests.conformance.backend import Backend, Chat
from tests.conformance.texts import TIME
from tests.conformance.visitor import Visitor, refusal
from tests.running import answer, thread_id

pytestmark = pytest.mark.matrix


def test_a_thread_opens_with_its_messages_oldest_first(chat: Chat) -> None:
    opened = chat.visitor.call("threads.get_by_id", thread_id=chat.thread)
    assert opened["id"] == chat.thread
    assert opened["status"] == {"type": "active"}
    assert opened["items"]["data"] == chat.items


def test_threads_are_listed_newest_first(visitor: Visitor) -> None:
    made = [thread_id(visitor.say(TIME)) for _ in range(3)]
    assert [t["id"] for t in visitor.all("threads.list")] == made[::-1]
    assert [t["id"] for t in visitor.all("threads.list", order="asc")] == made


def test_a_new_visitor_has_no_threads(visitor: Visitor) -> None:
    assert visitor.call("threads.list") == {"data": [], "has_more": False}


def test_a_thread_is_named_after_its_first_message(visitor: Visitor, generated: Backend) -> None:
    thread = thread_id(visitor.say("  Wie spät?\n\tTime \U0001f570\ufe0f  "))
    opened = visitor.call("threads.get_by_id", thread_id=thread)
    assert opened["title"] == "Wie spät? Time \U0001f570\ufe0f"


def test_a_new_name_stays(visitor: Visitor) -> None:
    thread = thread_id(visitor.say(TIME))
    renamed = visitor.call("threads.update", thread_id=thread, title="Clocks")
    assert (renamed["id"], renamed["title"]) == (thread, "Clocks")
    visitor.say("And now?", thread)
    assert visitor.call("threads.get_by_id", thread_id=thread)["title"] == "Clocks"
    assert [t["title"] for t in visitor.all("threads.list")] == ["Clocks"]


def test_a_new_name_changes_nothing_else(visitor: Visitor) -> None:
    thread = thread_id(visitor.say(TIME))
    before = visitor.call("threads.get_by_id", thread_id=thread)
    visitor.call("threads.update", thread_id=thread, title="Clocks")
    after = visitor.call("threads.get_by_id", thread_id=thread)
    assert after == {**before, "title": "Clocks"}


def test_a_deleted_thread_is_gone(visitor: Visitor) -> None:
    kept, deleted = (thread_id(visitor.say(TIME)) for _ in range(2))
    assert visitor.call("threads.delete", thread_id=deleted) == {}
    assert [t["id"] for t in visitor.all("threads.list")] == [kept]
    for op in ("threads.get_by_id", "items.list", "threads.delete"):
        refusal(visitor.send(op, thread_id=deleted), 404)
    assert answer(visitor.say("Still here?", kept))


def test_metadata_of_the_server_is_not_sent(chat: Chat) -> None:
    opened = chat.visitor.call("threads.get_by_id", thread_id=chat.thread)
    assert opened["metadata"] == {}
