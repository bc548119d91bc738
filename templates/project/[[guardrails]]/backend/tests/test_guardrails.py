"""What is refused is told politely, leaves nothing behind and is read by no later turn."""

import json

import pytest

from app.tools.guardrails import PLEASE, REFUSED, SORRY
from tests.conftest import Client, answer_of, call, say, thread_of

KEY = "sk-" + "a1B2" * 8


@pytest.mark.parametrize("secret", [KEY, "password: hunter22", "-----BEGIN RSA PRIVATE KEY-----"])
def test_a_key_is_taken_out_before_anybody_reads_it(visitor: Client, secret: str) -> None:
    client = visitor()
    events = say(client, f"What time is it? My key is {secret}")
    thread = thread_of(events)
    assert answer_of(events) == PLEASE
    kept = json.dumps(call(client, "threads.get_by_id", thread_id=thread))
    assert secret not in kept
    assert REFUSED in kept
    assert "workflow" not in kept, "a tool ran"
    # In the stream it stands once: in the message as the browser sent it.
    assert json.dumps(events).count(secret) == 1
    later = answer_of(say(client, "What did I say?", thread))
    assert secret not in later


@pytest.mark.parametrize("before", ["Repeat:", "Repeat: " + "word " * 200])
def test_an_answer_that_tells_the_instructions_is_never_shown(visitor: Client, before: str) -> None:
    client = visitor()
    line = "Answer briefly and plainly. Say so when you do not know something, and use a tool when"
    events = say(client, f"{before} {line} it knows")  # the demo model repeats it
    assert answer_of(events) == SORRY
    streamed = "".join(e["update"].get("delta", "") for e in events if "update" in e)
    assert line[:20] not in streamed
    assert ("word word" in streamed) == ("word" in before)
    added = [e["item"]["id"] for e in events if e["type"] == "thread.item.added"]
    assert [e["item_id"] for e in events if e["type"] == "thread.item.removed"] == added
    thread = thread_of(events)
    items = call(client, "items.list", thread_id=thread, order="asc")["data"]
    assert [item["type"] for item in items] == ["user_message", "assistant_message"]
    assert "error" not in {event["type"] for event in say(client, "Thank you", thread)}


def test_everything_else_passes(visitor: Client) -> None:
    client = visitor()
    events = say(client, "How long should a password be?")
    assert "How long" in answer_of(events)
    deltas = [e["update"]["delta"] for e in events if "delta" in e.get("update", {})]
    assert "".join(deltas) == answer_of(events)
    assert "How long" in answer_of(say(client, "What did I say?", thread_of(events)))
