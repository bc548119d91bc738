"""The chat server, watched: how turns end, how long the first word takes, who and where."""

import logging
import time
from collections.abc import AsyncIterator

from agents import Model, RunResultStreaming
from chatkit.server import NonStreamingResult, StreamingResult
from chatkit.types import (
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
)

from app.config import Settings
from app.events import Events
from app.identity import User
from app.server import ChatServer
from app.stores.chat_store import ChatStore
from app.telemetry.logs import thread_id, user_id
from app.telemetry.metrics import ERRORS, FIRST_WORD, STREAMS, TOKENS, TURNS
from app.telemetry.requests import arrival
from app.telemetry.store import WatchedStore
from app.telemetry.traces import tracer

logger = logging.getLogger(__name__)


class WatchedServer(ChatServer):
    def __init__(self, store: ChatStore, model: Model, settings: Settings) -> None:
        super().__init__(WatchedStore(store), model, settings)
        self.stages.insert(0, count)
        # Most compatible providers count the tokens of a stream only when they are asked to.
        self.assistant.model_settings.include_usage = True

    async def process(
        self, request: str | bytes | bytearray, context: User
    ) -> StreamingResult | NonStreamingResult:
        user_id.set(context.id)
        return await super().process(request, context)

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: User
    ) -> AsyncIterator[ThreadStreamEvent]:
        thread_id.set(thread.id)
        now = time.perf_counter()
        started = arrival.get(now)
        silent, end = True, "left"
        span = tracer.start_span("turn")
        STREAMS.inc()
        try:
            async for event in super().respond(thread, input_user_message, context):
                if silent and is_word(event):
                    silent = False
                    FIRST_WORD.observe(time.perf_counter() - started)
                yield event
            end = "done"
        except Exception as error:
            end = "failed"
            ERRORS.labels(type(error.__cause__ or error).__name__).inc()
            raise
        finally:
            span.end()
            STREAMS.dec()
            TURNS.labels(end).inc()
            logger.info("A turn ended: %s, %.2f s", end, time.perf_counter() - started)


def is_word(event: ThreadStreamEvent) -> bool:
    match event:
        case ThreadItemUpdatedEvent(update=AssistantMessageContentPartTextDelta()):
            return True
        case ThreadItemDoneEvent(item=AssistantMessageItem()):
            return True  # of an answer that was held back until it was whole
    return False


async def count(events: Events, result: RunResultStreaming) -> Events:
    try:
        async for event in events:
            yield event
    finally:
        usage = result.context_wrapper.usage
        TOKENS.labels("input").inc(usage.input_tokens)
        TOKENS.labels("output").inc(usage.output_tokens)
