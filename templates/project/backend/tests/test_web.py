"""What every answer has, and who is not waited for."""

import asyncio
import json
from collections.abc import AsyncGenerator

import pytest
from chatkit.server import StreamingResult
from fastapi import HTTPException, Request
from fastapi.responses import PlainTextResponse
from fastapi.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from app import web
from app.config import Settings
from app.main import create_app
from app.streaming import NDJSON, open_stream
from tests.conftest import Client, call, say, thread_of

SCOPE: Scope = {"type": "http", "scheme": "http", "method": "POST", "path": "/", "headers": []}


def test_browsers_take_answers_for_what_they_are(visitor: Client) -> None:
    for path in ["/session", "/health", "/unknown"]:
        headers = visitor().get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
        assert "strict-transport-security" not in headers
    encrypted = visitor().get("https://testserver/session").headers
    assert encrypted["strict-transport-security"]


def test_lists_are_compressed_and_streams_are_not(visitor: Client) -> None:
    client = visitor()
    thread = thread_of(say(client, "word " * 200))
    listing = {"type": "items.list", "params": {"thread_id": thread}}
    assert client.post("/chatkit", json=listing).headers["content-encoding"] == "gzip"
    again = {
        "type": "threads.retry_after_item",
        "params": {
            "thread_id": thread,
            "item_id": call(client, "items.list", thread_id=thread, order="asc")["data"][0]["id"],
        },
    }
    for kind in ["text/event-stream", "application/x-ndjson"]:
        response = client.post("/chatkit", json=again, headers={"Accept": kind})
        assert response.headers["content-type"] == kind
        assert "content-encoding" not in response.headers


@pytest.mark.parametrize("origin", ["*", "https://*.example", "example.com", "https://a.example/"])
def test_origins_are_exact(settings: Settings, origin: str) -> None:
    settings.allowed_origins = [origin]
    with pytest.raises(SystemExit, match="ALLOWED_ORIGINS"):
        create_app(settings)


def test_only_known_hosts_are_answered(settings: Settings) -> None:
    settings.trusted_hosts = ["chat.example"]
    with TestClient(create_app(settings)) as client:
        for host, status in [("chat.example", 200), ("chat.example:8000", 200), ("evil", 400)]:
            assert client.get("/health", headers={"Host": host}).status_code == status


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    body = await web.read_body(Request(scope, receive))
    await PlainTextResponse(f"{len(body)} bytes")(scope, receive, send)


def test_a_request_that_dribbles_in_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "PATIENCE", 0.05)

    async def receive() -> Message:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def ignore(_: Message) -> None:
        pass

    with pytest.raises(HTTPException) as refusal:
        asyncio.run(web.Guard(answer)(SCOPE, receive, ignore))
    assert refusal.value.status_code == 408
    assert refusal.value.headers == {"Connection": "close"}


def test_who_does_not_take_the_answer_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "MAX_SILENCE", 0.05)

    async def receive() -> Message:
        return {"type": "http.request"}

    async def stall(_: Message) -> None:
        await asyncio.sleep(60)

    asyncio.run(asyncio.wait_for(web.Guard(answer)(SCOPE, receive, stall), 5))


def test_a_stopping_server_asks_to_try_again() -> None:
    async def events() -> list[bytes]:
        async def turn() -> AsyncGenerator[bytes]:
            yield b"data: {}\n\n"
            await asyncio.sleep(60)

        seen: list[bytes] = []

        async def read() -> None:
            async for chunk in await open_stream(StreamingResult(turn()), NDJSON):
                seen.append(chunk)

        reading = asyncio.create_task(read())
        await asyncio.sleep(0.05)
        reading.cancel()
        await asyncio.wait([reading])
        return seen

    first, last = asyncio.run(events())
    assert first == b"{}\n"
    assert json.loads(last)["allow_retry"] is True
