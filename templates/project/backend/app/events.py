"""Repairs on the events of a turn, between the Agents SDK and the browser."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any

from agents import RunResultStreaming
from agents.models.fake_id import FAKE_RESPONSES_ID
from chatkit.actions import Action
from chatkit.agents import AgentContext
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    WidgetItem,
)

from app.identity import User

Events = AsyncIterator[ThreadStreamEvent]
# What a part of the app does with all events of a turn, and when a button of a widget is pressed.
Stage = Callable[[Events, RunResultStreaming], Events]
Press = Callable[[ThreadMetadata, Action[str, Any], WidgetItem, User], Events]


async def unique_ids(events: Events, context: AgentContext[User]) -> Events:
    """Chat Completions models give every message the same placeholder id, and in the browser and
    in the store each answer would overwrite the one before. Each message gets an id of its own."""
    issued: list[str] = []
    current = ""
    async for event in events:
        match event:
            case ThreadItemAddedEvent(item=item) if item.id == FAKE_RESPONSES_ID:
                item.id = current = context.generate_id("message")
                issued.append(current)
            case ThreadItemUpdatedEvent(item_id=item_id) if item_id == FAKE_RESPONSES_ID:
                event.item_id = current
            case ThreadItemDoneEvent(item=item) if item.id == FAKE_RESPONSES_ID:
                is_call = item.type == "client_tool_call"
                item.id = context.generate_id("tool_call") if is_call else current
            case ThreadItemRemovedEvent(item_id=item_id) if item_id == FAKE_RESPONSES_ID:
                for known in issued:
                    yield ThreadItemRemovedEvent(item_id=known)
                continue
        yield event


async def keep_places(events: Events) -> Events:
    """An item stays where it was added when the thread is read again: the SDK dates a message anew
    when it is done, and by then a tool may have begun."""
    begun: dict[str, datetime] = {}
    async for event in events:
        match event:
            case ThreadItemAddedEvent(item=item):
                begun[item.id] = item.created_at
            case ThreadItemDoneEvent(item=item):
                item.created_at = begun.get(item.id, item.created_at)
        yield event


async def keep_partial(events: Events) -> Events:
    """What the assistant had said when its model failed is kept, as it is when a user leaves."""
    message: AssistantMessageItem | None = None
    text = ""
    try:
        async for event in events:
            match event:
                case ThreadItemAddedEvent(item=AssistantMessageItem() as message):
                    text = ""
                case ThreadItemUpdatedEvent(
                    update=AssistantMessageContentPartTextDelta(delta=delta)
                ):
                    text += delta
                case ThreadItemDoneEvent() | ThreadItemRemovedEvent():
                    message = None
            yield event
    except Exception:
        if message and text:
            content = [AssistantMessageContent(text=text)]
            yield ThreadItemDoneEvent(item=message.model_copy(update={"content": content}))
        raise
