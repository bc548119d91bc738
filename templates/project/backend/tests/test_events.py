"""Models that name all their messages alike, and what the browser gets to see of it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

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
from app.events import unique_ids
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
