"""A conversation that is mentioned is found, read, and only by its owner."""

from typing import Any

from fastapi.testclient import TestClient

from tests.conftest import Client, answer_of, call, say, stream, thread_of


def mention(client: TestClient, text: str, tag: dict[str, Any]) -> list[dict[str, Any]]:
    content = [
        {"type": "input_text", "text": text},
        {"type": "input_tag", "id": tag["id"], "text": tag["title"], "data": {}},
    ]
    message = {"content": content, "attachments": [], "inference_options": {}}
    return stream(client, "threads.create", input=message)


def test_it_is_found_by_its_title_and_read(visitor: Client) -> None:
    client = visitor()
    thread = thread_of(say(client, "Plan a trip"))
    say(client, "Take <b>Miso</b> along", thread)
    say(client, "Something else")
    (found,) = client.get("/entities", params={"query": "TRIP"}).json()
    assert (found["id"], found["title"]) == (thread, "Plan a trip")
    assert len(client.get("/entities").json()) == 2
    events = mention(client, "Read the chat ", found)
    assert "Take <b>Miso</b> along" in answer_of(events)
    own = thread_of(events)
    assert "Thank you" in answer_of(say(client, "Thank you", own))
    message = call(client, "items.list", thread_id=own, order="asc")["data"][0]
    assert message["content"][1]["text"] == "Plan a trip"


def test_nobody_else_finds_or_reads_it(visitor: Client) -> None:
    thread = thread_of(say(visitor(), "Plan a trip"))
    stranger = visitor()
    assert stranger.get("/entities").json() == []
    for id in (thread, "nothing", ""):
        events = mention(stranger, "Read the chat ", {"id": id, "title": "Plan a trip"})
        assert "Miso" not in str(events)
        assert "no such conversation" in answer_of(events)
