"""A provider without OpenAI's own tools answers without them."""

import pytest
from agents import WebSearchTool
from fastapi.testclient import TestClient

from app.config import Settings
from app.main import create_app
from app.tools.hosted import offer
from tests.conftest import Client, answer_of, say


def test_another_provider_answers_without_them(visitor: Client) -> None:
    assert "You said" in answer_of(say(visitor(), "Hello"))


@pytest.mark.parametrize("provider", ["openai", "demo"])
def test_only_openai_is_offered_them(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, provider: str
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    chosen = {"llm_provider": provider, "llm_fallback": "", "llm_model": "some-model"}
    app = create_app(settings.model_copy(update=chosen))
    with TestClient(app):
        server = app.state.server
        tool = WebSearchTool(search_context_size="low")
        offer(server, tool)
        assert (tool in server.assistant.tools) == (provider == "openai")
