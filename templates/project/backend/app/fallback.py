"""A second model that takes over while the first has not said anything yet."""

import logging
from collections.abc import AsyncIterator
from json import JSONDecodeError
from typing import Any

from agents import Model, ModelResponse
from agents.items import TResponseStreamEvent
from agents.retry import ModelRetryAdvice, ModelRetryAdviceRequest
from openai import APIError, APIStatusError

# What comes before the first word. It is held back, or an empty message of the first model would
# stay on the screen above the answer of the second.
PRELUDE = {
    "response.created",
    "response.in_progress",
    "response.output_item.added",
    "response.content_part.added",
}
FAILURES = (APIError, JSONDecodeError)  # the second: a proxy's page where an event should be

logger = logging.getLogger(__name__)


class FallbackModel(Model):
    def __init__(self, first: Model, second: Model) -> None:
        self.first = first
        self.second = second

    async def get_response(self, *args: Any, **kwargs: Any) -> ModelResponse:
        try:
            return await self.first.get_response(*args, **kwargs)
        except FAILURES as error:
            take_over(error)
        return await self.second.get_response(*args, **kwargs)

    async def stream_response(
        self, *args: Any, **kwargs: Any
    ) -> AsyncIterator[TResponseStreamEvent]:
        held: list[TResponseStreamEvent] = []
        speaking = False
        try:
            async for event in self.first.stream_response(*args, **kwargs):
                held.append(event)
                speaking = speaking or event.type not in PRELUDE
                if speaking:
                    for ready in held:
                        yield ready
                    held.clear()
            return
        except FAILURES as error:
            if speaking:
                raise
            take_over(error)
        async for event in self.second.stream_response(*args, **kwargs):
            yield event

    def get_retry_advice(self, request: ModelRetryAdviceRequest) -> ModelRetryAdvice | None:
        return self.second.get_retry_advice(request)


def take_over(error: Exception) -> None:
    """Only what may be better elsewhere: a refused key or a wrong request would be hidden."""
    if isinstance(error, APIStatusError) and error.status_code < 500 and error.status_code != 429:
        raise error
    logger.warning("The first model failed (%s), the second answers", type(error).__name__)
