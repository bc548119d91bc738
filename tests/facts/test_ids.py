"""Ids: the SDK's own are short, and Chat Completions models have none at all."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import pytest
from agents import (
    Agent,
    GuardrailFunctionOutput,
    OutputGuardrail,
    RunContextWrapper,
    StopAtTools,
    function_tool,
)
from agents.models.fake_id import FAKE_RESPONSES_ID
from chatkit.agents import AgentContext, ClientToolCall
from chatkit.store import StoreItemType, default_generate_id
from chatkit.types import ThreadItemAddedEvent, ThreadItemDoneEvent, ThreadItemUpdatedEvent

from tests.facts.provider import Provider, Reply, call, model_of, say
from tests.facts.server import AgentServer, Event, Events, ask, kinds
from tests.facts.store import DictStore

TEXT_TOOL_TEXT = (call("clock", "Let ", "me see."), say("It is ", "noon."))
TEXT_AND_BROWSER_TOOL = (call("look", "I ", "look."),)


@function_tool
def clock() -> str:
    return "noon"


@function_tool
def look(context: RunContextWrapper[AgentContext[None]]) -> None:
    context.context.client_tool_call = ClientToolCall(name="look", arguments={})


def server_of(
    store: DictStore, *replies: Reply, change: Callable[[Events], Events] = lambda events: events
) -> AgentServer:
    agent = Agent[AgentContext[None]](
        "assistant",
        model=model_of(Provider(list(replies))),
        tools=[clock, look],
        tool_use_behavior=StopAtTools(stop_at_tool_names=["look"]),
    )
    return AgentServer(store, agent, change)


def address(event: Event) -> str:
    """The item that an event is about."""
    return str(event["item_id"] if "item_id" in event else event["item"]["id"])


def ids(events: list[Event], kind: str) -> list[str]:
    """The ids of what the assistant did; the user's message is not its work."""
    found = [e for e in events if e["type"] == kind]
    return [name for name in map(address, found) if not name.startswith("msg_")]


async def one_id_per_turn(events: Events) -> Events:
    """The remedy that circulates: one new id, put into `item` and nowhere else."""
    async for event in events:
        if isinstance(event, ThreadItemAddedEvent | ThreadItemDoneEvent):
            event.item.id = "turn-1"
        yield event


def one_id_per_message(reset: bool) -> Callable[[Events], Events]:
    async def change(events: Events) -> Events:
        current, count = FAKE_RESPONSES_ID, 0
        async for event in events:
            if isinstance(event, ThreadItemAddedEvent):
                count += 1
                event.item.id = current = f"message-{count}"
            elif isinstance(event, ThreadItemUpdatedEvent):
                event.item_id = current
            elif isinstance(event, ThreadItemDoneEvent):
                event.item.id = current
                current = "call-1" if reset else current
            yield event

    return change


def test_the_placeholder_id_is_a_constant_of_the_sdk() -> None:
    """`unique_ids` compares with the SDK's constant, so a new value cannot slip past it."""
    assert FAKE_RESPONSES_ID == "__fake_id__"


def test_e01_chat_completions_give_every_message_the_placeholder_id() -> None:
    """`unique_ids` gives each message an id of its own before ChatKit stores or sends it."""
    store = DictStore()

    async def two_turns() -> list[Event]:
        server = server_of(store, say("One ", "answer."), say("Another ", "answer."))
        return await ask(server) + await ask(server)

    events = asyncio.run(two_turns())
    for kind in ("thread.item.added", "thread.item.updated", "thread.item.done"):
        found = ids(events, kind)
        assert len(found) >= 2
        assert set(found) == {"__fake_id__"}, kind
    assert [i.type for i in store.told()] == ["user_message", "assistant_message", "user_message"]
    assert [i.id for i in store.added].count("__fake_id__") == 2


def test_e02_one_new_id_per_turn_leaves_updates_behind_and_merges_messages() -> None:
    """`unique_ids` also rewrites `item_id` of updates and starts anew at each added message."""
    store = DictStore()
    events = asyncio.run(ask(server_of(store, *TEXT_TOOL_TEXT, change=one_id_per_turn)))
    assert set(ids(events, "thread.item.updated")) == {"__fake_id__"}
    assert ids(events, "thread.item.done") == ["turn-1", "turn-1"]
    texts = [i.content[0].text for i in store.told() if i.type == "assistant_message"]
    assert texts == ["It is noon."]


def test_e03_each_message_is_added_updated_and_done_before_the_next() -> None:
    """`unique_ids` needs to remember one current id only, because messages never interleave."""
    store = DictStore()
    change = one_id_per_message(reset=True)
    events = asyncio.run(ask(server_of(store, *TEXT_TOOL_TEXT, change=change)))
    addressed = [address(e) for e in events[1:] if e["type"].startswith("thread.item.")]
    assert set(addressed) == {"message-1", "message-2"}
    assert addressed == sorted(addressed)
    texts = [i.content[0].text for i in store.told() if i.type == "assistant_message"]
    assert texts == ["Let me see.", "It is noon."]


@pytest.mark.parametrize(
    ("reset", "kept"),
    [(True, ["assistant_message", "client_tool_call"]), (False, ["client_tool_call"])],
)
def test_e03_a_browser_tool_call_is_done_without_being_added(reset: bool, kept: list[str]) -> None:
    """`unique_ids` gives a call its own id at `done`, or it would overwrite the message before."""
    store = DictStore()
    replies, change = TEXT_AND_BROWSER_TOOL, one_id_per_message(reset)
    events = asyncio.run(ask(server_of(store, *replies, change=change)))
    assert kinds(events).count("thread.item.added") == 1
    assert [i.type for i in store.told()[1:]] == kept


def test_e03_a_browser_tool_call_carries_the_placeholder_id_too() -> None:
    """`unique_ids` looks at every finished item, not at messages alone."""
    events = asyncio.run(ask(server_of(DictStore(), *TEXT_AND_BROWSER_TOOL)))
    last = events[-1]["item"]
    assert (last["type"], last["id"]) == ("client_tool_call", "__fake_id__")


def test_a_tripped_guardrail_removes_the_placeholder_id() -> None:
    """`unique_ids` turns that removal into one for each id it issued, and into no other."""

    async def trip(
        context: RunContextWrapper[Any], agent: Agent[Any], output: object
    ) -> GuardrailFunctionOutput:
        return GuardrailFunctionOutput(output_info=None, tripwire_triggered=True)

    server = server_of(DictStore(), say("Something ", "bad."))
    server.agent.output_guardrails = [OutputGuardrail(trip)]
    events = asyncio.run(ask(server))
    assert ids(events, "thread.item.removed") == ["__fake_id__"]
    assert kinds(events)[-1] == "error"


@pytest.mark.parametrize("kind", ["thread", "message", "tool_call", "workflow", "attachment"])
def test_ids_of_the_sdk_carry_32_bits(kind: StoreItemType) -> None:
    """The backend's store makes its own ids of 128 bits: no collisions, and nothing to guess."""
    assert re.fullmatch(r"[a-z]+_[0-9a-f]{8}", default_generate_id(kind))
