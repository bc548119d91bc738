"""The turn stops at a call for the page, and goes on with its answer."""

import json
from typing import Any

import pytest
from agents.tool_context import ToolContext
from chatkit.agents import AgentContext
from chatkit.types import ThreadMetadata
from fastapi.testclient import TestClient

from app.identity import User
from app.stores.chat_store import ChatStore
from app.tools.client_tools import open_page
from tests.conftest import Client, answer_of, call, say, stream, thread_of
from tests.samples import NOW


def reply(client: TestClient, thread: str, result: object) -> list[dict[str, Any]]:
    return stream(client, "threads.add_client_tool_output", thread_id=thread, result=result)


@pytest.mark.parametrize(
    ("question", "name", "arguments"),
    [
        ("Switch the theme to dark", "switch_theme", {"theme": "dark"}),
        ("Open the page /#top", "open_page", {"path": "/"}),
    ],
)
def test_the_page_is_asked_and_its_answer_read(
    visitor: Client, question: str, name: str, arguments: dict[str, str]
) -> None:
    client = visitor()
    events = say(client, question)
    thread = thread_of(events)
    called = events[-1]["item"]
    assert (called["type"], called["status"]) == ("client_tool_call", "pending")
    assert (called["name"], called["arguments"]) == (name, arguments)
    again = reply(client, thread, {"done": "as told"})
    assert "as told" in answer_of(again)
    kept = call(client, "items.list", thread_id=thread, order="asc")["data"]
    (stored,) = [item for item in kept if item["type"] == "client_tool_call"]
    assert (stored["id"], stored["status"]) == (called["id"], "completed")
    assert "Thank you" in answer_of(say(client, "Thank you", thread))


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["https://evil.example", "//evil.example", "javascript:x()", "/x"])
async def test_only_pages_of_the_list_are_opened(store: ChatStore, ann: User, path: str) -> None:
    thread = ThreadMetadata(id="t", created_at=NOW)
    chat = AgentContext(thread=thread, store=store, request_context=ann)
    arguments = json.dumps({"path": path})
    call = ToolContext(chat, tool_name="open_page", tool_call_id="c", tool_arguments=arguments)
    await open_page.on_invoke_tool(call, arguments)
    assert chat.client_tool_call is None


def test_an_answer_that_nobody_asked_for_is_refused(visitor: Client) -> None:
    client = visitor()
    thread = thread_of(say(client, "Hello"))
    body = {"type": "threads.add_client_tool_output", "params": {"thread_id": thread, "result": 1}}
    assert client.post("/chatkit", json=body).status_code == 400
    assert visitor().post("/chatkit", json=body).status_code == 404


def test_a_page_that_never_answers_does_not_end_the_conversation(visitor: Client) -> None:
    client = visitor()
    thread = thread_of(say(client, "Switch the theme"))
    assert "Hello again" in answer_of(say(client, "Hello again", thread))
