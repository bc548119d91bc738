import asyncio
from typing import Any

import pytest
from fastapi import FastAPI

from app import health
from app.stores.rows import Unavailable
from tests.conftest import Client

DOWN = Unavailable("It is down.", allow_retry=True)


def server_of(client: Any) -> Any:
    app: FastAPI = client.app
    return app.state.server


def test_a_process_that_can_answer_is_ready(visitor: Client) -> None:
    client = visitor()
    assert client.get("/health/live").json() == {"status": "ok"}
    for path in ("/health/ready", "/health"):
        ready = client.get(path)
        assert (ready.status_code, ready.json()["store"]) == (200, "ok")


@pytest.mark.parametrize("trouble", [DOWN, None])
def test_without_its_database_it_lives_and_is_not_ready(
    visitor: Client, monkeypatch: pytest.MonkeyPatch, trouble: Exception | None
) -> None:
    async def get(*args: object, **key: str) -> None:
        if trouble:
            raise trouble
        await asyncio.Event().wait()

    client = visitor()
    monkeypatch.setattr(health, "PATIENCE", 0.01)
    monkeypatch.setattr(server_of(client).chats, "get", get)
    assert client.get("/health/live").status_code == 200
    ready = client.get("/health/ready")
    assert (ready.status_code, ready.json()["store"]) == (503, "unavailable")


def test_what_the_parts_of_the_app_tell_is_shown(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def look() -> str:
        return "out of paper"

    client = visitor()
    monkeypatch.setitem(server_of(client).health, "printer", look)
    assert client.get("/health/ready").json()["printer"] == "out of paper"


def test_two_words_arrive_one_after_the_other(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "PAUSE", 0.01)
    answer = visitor().get("/health/stream")
    assert answer.text == "data: one\n\ndata: two\n\n"
    assert answer.headers["x-accel-buffering"] == "no"
    assert "content-encoding" not in answer.headers
