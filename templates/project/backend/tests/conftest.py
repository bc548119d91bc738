import json
import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from app import demo
from app.config import Settings
from app.identity import User
from app.main import create_app
from app.stores import open_store
from app.stores.chat_store import ChatStore
from tests.databases import DATABASES
from tests.login import LOGIN, log_in
from tests.samples import begin

PAGE = "https://page.example"
Client = Callable[[], TestClient]


def where_is(address: str) -> str:
    """A server's address, which may be in a variable."""
    url = os.path.expandvars(address)
    if not url or url.startswith("$"):
        unknown = f"{address[1:]} does not say where a server is"
        if os.environ.get("CI") == "true":  # there, what nobody tests is a failure
            pytest.fail(unknown)
        pytest.skip(unknown)
    return url


@pytest.fixture(params=DATABASES)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    url = where_is(request.param)
    return Settings(
        llm_provider="demo",
        llm_fallback="",
        database_url=url,
        data_dir=tmp_path,
        allowed_origins=[PAGE],
        **LOGIN,
    )


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[ChatStore]:
    async with open_store(settings) as store:
        yield store


@pytest.fixture
def ann() -> User:
    return User(f"ann-{uuid4()}")


@pytest.fixture
def bob() -> User:
    return User(f"bob-{uuid4()}")


@pytest.fixture
async def thread(store: ChatStore, ann: User) -> str:
    return await begin(store, ann)


@pytest.fixture
def visitor(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """Each call is a browser of its own: another user."""
    monkeypatch.setattr(demo, "PAUSE", 0)
    app = create_app(settings)

    def arrive() -> TestClient:
        client = TestClient(app, raise_server_exceptions=False)
        client.portal = server.portal  # one event loop for all, as in a real server
        log_in(client)
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
    return stream(client, op, thread_id=thread, input=message)


def stream(client: TestClient, op: str, **params: Any) -> list[dict[str, Any]]:
    response = client.post("/chatkit", json={"type": op, "params": params})
    assert response.headers["content-type"].startswith("text/event-stream"), response.text
    lines = response.text.split("\n\n")
    return [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]


def thread_of(events: list[dict[str, Any]]) -> str:
    return str(next(e["thread"]["id"] for e in events if e["type"] == "thread.created"))


def last_item(events: list[dict[str, Any]]) -> dict[str, Any]:
    items = [e["item"] for e in events if e["type"] == "thread.item.done"]
    return dict(items[-1])


def answer_of(events: list[dict[str, Any]]) -> str:
    return str(last_item(events)["content"][0]["text"])
