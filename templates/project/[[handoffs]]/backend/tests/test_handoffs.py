"""The demo model hands over when a message says so: to `transfer_to_writer`, for example."""

import pytest

from app.tools.handoffs import SPECIALISTS
from tests.conftest import Client, answer_of, call, say, thread_of


@pytest.mark.parametrize("name", SPECIALISTS)
def test_a_specialist_takes_over_and_answers(visitor: Client, name: str) -> None:
    client = visitor()
    events = say(client, f"I need a {name.lower()}")
    assert f"{name} takes over" in [e.get("text") for e in events]
    assert name in answer_of(events)
    thread = thread_of(events)
    again = say(client, "Thank you", thread)
    assert "Thank you" in answer_of(again)
    done = [e["item"]["id"] for e in events + again if e["type"] == "thread.item.done"]
    kept = call(client, "items.list", thread_id=thread, order="asc")["data"]
    assert [item["id"] for item in kept] == done


def test_the_triage_answers_the_rest_itself(visitor: Client) -> None:
    events = say(visitor(), "I want to go to Rome")
    assert "takes over" not in str(events)
    assert "Rome" in answer_of(events)
