"""The demo model calls the tool whose name shares most words with a message."""

import json

from tests.conftest import Client, answer_of, call, say, thread_of


def test_current_time(visitor: Client) -> None:
    assert "UTC" in answer_of(say(visitor(), "What time is it?"))
    assert "no time zone called 'Mars'" in answer_of(say(visitor(), "The time in 'Mars'?"))


def test_recent_chats_are_those_of_the_one_who_asks(visitor: Client) -> None:
    owner, stranger = visitor(), visitor()
    say(owner, "Plan a trip")
    assert "Plan a trip" in answer_of(say(owner, "List my recent talks"))
    assert "Plan a trip" not in answer_of(say(stranger, "List my recent talks"))


def test_messages_are_found_and_shown_and_stay_in_the_thread(visitor: Client) -> None:
    owner, stranger = visitor(), visitor()
    say(owner, "My cat <b>Miso</b> likes fish")
    say(owner, "Something else")
    question = "Find messages with 'miso cat'"
    events = say(owner, question)
    progress = [e["text"] for e in events if e["type"] == "progress_update"]
    assert progress == ["Reading chat 1 of 3", "Reading chat 2 of 3", "Reading chat 3 of 3"]
    items = call(owner, "items.list", thread_id=thread_of(events), order="asc")["data"]
    (widget,) = [item["widget"] for item in items if item["type"] == "widget"]
    assert "<b>Miso</b> likes fish" in json.dumps(widget)
    assert "Something else" not in json.dumps(widget)
    assert "likes fish" in answer_of(events)
    again = say(owner, "Thank you", thread_of(events))
    assert "error" not in {event["type"] for event in again}
    assert "No other" in answer_of(say(stranger, question))
