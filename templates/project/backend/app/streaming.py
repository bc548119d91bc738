"""Streams that stay open, survive a client that leaves, and fail early enough to say so."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from weakref import WeakValueDictionary

from chatkit.server import StreamingResult
from chatkit.store import NotFoundError
from chatkit.types import ErrorEvent, StreamingReq

HEARTBEAT = 15.0  # seconds; proxies close a connection that stays silent for a minute
LAST_WRITES = 10.0  # seconds in which a stopping app may store half answers
RESTARTS = ErrorEvent(message="The server restarts. Please try again.", allow_retry=True)

# What is done with the whole answer to a request of a user.
Bytes = AsyncGenerator[bytes, None]
Wrapper = Callable[[Bytes, StreamingReq, str], Bytes]

_pumps: set[asyncio.Task[None]] = set()


@dataclass(frozen=True)
class StreamFormat:
    headers: dict[str, str]
    heartbeat: bytes
    frame: Callable[[bytes], bytes]


QUICKLY = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
SSE = StreamFormat(
    {"Content-Type": "text/event-stream", **QUICKLY}, b": still here\n\n", lambda event: event
)
# For a frontend of your own that asks for it. ChatKit's component reads server-sent events.
NDJSON = StreamFormat(
    {"Content-Type": "application/x-ndjson", **QUICKLY},
    b"\n",
    lambda event: event.removeprefix(b"data: ").removesuffix(b"\n"),
)


def stream_format(accept: str) -> StreamFormat:
    return NDJSON if "application/x-ndjson" in accept else SSE


class Turns:
    """Two tabs may write at once: the turns of one thread follow each other. This holds within
    one process."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def one_by_one(self, stream: Bytes, request: StreamingReq, user_id: str) -> Bytes:
        first = b""
        thread_id = getattr(request.params, "thread_id", "")
        if not thread_id:  # a new thread: its first event, and nobody before, says its id
            first = await anext(stream)
            thread_id = json.loads(first.removeprefix(b"data: "))["thread"]["id"]
        lock = self._locks.setdefault((user_id, thread_id), asyncio.Lock())
        async with lock:
            if first:
                yield first
            async for chunk in stream:
                yield chunk


async def open_stream(result: StreamingResult, format: StreamFormat) -> AsyncGenerator[bytes]:
    """Waits for the first event, so that an error before it can still become a 4xx."""
    events = _pump(result)
    try:
        first = await anext(events)
    except StopAsyncIteration:
        raise NotFoundError from None  # the SDK's answer to a retry of an unknown message

    async def chunks() -> AsyncGenerator[bytes]:
        try:
            yield format.frame(first) if first else format.heartbeat
            async for event in events:
                yield format.frame(event) if event else format.heartbeat
        except asyncio.CancelledError:
            # The server stops and has waited long enough, or nobody is there to read this.
            yield format.frame(b"data: " + RESTARTS.model_dump_json().encode() + b"\n\n")
        finally:
            await events.aclose()

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
                chunk = b""  # a heartbeat
            if chunk is None:
                await task  # raises what ended the turn, if anything did
                return
            yield chunk
    finally:
        task.cancel()


async def drain() -> None:
    """Half answers are stored before the store closes."""
    if _pumps:
        await asyncio.wait(_pumps, timeout=LAST_WRITES)
