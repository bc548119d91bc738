"""What owners write into assistant.py next: tools in the browser, handoffs, guardrails.

Each message keeps an id of its own, in the events and in the store, with both APIs.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.render import render
from chatkit_scaffold.tree import create
from tests.conftest import TEMPLATE
from tests.llm.replies import CallTool, Say
from tests.llm.server import LlmServer, llm_server
from tests.running import body, parse, running, say, thread_id
from tests.test_providers import items, settings

pytestmark = pytest.mark.matrix
Events = list[dict[str, Any]]

ASSISTANT = """
import asyncio

from agents import Agent, GuardrailFunctionOutput, Model, RunContextWrapper, StopAtTools
from agents import function_tool, input_guardrail, output_guardrail
from chatkit.agents import AgentContext, ClientToolCall

from app.identity import User
from app.tools import TOOLS


@function_tool
async def open_page(wrapper: RunContextWrapper[AgentContext[User]], path: str) -> None:
    wrapper.context.client_tool_call = ClientToolCall(name="open_page", arguments={"path": path})


@output_guardrail
async def harmless(wrapper, agent, output):
    return GuardrailFunctionOutput(None, tripwire_triggered="forbidden" in str(output))


@input_guardrail
async def welcome(wrapper, agent, input):
    unwelcome = "unwelcome" in str(input[-1])
    await asyncio.sleep(3 if unwelcome else 0)  # until the model is speaking
    return GuardrailFunctionOutput(None, tripwire_triggered=unwelcome)


def build_assistant(model: Model, title: str) -> Agent[AgentContext[User]]:
    return Agent(
        name="Assistant",
        model=model,
        tools=[*TOOLS, open_page],
        handoffs=[Agent(name="Specialist", model=model)],
        input_guardrails=[welcome],
        output_guardrails=[harmless],
        tool_use_behavior=StopAtTools(stop_at_tool_names=["open_page"]),
    )
"""


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory, menu: Menu) -> Path:
    project = tmp_path_factory.mktemp("agents") / "project"
    create(render(TEMPLATE, menu.resolve({"frontend": "none"})), project)
    (project / "backend/app/assistant.py").write_text(ASSISTANT)
    return project / "backend"


@pytest.fixture(params=["openai", "gemini"])
def chat(request: pytest.FixtureRequest, backend: Path) -> Iterator[tuple[httpx.Client, LlmServer]]:
    with llm_server() as llm, running(backend, env=settings(request.param, llm)) as client:
        yield client, llm


def check_ids(client: httpx.Client, events: Events) -> None:
    """One id for each message, from its first event to the store, and none of a removed one."""
    done = [e["item"]["id"] for e in events if e["type"] == "thread.item.done"]
    added = {e["item"]["id"] for e in events if e["type"] == "thread.item.added"}
    updated = {e["item_id"] for e in events if e["type"] == "thread.item.updated"}
    removed = {e["item_id"] for e in events if e["type"] == "thread.item.removed"}
    assert len(set(done)) == len(done)
    assert "__fake_id__" not in {*done, *added, *updated, *removed}
    assert updated <= added
    assert removed <= added
    assert added <= {*done, *removed}
    places = [
        e["item"]["id"] for e in events if e["type"].startswith("thread.item.") and "item" in e
    ]
    kept = [place for place in dict.fromkeys(places) if place not in removed]
    assert [item["id"] for item in items(client, thread_id(events))] == kept


def spoken(client: httpx.Client, thread: str) -> list[str]:
    messages = [item for item in items(client, thread) if item["type"] == "assistant_message"]
    return [message["content"][0]["text"] for message in messages]


@pytest.mark.parametrize("tool", ["current_time", "transfer_to_specialist"])
def test_words_before_and_after_a_call(chat: tuple[httpx.Client, LlmServer], tool: str) -> None:
    client, llm = chat
    llm.answer(Say("One moment", 0.05, calls=(CallTool(tool),)), Say("There it is"))
    events = say(client, "go on")
    check_ids(client, events)
    assert spoken(client, thread_id(events)) == ["One moment", "There it is"]


def test_a_tool_in_the_browser(chat: tuple[httpx.Client, LlmServer]) -> None:
    client, llm = chat
    llm.answer(Say("Look", 0.05, calls=(CallTool("open_page", {"path": "/a"}),)), Say("Open"))
    events = say(client, "open it")
    thread = thread_id(events)
    (call,) = [item for item in items(client, thread) if item["type"] == "client_tool_call"]
    assert call["arguments"] == {"path": "/a"}
    assert call["status"] == "pending"
    output = body("threads.add_client_tool_output", thread_id=thread, result={"ok": True})
    again = parse(client.post("/chatkit", json=output).text)
    assert "error" not in {event["type"] for event in again}
    check_ids(client, events + again)
    assert spoken(client, thread) == ["Look", "Open"]
    assert "ok" in str(llm.requests[-1].body)
    say(client, "thanks", thread)
    assert llm.requests[-1].status == 200


def test_an_answer_that_a_guardrail_refuses_is_taken_back(
    chat: tuple[httpx.Client, LlmServer],
) -> None:
    client, llm = chat
    llm.answer(Say("Something forbidden here", delay=0.5))
    refused(client, llm, "tell me")


def test_a_question_that_a_guardrail_refuses_leaves_no_half_answer(
    chat: tuple[httpx.Client, LlmServer],
) -> None:
    client, llm = chat
    llm.answer(Say("I was about to say a lot of things", delay=0.5))
    refused(client, llm, "I am unwelcome")


def refused(client: httpx.Client, llm: LlmServer, question: str) -> None:
    events = say(client, question)
    assert "thread.item.updated" in {event["type"] for event in events}
    check_ids(client, events)
    (error,) = [event for event in events if event["type"] == "error"]
    assert error["allow_retry"] is False
    assert "guardrail" not in str(error).lower()
    thread = thread_id(events)
    assert spoken(client, thread) == []
    llm.answer(Say("Gladly"))
    check = say(client, "something else", thread)
    assert "error" not in {event["type"] for event in check}
    assert spoken(client, thread) == ["Gladly"]
