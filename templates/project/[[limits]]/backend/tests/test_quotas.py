"""Who asks for too much is told so, and when to come back. Others go on."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from app import counters, demo
from app.config import Settings
from app.counters import Counters, open_counters
from app.main import create_app
from app.quotas import network
from tests.conftest import PAGE, Client, call, say, thread_of, where_is
from tests.login import log_in


def turn(text: str) -> dict[str, Any]:
    content = [{"type": "input_text", "text": text}]
    message = {"content": content, "attachments": [], "inference_options": {}}
    return {"type": "threads.create", "params": {"input": message}}


def refused(client: TestClient, body: dict[str, Any], status: int = 429) -> dict[str, str]:
    response = client.post("/chatkit", json=body, headers={"Origin": PAGE})
    assert response.status_code == status, response.text
    assert response.json()["error"]["status"] == status
    assert response.headers["access-control-allow-origin"] == PAGE
    return dict(response.headers)


def test_requests_have_a_bound_for_each_user_and_address(
    visitor: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    settings.requests_per_minute, settings.address_share = 2, 2
    ann, bob, cat = visitor(), visitor(), visitor()
    listing = {"type": "threads.list", "params": {}}
    for client in (ann, bob):
        for _ in range(2):
            call(client, "threads.list")
    assert 1 <= int(refused(ann, listing)["retry-after"]) <= 60
    assert "Refused user/" in caplog.text
    assert "Refused address/" not in caplog.text
    refused(cat, listing)  # at the same address
    assert "Refused address/" in caplog.text


def test_tokens_have_a_bound_for_each_day(visitor: Client, settings: Settings) -> None:
    settings.tokens_per_day, settings.address_share = 3, 100
    ann, bob = visitor(), visitor()
    thread = thread_of(say(ann, "one two three four five"))
    wait = refused(ann, turn("again"))["retry-after"]
    assert 23 * 3600 < int(wait) <= 24 * 3600
    assert call(ann, "threads.get_by_id", thread_id=thread)["id"] == thread
    say(bob, "hello")


def test_a_model_that_counts_is_believed(
    visitor: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = {"prompt_tokens": 900, "completion_tokens": 100, "total_tokens": 1000}
    known = demo.envelope("chat.completion.chunk") | {"usage": usage}
    monkeypatch.setattr(demo, "envelope", lambda _: known)
    settings.tokens_per_day = 1000
    client = visitor()
    say(client, "hello")
    refused(client, turn("again"))


def test_messages_and_answers_have_a_length(visitor: Client, settings: Settings) -> None:
    settings.max_message, settings.max_answer = 100, 50
    client = visitor()
    refused(client, turn("x" * 101), 413)
    assert call(client, "threads.list")["data"] == []
    events = say(client, "word " * 20)
    assert events[-1]["type"] == "error"
    assert events[-1]["allow_retry"] is False
    answers = [e["item"]["content"] for e in events if "assistant_message" in str(e.get("item"))]
    assert all(len(content[0]["text"]) < 70 for content in answers if content)


def test_streams_have_a_bound_and_make_room(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.streams, settings.address_share = 1, 2
    monkeypatch.setattr(demo, "PAUSE", 0.2)
    with TestClient(create_app(settings)) as client:
        log_in(client)
        call(client, "threads.list")  # makes this one visitor
        portal = client.portal
        assert portal
        with portal.wrap_async_context_manager(talking(client.app, client)) as first:
            assert first == 200
            refused(client, turn("me too"))
        monkeypatch.setattr(demo, "PAUSE", 0)
        say(client, "now there is room")


@asynccontextmanager
async def talking(app: Any, client: TestClient) -> AsyncIterator[int]:
    """A request whose answer has begun, until its client leaves."""
    body = json.dumps(turn("one two three")).encode()
    begun: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    left = asyncio.Event()
    asked = False

    async def receive() -> dict[str, Any]:
        nonlocal asked
        if asked:
            await left.wait()
            return {"type": "http.disconnect"}
        asked = True
        return {"type": "http.request", "body": body}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start" and not begun.done():
            begun.set_result(message["status"])

    request = client.build_request("POST", "/chatkit")
    scope = {
        "type": "http", "scheme": "http", "method": "POST", "path": "/chatkit", "query_string": b"",
        "headers": [(k.lower(), v) for k, v in request.headers.raw], "client": ("testclient", 1),
    }  # fmt: skip
    answering = asyncio.create_task(app(scope, receive, send))
    try:
        yield await begun
    finally:
        left.set()
        await answering


def test_one_network_of_ipv6_is_one_caller() -> None:
    assert network("2001:db8::1") == network("2001:db8::ffff") != network("2001:db8:1::1")
    assert network("192.0.2.1") != network("192.0.2.2")
    assert network("") == ""


def test_a_redis_that_is_gone_limits_nobody(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.redis_url = SecretStr("redis://:a-password@127.0.0.1:9")
    settings.requests_per_minute = 1
    with TestClient(create_app(settings)) as client:
        log_in(client)
        for _ in range(3):
            call(client, "threads.list")
        say(client, "hello")
        ready = client.get("/health/ready")
    assert (ready.status_code, ready.json()["redis"]) == (200, "unavailable")
    assert caplog.text.count("REDIS_URL does not answer") == 1, "it was asked again and again"
    assert "a-password" not in caplog.text


def test_an_address_of_something_else_stops_the_start(settings: Settings) -> None:
    settings.redis_url = SecretStr("http://localhost:6379")
    with pytest.raises(SystemExit, match="REDIS_URL"):
        create_app(settings)


@pytest.mark.parametrize("address", ["in memory", "$TEST_REDIS_URL"])
def test_counting(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    url = where_is(address) if address.startswith("$") else ""
    monkeypatch.setattr(counters, "LEASE", 1)

    async def count(one: Counters, other: Counters) -> None:
        ann, bob = f"ann-{uuid4()}", f"bob-{uuid4()}"
        assert [await c.ask(ann, 2) > 0 for c in (one, other, one)] == [False, False, True]
        assert await one.ask(bob, 2) == 0
        await one.spend(ann, 10, 9)
        assert await other.look(ann, 10) == 0
        await other.spend(ann, 10, 9)
        assert await one.look(ann, 10) > 0
        places = [await c.take(ann, 2) for c in (one, other)]
        assert None not in places
        assert await one.take(ann, 2) is None
        await other.give_back(str(places[0]))
        assert await one.take(ann, 2) == places[0]
        await asyncio.sleep(1.1)  # their processes died, for all that is known
        assert await one.take(ann, 2) is not None

    async def run() -> None:
        async with open_counters(url) as one, open_counters(url) as other:
            await count(one, other if url else one)

    asyncio.run(run())
