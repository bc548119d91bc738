"""The app over its HTTP protocol, with the demo model: no key, no network."""

import asyncio
import json
from typing import Any

import httpx2
import pytest
from chatkit.server import StreamingResult
from fastapi.testclient import TestClient

from app import demo, history
from app.config import Settings
from app.identity import User
from app.llm import build_model
from app.server import ChatServer
from app.stores import open_store
from app.streaming import SSE, drain, open_stream
from tests.conftest import PAGE, Client, answer_of, call, last_item, say, thread_of


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


def test_the_answer_is_streamed_into_its_message(visitor: Client) -> None:
    events = say(visitor(), "one two three")
    updates = [e for e in events if e["type"] == "thread.item.updated"]
    if updates:  # guardrails hold an answer back until it is whole
        assert {e["item_id"] for e in updates} == {last_item(events)["id"]}
        assert "".join(e["update"].get("delta", "") for e in updates) == answer_of(events)


def test_a_long_conversation_keeps_its_newest_messages(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "MAX_ITEMS", 3)
    client = visitor()
    thread = thread_of(say(client, "first"))
    for text in ["second", "third", "fourth"]:
        events = say(client, text, thread)
    assert "fourth" in answer_of(events)
    earlier = answer_of(say(client, "What did I say?", thread))
    assert "fourth" in earlier
    assert "first" not in earlier


def test_a_thread_is_named_after_its_first_message(visitor: Client) -> None:
    client = visitor()
    thread = thread_of(say(client, "Plan a trip"))
    say(client, "and now something else", thread)
    assert call(client, "threads.get_by_id", thread_id=thread)["title"] == "Plan a trip"


def test_half_an_answer_is_kept_when_the_user_leaves(settings: Settings) -> None:
    async def leave() -> list[str]:
        async with open_store(settings) as store:
            server = ChatServer(store, build_model(settings), settings)
            message: dict[str, Any] = {
                "content": [{"type": "input_text", "text": "one two three"}],
                "attachments": [],
                "inference_options": {},
            }
            body = json.dumps({"type": "threads.create", "params": {"input": message}})
            result = await server.process(body, User("ann"))
            assert isinstance(result, StreamingResult)
            stream = await open_stream(result, SSE)
            async for chunk in stream:
                if b"text_delta" in chunk:
                    break
            await stream.aclose()
            await drain()
            (thread,) = (await store.load_threads(1, None, "desc", User("ann"))).data
            page = await store.load_thread_items(thread.id, None, 10, "asc", User("ann"))
            return [item.type for item in page.data]

    assert asyncio.run(leave()) == ["user_message", "assistant_message", "sdk_hidden_context"]


def test_a_model_that_fails_is_an_apology_and_not_a_leak(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> httpx2.Response:
        return httpx2.Response(401, json={"error": {"message": "wrong key sk-secret"}})

    monkeypatch.setattr(demo.DemoProvider, "handle_async_request", refuse)
    (error,) = [e for e in say(visitor(), "hello") if e["type"] == "error"]
    assert error["code"] == "custom"
    assert error["allow_retry"] is False
    assert "secret" not in str(error)


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


def test_what_is_not_offered_says_so(visitor: Client) -> None:
    client = visitor()
    thread = thread_of(say(client, "hello"))
    action = {"thread_id": thread, "action": {"type": "x", "payload": {}}}
    body = {"type": "threads.custom_action", "params": action}
    assert '"code":"custom"' in client.post("/chatkit", json=body).text
    for op, params in [
        ("threads.sync_custom_action", action),
        ("input.transcribe", {"audio_base64": "", "mime_type": "audio/webm"}),
    ]:
        response = client.post("/chatkit", json={"type": op, "params": params})
        assert response.status_code == 422, op


def test_feedback_needs_a_message_that_exists(visitor: Client) -> None:
    client = visitor()
    events = say(client, "hello")
    good = {"thread_id": thread_of(events), "kind": "positive"}
    assert call(client, "items.feedback", item_ids=[last_item(events)["id"]], **good) == {}
    body = {"type": "items.feedback", "params": {"item_ids": ["unknown"], **good}}
    assert client.post("/chatkit", json=body).status_code == 404


def test_only_known_pages_may_read_the_answers_and_they_may_read_errors(visitor: Client) -> None:
    for status, body in [(200, '{"type":"threads.list","params":{}}'), (400, "{}")]:
        for origin, allowed in [(PAGE, PAGE), ("https://evil.example", None)]:
            response = visitor().post("/chatkit", content=body, headers={"Origin": origin})
            assert response.status_code == status
            assert response.headers.get("access-control-allow-origin") == allowed
