import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app import demo
from app.config import Settings
from app.main import create_app

PAGE = "https://page.example"
Client = Callable[[], TestClient]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(llm_provider="demo", llm_fallback="", data_dir=tmp_path, allowed_origins=[PAGE])


@pytest.fixture
def visitor(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """Each call is a browser of its own: another cookie jar, another user."""
    monkeypatch.setattr(demo, "PAUSE", 0)
    app = create_app(settings)

    def arrive() -> TestClient:
        client = TestClient(app, raise_server_exceptions=False)
        client.portal = server.portal  # one event loop for all, as in a real server
        return client

    with TestClient(app) as server:
        yield arrive


def call(client: TestClient, op: str, **params: Any) -> Any:
    response = client.post("/chatkit", json={"type": op, "params": params})
    assert response.status_code == 200, response.text
    return response.json()


def say(client: TestClient, text: str, thread: str | None = None) -> list[dict[str, Any]]:
    """Sends a message and returns the events of the answer."""
    op = "threads.add_user_message" if thread else "threads.create"
    message = {
        "content": [{"type": "input_text", "text": text}],
        "attachments": [],
        "inference_options": {},
    }
    response = client.post(
        "/chatkit", json={"type": op, "params": {"thread_id": thread, "input": message}}
    )
    assert response.headers["content-type"].startswith("text/event-stream"), response.text
    lines = response.text.split("\n\n")
    return [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]


def thread_of(events: list[dict[str, Any]]) -> str:
    return str(next(e["thread"]["id"] for e in events if e["type"] == "thread.created"))


def answer_of(events: list[dict[str, Any]]) -> str:
    done = [e["item"] for e in events if e["type"] == "thread.item.done"]
    return str(done[-1]["content"][0]["text"])
