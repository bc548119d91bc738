"""The generated backend against a strict provider on loopback, for every row of its table."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.render import render
from chatkit_scaffold.tree import create
from tests.conftest import TEMPLATE
from tests.llm.replies import (
    CallTool,
    CutAfter,
    Fail,
    FailAfter,
    Hang,
    Malformed,
    Reply,
    Say,
    Stall,
    StallAfter,
)
from tests.llm.server import LlmServer, llm_server
from tests.running import answer, body, running, say, thread_id

pytestmark = pytest.mark.matrix
ROWS = yaml.safe_load((TEMPLATE / "catalog/providers.yml").read_text("utf-8"))["providers"]
REAL = {name: row for name, row in ROWS.items() if "api" in row}
KEY = "sk-test"


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory, menu: Menu) -> Path:
    project = tmp_path_factory.mktemp("providers") / "project"
    create(render(TEMPLATE, menu.resolve({"frontend": "none"})), project)
    return project / "backend"


@pytest.fixture(scope="module")
def llm() -> Iterator[LlmServer]:
    with llm_server(key=KEY) as server:
        yield server


@pytest.fixture(autouse=True)
def fresh(llm: LlmServer) -> None:
    llm.reset()


def settings(provider: str, llm: LlmServer, **more: str) -> dict[str, str]:
    key = REAL[provider].get("key")
    return {
        "LLM_PROVIDER": provider,
        "LLM_BASE_URL": f"{llm.url}/v1",
        "LLM_MODEL": "some-model",
        "LLM_TIMEOUT": "1.5",
        "LLM_FALLBACK": "",
    } | ({key: KEY} if key else {}) | more  # fmt: skip


def items(client: httpx.Client, thread: str) -> list[dict[str, Any]]:
    request = body("items.list", thread_id=thread, order="asc")
    return list(client.post("/chatkit", json=request).json()["data"])


def texts(client: httpx.Client, thread: str) -> list[str]:
    return [item["content"][0]["text"] for item in items(client, thread) if "content" in item]


def spoken(request: dict[str, Any]) -> list[str]:
    """The words of a model request, whichever API it is for."""

    def text(content: Any) -> str:
        return content if isinstance(content, str) else "".join(p["text"] for p in content)

    turns = request.get("messages") or request["input"]
    return [text(turn["content"]) for turn in turns if turn.get("role") in {"user", "assistant"}]


@pytest.mark.parametrize("provider", REAL)
def test_three_turns_reach_the_model_in_order_and_keep_their_ids(
    backend: Path, llm: LlmServer, provider: str
) -> None:
    if "key" not in REAL[provider]:
        with llm_server(key=None) as keyless:
            three_turns(backend, keyless, provider)
    else:
        three_turns(backend, llm, provider)


def three_turns(backend: Path, llm: LlmServer, provider: str) -> None:
    with running(backend, env=settings(provider, llm)) as client:
        events = say(client, "one")
        thread = thread_id(events)
        events += say(client, "two", thread)
        events += say(client, "three", thread)
        done = [e["item"]["id"] for e in events if e["type"] == "thread.item.done"]
        added = [e["item"]["id"] for e in events if e["type"] == "thread.item.added"]
        updated = {e["item_id"] for e in events if e["type"] == "thread.item.updated"}
        assert len(set(done)) == len(done) == 6
        assert set(added) == updated == set(done[1::2])
        assert [item["id"] for item in items(client, thread)] == done
    last = llm.requests[-1]
    wanted = "chat/completions" if REAL[provider]["api"] == "chat" else "responses"
    assert last.path == f"/v1/{wanted}"
    assert last.body["model"] == "some-model"
    assert last.body["stream"] is True
    assert spoken(last.body) == ["one", "echo: one", "two", "echo: two", "three"]


@pytest.mark.parametrize("provider", ["openai", "gemini"])
class TestFailures:
    """Both APIs: Responses and Chat Completions."""

    @pytest.fixture
    def client(self, backend: Path, llm: LlmServer, provider: str) -> Iterator[httpx.Client]:
        with running(backend, env=settings(provider, llm)) as client:
            yield client

    def test_all_of_them(self, client: httpx.Client, llm: LlmServer) -> None:
        """One after the other in one app, which is to work after each of them."""
        self.tried_again(client, llm)
        refusals: list[tuple[Reply, bool]] = [
            (Fail(401), False),
            (Fail(400), False),
            (Fail(429), True),
            (Fail(500), True),
            (Fail(503, body="<html>proxy</html>"), True),
            (Hang(), True),
            (Stall(), True),
        ]
        for reply, retry in refusals:
            self.refused(client, llm, reply, retry)
        breaks: list[Reply] = [
            FailAfter(3, delay=0.05),
            CutAfter(3, delay=0.05),
            StallAfter(3, delay=0.05),
            Malformed(),
        ]
        for fault in breaks:
            self.broken_off(client, llm, fault)
        self.remembers_tools(client, llm)

    def tried_again(self, client: httpx.Client, llm: LlmServer) -> None:
        llm.answer(Fail(429), Fail(503), Say("third time"))
        assert answer(say(client, "hello")) == "third time"
        llm.reset()

    def refused(self, client: httpx.Client, llm: LlmServer, reply: Reply, retry: bool) -> None:
        llm.default = reply
        events = say(client, "hello")
        assert [e["allow_retry"] for e in events if e["type"] == "error"] == [retry], reply
        assert "sk-" not in json.dumps(events)
        thread = thread_id(events)
        llm.reset()
        retried = body("threads.retry_after_item", thread_id=thread,
                       item_id=items(client, thread)[0]["id"])  # fmt: skip
        assert "echo: hello" in client.post("/chatkit", json=retried).text
        assert texts(client, thread) == ["hello", "echo: hello"]

    def broken_off(self, client: httpx.Client, llm: LlmServer, reply: Reply) -> None:
        llm.reset()
        llm.answer(reply)
        events = say(client, "hello " * 8)
        thread = thread_id(events)
        if errors := [e for e in events if e["type"] == "error"]:
            assert errors[0]["allow_retry"] is True
            assert len(llm.requests) == 1, "an answer that had begun was asked for again"
        streamed = "".join(
            e["update"].get("delta", "") for e in events if e["type"] == "thread.item.updated"
        )
        stored = texts(client, thread)
        assert stored == ["hello " * 8, *([streamed] if streamed else [])]
        llm.reset()
        assert answer(say(client, "go on", thread)) == "echo: go on"
        llm.reset()

    def remembers_tools(self, client: httpx.Client, llm: LlmServer) -> None:
        llm.answer(Say("", calls=(CallTool("current_time", {"timezone": "UTC"}),)), Say("Late."))
        events = say(client, "What time is it?")
        kinds = [e["item"]["type"] for e in events if e["type"] == "thread.item.done"]
        assert kinds == ["user_message", "workflow", "assistant_message"]
        assert answer(say(client, "Sure?", thread_id(events))) == "echo: Sure?"
        assert "current_time" in json.dumps(llm.requests[-1].body)
        assert "UTC" in json.dumps(llm.requests[-1].body)
        llm.reset()


@pytest.mark.parametrize("provider", ["openai", "gemini"])
def test_the_fallback_takes_over_before_the_first_word_and_never_after(
    backend: Path, llm: LlmServer, provider: str
) -> None:
    second = {"LLM_FALLBACK": "ollama", "LLM_FALLBACK_MODEL": "second"}
    with llm_server(key=None) as other:
        env = settings(provider, llm, LLM_FALLBACK_BASE_URL=f"{other.url}/v1", **second)
        with running(backend, env=env) as client:
            replies: list[Reply] = [
                Fail(429),
                Fail(500),
                Hang(),
                Stall(),
                FailAfter(0),
                Malformed(0),
            ]
            for reply in replies:
                llm.answer(reply)
                events = say(client, "hello")
                assert answer(events) == "echo: hello", reply
                assert "error" not in {e["type"] for e in events}
                assert len(llm.requests) == len(other.requests) == 1, reply
                assert other.requests[0].body["model"] == "second"
                llm.reset()
                other.reset()
            llm.answer(FailAfter(3, delay=0.05))
            assert "error" in {e["type"] for e in say(client, "hello " * 8)}
            llm.answer(Fail(401))
            assert "error" in {e["type"] for e in say(client, "hello")}
            assert other.requests == [], "words were said twice, or a wrong key was hidden"
            llm.reset()
            llm.answer(Say("", calls=(CallTool("current_time", {"timezone": "UTC"}),)), Fail(503))
            events = say(client, "What time is it?")
            assert "error" not in {e["type"] for e in events}
            done = [e["item"] for e in events if e["type"] == "thread.item.done"]
            workflow = next(item for item in done if item["type"] == "workflow")
            assert len(workflow["workflow"]["tasks"]) == 1
    unreachable = settings(provider, llm, **second, LLM_BASE_URL="http://127.0.0.1:9/v1")
    with llm_server(key=None) as other:
        unreachable["LLM_FALLBACK_BASE_URL"] = f"{other.url}/v1"
        with running(backend, env=unreachable) as client:
            assert answer(say(client, "hello")) == "echo: hello"


def test_the_model_names_a_thread_when_it_is_asked_to(backend: Path, llm: LlmServer) -> None:
    with running(backend, env=settings("gemini", llm, TITLES_BY_MODEL="true")) as client:
        llm.answer(Say("Welcome."), Say("  A new\n friend "))
        events = say(client, "Hello there")
        titles = [e["thread"].get("title") for e in events if e["type"] == "thread.updated"]
        assert titles == ["Hello there", "A new friend"]
        llm.answer(Say("Welcome."), Fail(400))
        events = say(client, "Hello there")
        assert "error" not in {e["type"] for e in events}
        assert events[-1]["type"] == "thread.item.done"


def test_no_key_of_another_provider_reaches_openai(backend: Path, llm: LlmServer) -> None:
    """Traces would go to OpenAI's address with whatever key the environment has."""
    with llm_server(key=None) as openai:
        env = settings("gemini", llm, OPENAI_API_KEY="sk-stray", TRACING="true",
                       OPENAI_BASE_URL=openai.url)  # fmt: skip
        with running(backend, env=env) as client:
            say(client, "hello")
        assert openai.requests == []
        assert all("sk-stray" not in str(request.headers) for request in llm.requests)
