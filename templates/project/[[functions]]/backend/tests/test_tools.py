"""The demo model calls a tool when a message holds a word of its name."""

from tests.conftest import Client, answer_of, say


def test_current_time(visitor: Client) -> None:
    assert "UTC" in answer_of(say(visitor(), "What time is it?"))


def test_recent_chats_are_those_of_the_one_who_asks(visitor: Client) -> None:
    owner, stranger = visitor(), visitor()
    say(owner, "Plan a trip")
    assert "Plan a trip" in answer_of(say(owner, "List my recent talks"))
    assert "Plan a trip" not in answer_of(say(stranger, "List my recent talks"))
