"""A model around the model, which counts tokens."""

from collections.abc import AsyncIterator
from typing import Any

from agents import Model, ModelResponse
from agents.items import TResponseStreamEvent
from agents.retry import ModelRetryAdvice, ModelRetryAdviceRequest
from openai.types.responses import ResponseCompletedEvent

from app.telemetry.metrics import TOKENS
from app.telemetry.traces import tracer


class WatchedModel(Model):
    def __init__(self, model: Model) -> None:
        self._model = model

    async def get_response(self, *args: Any, **kwargs: Any) -> ModelResponse:
        with tracer.start_as_current_span("model"):
            response = await self._model.get_response(*args, **kwargs)
        count(response.usage.input_tokens, response.usage.output_tokens)
        return response

    async def stream_response(
        self, *args: Any, **kwargs: Any
    ) -> AsyncIterator[TResponseStreamEvent]:
        span = tracer.start_span("model")
        try:
            async for event in self._model.stream_response(*args, **kwargs):
                if isinstance(event, ResponseCompletedEvent) and event.response.usage:
                    usage = event.response.usage
                    count(usage.input_tokens, usage.output_tokens)
                yield event
        finally:
            span.end()

    def get_retry_advice(self, request: ModelRetryAdviceRequest) -> ModelRetryAdvice | None:
        return self._model.get_retry_advice(request)


def count(read: int, written: int) -> None:
    TOKENS.labels("input").inc(read)
    TOKENS.labels("output").inc(written)
