"""What the SDK and the models leave to be mended before the browser and the store see it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from agents.models.fake_id import FAKE_RESPONSES_ID as FAKE
from chatkit.agents import AgentContext
from chatkit.types import (
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    ClientToolCallItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
)

from app.config import Settings
from app.events import keep_partial, keep_places, unique_ids
from app.identity import User
from app.stores import open_store

NOW = datetime(2026, 1, 2)


async def turn() -> AsyncIterator[ThreadStreamEvent]:
    """Two messages, a tool call for the browser, and a guardrail that takes everything back."""
    for text in ["one", "two"]:
        yield ThreadItemAddedEvent(item=message())
        delta = AssistantMessageContentPartTextDelta(content_index=0, delta=text)
        yield ThreadItemUpdatedEvent(item_id=FAKE, update=delta)
        yield ThreadItemDoneEvent(item=message())
    call = ClientToolCallItem(
        id=FAKE, thread_id="t", created_at=NOW, call_id="c", name="n", arguments={}
    )
    yield ThreadItemDoneEvent(item=call)
    yield ThreadItemRemovedEvent(item_id=FAKE)


def id_of(event: ThreadStreamEvent) -> str:
    match event:
        case ThreadItemAddedEvent() | ThreadItemDoneEvent():
            return event.item.id
        case ThreadItemUpdatedEvent() | ThreadItemRemovedEvent():
            return event.item_id
    raise AssertionError(event)


def message() -> AssistantMessageItem:
    return AssistantMessageItem(id=FAKE, thread_id="t", created_at=NOW, content=[])


def test_each_item_has_one_id_of_its_own_in_all_its_events(settings: Settings) -> None:
    async def collect() -> list[str]:
        async with open_store(settings) as store:
            thread = ThreadMetadata(id="t", created_at=NOW)
            context = AgentContext(thread=thread, store=store, request_context=User("ann"))
            return [id_of(event) async for event in unique_ids(turn(), context)]

    first, *rest = asyncio.run(collect())
    second = rest[2]
    assert rest[:5] == [first, first, second, second, second]
    call, *removed = rest[5:]
    assert removed == [first, second]
    assert len({first, second, call, FAKE}) == 4


def test_a_message_stays_where_it_was_added() -> None:
    async def events() -> AsyncIterator[ThreadStreamEvent]:
        yield ThreadItemAddedEvent(item=message())
        later = message().model_copy(update={"created_at": NOW + timedelta(seconds=9)})
        yield ThreadItemDoneEvent(item=later)

    async def collect() -> list[datetime]:
        kept = [event async for event in keep_places(events())]
        return [e.item.created_at for e in kept if isinstance(e, ThreadItemDoneEvent)]

    assert asyncio.run(collect()) == [NOW]


@pytest.mark.parametrize(("taken_back", "kept"), [(False, 1), (True, 0)])
def test_half_an_answer_is_kept_unless_it_was_taken_back(taken_back: bool, kept: int) -> None:
    async def events() -> AsyncIterator[ThreadStreamEvent]:
        yield ThreadItemAddedEvent(item=message())
        delta = AssistantMessageContentPartTextDelta(content_index=0, delta="half")
        yield ThreadItemUpdatedEvent(item_id=FAKE, update=delta)
        if taken_back:
            yield ThreadItemRemovedEvent(item_id=FAKE)
        raise RuntimeError

    async def collect() -> list[ThreadStreamEvent]:
        seen = []
        with pytest.raises(RuntimeError):
            async for event in keep_partial(events()):
                seen.append(event)
        return [event for event in seen if isinstance(event, ThreadItemDoneEvent)]

    assert len(asyncio.run(collect())) == kept
