"""How a stream travels."""

import pytest

from tests.conformance.backend import Backend
from tests.conformance.texts import TIME
from tests.conformance.visitor import Visitor, kinds, lines
from tests.running import body, message, parse

pytestmark = pytest.mark.matrix


def test_server_sent_events_say_what_they_are(visitor: Visitor) -> None:
    response = visitor.send("threads.create", input=message(TIME))
    assert response.headers["content-type"].split(";")[0] == "text/event-stream"
    assert response.text.endswith("\n\n")
    assert all(isinstance(event["type"], str) for event in parse(response.text))


def test_nothing_on_the_way_holds_a_stream_back(visitor: Visitor, generated: Backend) -> None:
    headers = visitor.send("threads.create", input=message(TIME)).headers
    assert headers["cache-control"] == "no-cache, no-transform"
    assert headers["x-accel-buffering"] == "no"
    assert "content-encoding" not in headers


def test_every_answer_has_a_request_id_of_its_own(visitor: Visitor, generated: Backend) -> None:
    answers = [
        visitor.send("threads.list"),
        visitor.send("threads.get_by_id", thread_id="thread_unknown"),
        visitor.send("threads.create", input=message(TIME)),
        visitor.post(b"["),
    ]
    ids = [response.headers["x-request-id"] for response in answers]
    assert len(set(ids)) == len(ids)


def test_ndjson_has_the_same_events(visitor: Visitor, generated: Backend) -> None:
    # Each event on a line of its own, for a client that has no parser for server-sent events.
    events = visitor.say(TIME)
    accept = {"accept": "application/x-ndjson"}
    request = body("threads.create", input=message(TIME))
    response = visitor.client.post(visitor.url, json=request, headers=accept)
    assert response.headers["content-type"].split(";")[0] == "application/x-ndjson"
    assert response.text.endswith("\n")
    assert kinds(lines(response.text)) == kinds(events)
