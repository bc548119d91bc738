"""From the agent's events to the browser: unique ids, and streams that survive a lost client."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

from agents.models.fake_id import FAKE_RESPONSES_ID
from chatkit.agents import AgentContext
from chatkit.server import StreamingResult
from chatkit.store import NotFoundError
from chatkit.types import (
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
)

from app.identity import User

HEARTBEAT = 15.0  # seconds; proxies close a connection that stays silent for a minute
SSE_HEADERS = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-cache, no-transform",
    "X-Accel-Buffering": "no",
}

_pumps: set[asyncio.Task[None]] = set()


async def unique_ids(
    events: AsyncIterator[ThreadStreamEvent], context: AgentContext[User]
) -> AsyncIterator[ThreadStreamEvent]:
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


async def open_stream(result: StreamingResult) -> AsyncIterator[bytes]:
    """Waits for the first chunk, so that an error before it can still become a 4xx."""
    stream = _pump(result)
    try:
        first = await anext(stream)
    except StopAsyncIteration:
        raise NotFoundError from None  # the SDK's answer to a retry of an unknown message

    async def chunks() -> AsyncIterator[bytes]:
        try:
            yield first
            async for chunk in stream:
                yield chunk
        finally:
            await stream.aclose()

    return chunks()


async def _pump(result: StreamingResult) -> AsyncGenerator[bytes]:
    """The turn runs in a task of its own. When the client leaves, that task is cancelled once and
    can still store the half answer; inside the response every further await would fail."""
    queue: asyncio.Queue[bytes | None] = asyncio.Queue()

    async def run() -> None:
        try:
            async for chunk in result:
                queue.put_nowait(chunk)
        finally:
            queue.put_nowait(None)

    task = asyncio.create_task(run())
    _pumps.add(task)
    task.add_done_callback(_pumps.discard)
    try:
        while True:
            try:
                chunk = await asyncio.wait_for(queue.get(), HEARTBEAT)
            except TimeoutError:
                chunk = b": still here\n\n"
            if chunk is None:
                await task  # raises what ended the turn, if anything did
                return
            yield chunk
    finally:
        task.cancel()


async def drain() -> None:
    """Half answers are stored before the store closes."""
    await asyncio.gather(*_pumps, return_exceptions=True)
