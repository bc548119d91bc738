"""One turn: what `respond` may yield and raise, and what the browser sees of it."""

# ruff: noqa: ARG002 - the SDK sets the parameters, whether a test needs them or not

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from typing import Any

import pytest
from agents import (
    Agent,
    RawResponsesStreamEvent,
    RunContextWrapper,
    RunHooks,
    Runner,
    Tool,
    function_tool,
)
from agents.tool_context import ToolContext
from chatkit.agents import AgentContext, stream_agent_response
from chatkit.errors import CustomStreamError
from chatkit.server import ChatKitServer, NonStreamingResult
from chatkit.types import (
    AssistantMessageContentPartTextDelta,
    CustomTask,
    FeedbackKind,
    HiddenContextItem,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
)
from openai import RateLimitError
from openai.types.responses import ResponseStreamEvent
from pydantic import TypeAdapter, ValidationError

from tests.facts.items import NOW, THREAD, thread
from tests.facts.provider import Provider, SlowProvider, break_off, call, model_of, refuse, say
from tests.facts.server import (
    QUIET,
    AgentServer,
    Event,
    Events,
    ScriptedServer,
    ask,
    body,
    kinds,
    stream,
)
from tests.facts.store import DictStore

STREAM_ERROR = {"type": "error", "code": "stream.error", "allow_retry": True}


def test_a_turn_reaches_the_browser_in_this_order() -> None:
    """`unique_ids` and `keep_partial` of the backend read the events of an answer in this order."""
    model = model_of(Provider([say("Hello ", "there.")]))
    agent = Agent[AgentContext[None]]("assistant", model=model)
    assert kinds(asyncio.run(ask(AgentServer(DictStore(), agent)))) == [
        "thread.item.done",
        "stream_options",
        "thread.item.added",
        "thread.item.updated",
        "thread.item.updated",
        "thread.item.updated",
        "thread.item.done",
    ]


def test_e04_run_streamed_never_raises_what_the_provider_says() -> None:
    """`respond` of the backend has its `try` around the iteration, where provider errors appear."""

    async def run() -> None:
        agent = Agent("assistant", model=model_of(Provider([refuse(429)])))
        result = Runner.run_streamed(agent, "Hi", run_config=QUIET)
        with pytest.raises(RateLimitError):
            async for _ in result.stream_events():
                pass

    asyncio.run(run())


def test_e04_a_refusing_provider_is_a_stream_error_with_retry() -> None:
    """`respond` of the backend raises an `apology` instead, which says that the model is busy."""
    agent = Agent[AgentContext[None]]("assistant", model=model_of(Provider([refuse(429)])))
    assert asyncio.run(ask(AgentServer(DictStore(), agent)))[-1] == STREAM_ERROR


def test_e12_respond_as_a_coroutine_is_a_stream_error(caplog: pytest.LogCaptureFixture) -> None:
    """`respond` of the backend is an async generator."""

    class Coroutines(ChatKitServer[None]):
        made: Coroutine[Any, Any, list[ThreadStreamEvent]]

        def respond(
            self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
        ) -> AsyncIterator[ThreadStreamEvent]:
            self.made = self.list_events()
            return self.made  # type: ignore[return-value]

        async def list_events(self) -> list[ThreadStreamEvent]:
            return []

    server = Coroutines(DictStore())
    events = asyncio.run(ask(server))
    server.made.close()
    assert events[-1] == STREAM_ERROR
    assert "requires an object with __aiter__ method, got coroutine" in caplog.text


def test_e13_a_bare_delta_goes_out_as_an_event_that_addresses_nothing() -> None:
    """The backend yields thread events only; nothing in the SDK would reject another model."""

    async def answer(thread: ThreadMetadata, message: UserMessageItem | None) -> Events:
        yield AssistantMessageContentPartTextDelta(content_index=0, delta="Hi")  # type: ignore[misc]

    assert asyncio.run(ask(ScriptedServer(DictStore(), answer)))[-1] == {
        "type": "assistant_message.content_part.text_delta",
        "content_index": 0,
        "delta": "Hi",
    }


def test_any_exception_in_respond_is_a_stream_error_without_its_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An error that `apology` of the backend never heard of still tells the user nothing."""

    async def answer(thread: ThreadMetadata, message: UserMessageItem | None) -> Events:
        raise RuntimeError("the password is swordfish")
        yield

    with caplog.at_level(logging.ERROR, "chatkit"):
        events = asyncio.run(ask(ScriptedServer(DictStore(), answer)))
    assert events[-1] == STREAM_ERROR
    assert "swordfish" in caplog.text


def test_a_custom_error_is_shown_with_its_words_and_its_retry() -> None:
    """`apology` of the backend is one: its text was written for users."""

    async def answer(thread: ThreadMetadata, message: UserMessageItem | None) -> Events:
        raise CustomStreamError("Please wait a moment.", allow_retry=True)
        yield

    assert asyncio.run(ask(ScriptedServer(DictStore(), answer)))[-1] == {
        "type": "error",
        "code": "custom",
        "message": "Please wait a moment.",
        "allow_retry": True,
    }


def test_an_answer_that_breaks_off_is_not_stored() -> None:
    """`keep_partial` of the backend finishes the message itself before the error goes on."""

    async def run() -> list[Event]:
        provider = SlowProvider([break_off("Half")])

        async def break_off_once_it_shows(events: Events) -> Events:
            async for event in events:
                yield event
                if isinstance(event, ThreadItemUpdatedEvent):
                    provider.go.set()

        agent = Agent[AgentContext[None]]("assistant", model=model_of(provider))
        return await ask(AgentServer(store, agent, break_off_once_it_shows))

    store = DictStore()
    events = asyncio.run(run())
    assert kinds(events)[-2:] == ["thread.item.updated", "error"]
    assert events[-2]["update"]["delta"] == "Half"
    assert [item.type for item in store.told()] == ["user_message"]


def test_a_hidden_item_is_stored_and_not_sent() -> None:
    """`Progress` of the backend keeps what tools answered in such items."""

    async def answer(thread: ThreadMetadata, message: UserMessageItem | None) -> Events:
        item = HiddenContextItem(id="hid_1", thread_id=THREAD, created_at=NOW, content={"n": 1})
        yield ThreadItemDoneEvent(item=item)

    store = DictStore()
    events = asyncio.run(ask(ScriptedServer(store, answer)))
    assert kinds(events) == ["thread.item.done", "stream_options"]
    assert store.told()[-1].type == "hidden_context_item"


@function_tool
def clock(hour: int) -> str:
    return "noon"


class Account(RunHooks[AgentContext[None]]):
    """Opens a task for a tool and keeps what the SDK tells about the call."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, str]] = []

    async def on_tool_start(
        self, context: RunContextWrapper[AgentContext[None]], agent: Agent[Any], tool: Tool
    ) -> None:
        assert isinstance(context, ToolContext)
        self.calls.append((context.tool_call_id, context.tool_name, context.tool_arguments))
        await context.context.add_workflow_task(CustomTask(title="Clock"))


def turn_with_a_tool(store: DictStore, hooks: Account) -> list[Event]:
    replies = [call("clock", arguments='{"hour": 12}'), say("It is noon.")]
    model = model_of(Provider(replies))
    agent = Agent[AgentContext[None]]("assistant", model=model, tools=[clock])
    return asyncio.run(ask(AgentServer(store, agent, hooks=hooks)))


def test_hooks_of_a_tool_get_the_context_of_its_call() -> None:
    """`Progress` of the backend reads the id, the name and the arguments of the call there."""
    hooks = Account()
    turn_with_a_tool(DictStore(), hooks)
    assert hooks.calls == [("call_1", "clock", '{"hour": 12}')]


def test_a_workflow_ends_when_the_answer_begins() -> None:
    """`Progress` of the backend opens workflows by their first task and closes none."""
    events = turn_with_a_tool(DictStore(), Account())
    items = [(e["type"], e["item"]["type"]) for e in events[1:] if "item" in e]
    assert items == [
        ("thread.item.added", "workflow"),
        ("thread.item.done", "workflow"),
        ("thread.item.added", "assistant_message"),
        ("thread.item.done", "assistant_message"),
    ]


def test_tool_calls_on_the_server_leave_nothing_in_the_thread() -> None:
    """`Progress` of the backend remembers them, or a later turn would not know the answers."""
    store = DictStore()
    turn_with_a_tool(store, Account())
    kept = " ".join(item.model_dump_json() for item in store.told())
    assert "call_1" not in kept
    assert '"noon"' not in kept


def test_e15_an_action_nobody_implemented_is_a_stream_error() -> None:
    """The backend overrides `action`, so that a press says in words that nothing listens."""
    action = {"type": "press", "payload": {}}
    press = stream(
        ScriptedServer(DictStore()), "threads.custom_action", thread_id=THREAD, action=action
    )
    assert asyncio.run(press)[-1] == STREAM_ERROR
    with pytest.raises(NotImplementedError):
        ScriptedServer(DictStore()).action(thread(), None, None, None)  # type: ignore[arg-type]


def test_e15_feedback_goes_to_add_feedback_and_never_to_action() -> None:
    """The backend overrides `add_feedback`: the default drops every thumb in silence."""
    heard: list[tuple[list[str], str]] = []

    class Listening(ScriptedServer):
        async def add_feedback(
            self, thread_id: str, item_ids: list[str], feedback: FeedbackKind, context: None
        ) -> None:
            heard.append((item_ids, feedback))

        def action(self, *args: Any) -> Events:
            raise AssertionError

    params = {"thread_id": THREAD, "item_ids": ["msg_1"], "kind": "negative"}
    for server in (Listening(DictStore()), ScriptedServer(DictStore())):
        result = asyncio.run(server.process(body("items.feedback", **params), None))
        assert isinstance(result, NonStreamingResult)
        assert result.json == b"{}"
    assert heard == [(["msg_1"], "negative")]


def test_each_agent_context_has_a_queue_of_its_own() -> None:
    """The backend makes one context per turn, so that no event reaches another's stream."""
    contexts = [
        AgentContext(thread=thread(), store=DictStore(), request_context=None) for _ in range(2)
    ]
    assert contexts[0]._events is not contexts[1]._events


class Citation:
    """A run that streams one, as the client parses it or as a dictionary."""

    def __init__(self, plain: bool) -> None:
        self.plain = plain

    async def stream_events(self) -> AsyncIterator[RawResponsesStreamEvent]:
        place = {"item_id": "msg_1", "output_index": 0, "content_index": 0, "annotation_index": 0}
        page = {"url": "https://a.example", "title": "A", "start_index": 0, "end_index": 3}
        kind = "response.output_text.annotation.added"
        event = TypeAdapter[Any](ResponseStreamEvent).validate_python(
            {"type": kind, "sequence_number": 1, "annotation": {"type": "url_citation", **page}}
            | place
        )
        if self.plain:
            event.annotation = event.annotation.to_dict()
        yield RawResponsesStreamEvent(data=event)


async def cited(plain: bool) -> list[str]:
    context = AgentContext[None](thread=thread(), store=DictStore(), request_context=None)
    run: Any = Citation(plain)
    events = stream_agent_response(context, run)
    return [e.update.type async for e in events if isinstance(e, ThreadItemUpdatedEvent)]


def test_a_streamed_citation_is_only_read_as_a_dictionary() -> None:
    """`Citing` of the backend's hosted tools makes it one: without that, every answer that cites
    what a search found ends in an error."""
    assert asyncio.run(cited(plain=True)) == ["assistant_message.content_part.annotation_added"]
    with pytest.raises(ValidationError):
        asyncio.run(cited(plain=False))
