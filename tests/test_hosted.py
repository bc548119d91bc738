"""OpenAI's own tools: asked of OpenAI alone, whoever else answers."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from chatkit_scaffold.error import ScaffoldError
from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.render import render
from chatkit_scaffold.tree import create
from tests.conftest import TEMPLATE
from tests.llm.replies import CiteFile, CiteUrl, Fail, Say
from tests.llm.server import LlmServer, llm_server
from tests.running import answer, body, message, parse, running, say, thread_id
from tests.test_providers import KEY, items, settings

TOOLS = ["functions", "web-search", "file-search", "composer"]


@pytest.mark.parametrize("provider", ["demo", "gemini", "azure"])
def test_the_menu_refuses_them_with_another_provider(menu: Menu, provider: str) -> None:
    with pytest.raises(ScaffoldError, match=r"web-search.*only with the provider openai"):
        menu.resolve({"provider": provider, "tools": ["web-search"]})


@pytest.mark.matrix
def test_only_openai_is_asked_for_them(menu: Menu, tmp_path: Path) -> None:
    answers = {"provider": "openai", "fallback": "gemini", "frontend": "none", "tools": TOOLS}
    create(render(TEMPLATE, menu.resolve(answers)), tmp_path / "project")
    backend = tmp_path / "project/backend"
    with llm_server(key=KEY) as openai, llm_server(key=KEY) as gemini:
        env = settings(
            "openai",
            openai,
            LLM_FALLBACK="gemini",
            LLM_FALLBACK_MODEL="other-model",
            LLM_FALLBACK_BASE_URL=f"{gemini.url}/v1",
            GEMINI_API_KEY=KEY,
            FILE_SEARCH_STORES='["vs_1"]',
            LLM_MODELS='["large"]',
        )
        with running(backend, env=env) as client:
            events = say(client, "one")
            offered = {tool["type"]: tool for tool in openai.requests[-1].body["tools"]}
            assert {"function", "web_search", "file_search"} == set(offered)
            assert offered["file_search"]["vector_store_ids"] == ["vs_1"]
            thread = thread_id(events)
            for model in ("some-model", "large"):  # the second is chosen by who asks
                check_citations(client, openai, thread, model)
                openai.answer(Fail(503))
                assert answer(ask(client, thread, "two", model)) == "echo: two"
                assert {tool["type"] for tool in gemini.requests[-1].body["tools"]} == {"function"}
        sent = str([request.body for llm in (openai, gemini) for request in llm.requests])
        assert KEY not in sent, "a model reads a key"
        with running(backend, env=settings("gemini", gemini)) as client:
            assert answer(say(client, "three")) == "echo: three"
            assert {tool["type"] for tool in gemini.requests[-1].body["tools"]} == {"function"}
    assert "web_search is left out" in (backend / "test-server.log").read_text("utf-8")


def ask(client: httpx.Client, thread: str, text: str, model: str) -> list[dict[str, Any]]:
    said = message(text) | {"inference_options": {"model": model}}
    request = body("threads.add_user_message", thread_id=thread, input=said)
    return parse(client.post("/chatkit", json=request).text)


def check_citations(client: httpx.Client, openai: LlmServer, thread: str, model: str) -> None:
    """They come while the answer is streamed, and are there when it is read again."""
    text = "Python 3.15 is out, the handbook says."
    cites = (CiteUrl("https://python.example/news", "News <b>"), CiteFile("handbook.pdf"))
    openai.answer(Say(text, cites=cites))
    events = ask(client, thread, "What is new?", model)
    assert openai.requests[-1].body["model"] == model
    updates = [e["update"] for e in events if e["type"] == "thread.item.updated"]
    live = [update["annotation"] for update in updates if "annotation" in update]
    kept = items(client, thread)[-1]["content"]
    assert [part["annotations"] for part in kept] == [live]
    assert answer(events) == kept[0]["text"] == text
    url, file = (note["source"] for note in live)
    assert (url["type"], url["url"], url["title"]) == ("url", cites[0].url, "News <b>")
    assert (file["type"], file["filename"]) == ("file", "handbook.pdf")
    assert [note["index"] for note in live] == [len(text)] * 2
    assert answer(say(client, "Thank you", thread)) == "echo: Thank you"
    assert openai.requests[-1].status == 200
