"""What people choose for a message counts for it, and only what is offered."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from agents import OpenAIChatCompletionsModel, function_tool
from chatkit.types import InferenceOptions, UserMessageItem
from fastapi.testclient import TestClient

from app import composer, demo
from app.config import Settings
from app.llm import build_model
from app.main import create_app
from app.server import ChatServer
from app.stores.chat_store import ChatStore
from tests.conftest import answer_of, stream
from tests.login import log_in


@function_tool
def lucky_number(name: str) -> str:
    """The lucky number of somebody."""
    return f"{len(name)} for {name}"


@function_tool
def secret_number() -> str:
    """Nobody's."""
    return "7"


@pytest.fixture
def client(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(demo, "PAUSE", 0)
    monkeypatch.setattr(composer, "OFFERED", [lucky_number.name])
    settings.llm_models = ["small", "large"]
    app = create_app(settings)
    with TestClient(app) as client:
        app.state.server.assistant.tools = [lucky_number, secret_number]
        log_in(client)
        yield client


def ask(client: TestClient, **chosen: Any) -> str:
    content = [{"type": "input_text", "text": "Miso"}]
    message = {"content": content, "attachments": [], "inference_options": chosen}
    return answer_of(stream(client, "threads.create", input=message))


def test_pages_learn_what_there_is(client: TestClient) -> None:
    offered = client.get("/session").json()["composer"]
    assert [(model["id"], model["default"]) for model in offered["models"]] == [
        ("small", True),
        ("large", False),
    ]
    assert offered["tools"] == [{"id": "lucky_number", "label": "Lucky number", "icon": "bolt"}]


def test_a_tool_that_was_chosen_is_used_once(client: TestClient) -> None:
    assert "You said" in ask(client)
    assert ask(client, tool_choice={"id": "lucky_number"}) == "The tool says: 4 for Miso"


def test_what_is_not_offered_does_not_count(client: TestClient) -> None:
    assert "You said" in ask(client, tool_choice={"id": "secret_number"}, model="huge")


@pytest.mark.anyio
async def test_each_model_answers_under_its_name(store: ChatStore, settings: Settings) -> None:
    settings = settings.model_copy(
        update={"llm_provider": "ollama", "llm_model": "usual", "llm_models": ["small", "large"]}
    )
    server = ChatServer(store, build_model(settings), settings)
    composer.join(server)
    for name in settings.llm_models:
        model = server.choose(message(model=name)).model
        assert isinstance(model, OpenAIChatCompletionsModel)
        assert model.model == name
    for unknown in (None, message(), message(model="huge")):
        assert server.choose(unknown).model is server.model


def message(**chosen: Any) -> UserMessageItem:
    return UserMessageItem(
        id="1",
        thread_id="1",
        created_at=datetime.now(UTC),
        content=[],
        inference_options=InferenceOptions(**chosen),
    )
