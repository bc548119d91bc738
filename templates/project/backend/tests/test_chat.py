"""The app over its HTTP protocol, with the demo model: no key, no network."""

from typing import Any

from fastapi.testclient import TestClient

from tests.conftest import Client, answer_of, call, say, thread_of


def test_it_remembers_the_conversation(visitor: Client) -> None:
    client = visitor()
    thread = thread_of(say(client, "My cat is called Miso."))
    assert "Miso" in answer_of(say(client, "What did I say?", thread))


def test_every_message_keeps_its_own_id_and_place(visitor: Client) -> None:
    client = visitor()
    events = say(client, "one")
    thread = thread_of(events)
    events += say(client, "two", thread)
    streamed = [e["item"]["id"] for e in events if e["type"] == "thread.item.done"]
    items = call(client, "items.list", thread_id=thread, order="asc")["data"]
    assert [item["id"] for item in items] == streamed
    assert len(set(streamed)) == 4
    updated = {e["item_id"] for e in events if e["type"] == "thread.item.updated"}
    assert updated <= set(streamed)


def test_a_thread_is_named_after_its_first_message(visitor: Client) -> None:
    client = visitor()
    thread = thread_of(say(client, "Plan a trip"))
    say(client, "and now something else", thread)
    assert call(client, "threads.get_by_id", thread_id=thread)["title"] == "Plan a trip"


def test_nobody_reaches_the_thread_of_another(visitor: Client) -> None:
    owner, stranger = visitor(), visitor()
    thread = thread_of(say(owner, "a secret"))
    item = call(owner, "items.list", thread_id=thread)["data"][0]["id"]
    message: dict[str, Any] = {"content": [], "attachments": [], "inference_options": {}}
    attempts: list[tuple[str, dict[str, Any]]] = [
        ("threads.get_by_id", {}),
        ("threads.update", {"title": "mine"}),
        ("threads.delete", {}),
        ("threads.add_user_message", {"input": message}),
        ("threads.retry_after_item", {"item_id": item}),
        ("threads.custom_action", {"action": {"type": "x", "payload": {}}}),
        ("threads.add_client_tool_output", {"result": 1}),
        ("items.list", {}),
        ("items.feedback", {"item_ids": [item], "kind": "positive"}),
    ]
    for op, params in attempts:
        body = {"type": op, "params": {"thread_id": thread, **params}}
        assert stranger.post("/chatkit", json=body).status_code == 404, op
    assert call(stranger, "threads.list")["data"] == []
    assert call(owner, "threads.get_by_id", thread_id=thread)["title"] == "a secret"


def test_nonsense_is_refused_and_not_a_crash(visitor: Client) -> None:
    client: TestClient = visitor()
    for body in [b"", b"{}", b"[1]", b'{"type": "no.such.thing"}', b"\xff"]:
        assert client.post("/chatkit", content=body).status_code == 400, body
    assert client.post("/chatkit", content=b"x" * 2_000_000).status_code == 413
    unknown = {"type": "threads.get_by_id", "params": {"thread_id": "thread_unknown"}}
    assert client.post("/chatkit", json=unknown).status_code == 404
