"""Leaving in the middle of an answer: what is stored, and what goes on without a reader."""

import asyncio

import pytest
from agents import Agent
from chatkit.agents import AgentContext
from chatkit.server import StreamingResult
from chatkit.types import (
    AssistantMessageContentPartTextDelta,
    ThreadItem,
    ThreadItemAddedEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    UserMessageItem,
)
from fastapi.responses import StreamingResponse

from tests.facts.browser import Browser
from tests.facts.items import THREAD, assistant
from tests.facts.provider import SlowProvider, model_of, say
from tests.facts.server import AgentServer, Events, ScriptedServer, message, open_stream
from tests.facts.store import DictStore

PATIENCE = 10.0  # seconds until a hanging test fails; none is spent in one that passes


class Database(DictStore):
    """A store that waits before it writes, as every real one does."""

    async def add_thread_item(self, thread_id: str, item: ThreadItem, context: None) -> None:
        await asyncio.sleep(0)
        await super().add_thread_item(thread_id, item, context)


async def half_an_answer(thread: ThreadMetadata, message: UserMessageItem | None) -> Events:
    yield ThreadItemAddedEvent(item=assistant("msg_half", text=""))
    update = AssistantMessageContentPartTextDelta(content_index=0, delta="Half")
    yield ThreadItemUpdatedEvent(item_id="msg_half", update=update)
    await asyncio.Event().wait()


def shows_half(chunk: bytes) -> bool:
    return b"Half" in chunk


async def answer(store: DictStore) -> StreamingResult:
    server = ScriptedServer(store, half_an_answer)
    return await open_stream(server, "threads.add_user_message", thread_id=THREAD, input=message())


async def settle() -> None:
    """Gives whatever is about to happen in other tasks the turns it needs."""
    for _ in range(100):
        await asyncio.sleep(0)


def kept(store: DictStore) -> list[str]:
    return [item.type for item in store.told()[1:]]


@pytest.mark.parametrize(
    ("store", "expected"),
    [(DictStore, ["assistant_message", "sdk_hidden_context"]), (Database, [])],
)
def test_fact_03_a_lost_client_costs_the_half_answer_if_the_store_waits(
    store: type[DictStore], expected: list[str]
) -> None:
    """The backend runs each turn in a task of its own: in the response, storing is cancelled."""

    async def run() -> list[str]:
        there = store()
        browser = Browser(leaves=shows_half)
        result = await answer(there)
        await asyncio.wait_for(browser.read(StreamingResponse(result)), PATIENCE)
        return kept(there)

    assert asyncio.run(run()) == expected


def test_fact_03_a_task_that_is_cancelled_once_still_stores_the_half_answer() -> None:
    """The backend's pump cancels its task once, which leaves time to store."""

    async def run() -> list[str]:
        there, seen = Database(), asyncio.Event()

        async def pump() -> None:
            async for chunk in await answer(there):
                if shows_half(chunk):
                    seen.set()

        task = asyncio.create_task(pump())
        await asyncio.wait_for(seen.wait(), PATIENCE)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return kept(there)

    assert asyncio.run(run()) == ["assistant_message", "sdk_hidden_context"]


def test_a_closed_generator_calls_no_cancel_hook() -> None:
    """The backend's pump cancels its task and never closes the generator under it."""

    async def run() -> list[str]:
        there = DictStore()
        result = await answer(there)
        async for chunk in result.json_events:
            if shows_half(chunk):
                break
        await result.json_events.aclose()
        await settle()
        return kept(there)

    assert asyncio.run(run()) == []


async def read_half(server: AgentServer) -> None:
    params = {"thread_id": THREAD, "input": message()}
    result = await open_stream(server, "threads.add_user_message", **params)
    browser = Browser(leaves=shows_half)
    await asyncio.wait_for(browser.read(StreamingResponse(result)), PATIENCE)


def server_of(provider: SlowProvider, cancels: bool) -> AgentServer:
    agent = Agent[AgentContext[None]]("assistant", model=model_of(provider))
    return AgentServer(DictStore(), agent, cancels=cancels)


def test_fact_03_the_model_goes_on_when_nobody_reads() -> None:
    """`respond` of the backend does not rely on the SDK to stop a model that costs money."""

    async def run() -> bool:
        provider = SlowProvider([say("Half", " an answer")])
        await read_half(server_of(provider, cancels=False))
        await settle()
        assert not provider.ended.is_set()
        provider.go.set()
        await asyncio.wait_for(provider.ended.wait(), PATIENCE)
        return provider.finished

    assert asyncio.run(run())


def test_fact_03_cancelling_the_run_stops_the_model() -> None:
    """`respond` of the backend ends with `result.cancel()`, so that nobody pays for the rest."""

    async def run() -> bool:
        provider = SlowProvider([say("Half", " an answer")])
        await read_half(server_of(provider, cancels=True))
        await asyncio.wait_for(provider.ended.wait(), PATIENCE)
        return provider.finished

    assert not asyncio.run(run())
