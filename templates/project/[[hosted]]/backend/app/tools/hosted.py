"""Tools that OpenAI runs. Another provider refuses them, so they only reach OpenAI."""

import logging
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

from agents import FunctionTool, Model, ModelResponse, Tool
from agents.items import TResponseStreamEvent
from agents.retry import ModelRetryAdvice, ModelRetryAdviceRequest

from app.fallback import FallbackModel
from app.server import ChatServer

logger = logging.getLogger(__name__)


def offer(server: ChatServer, tool: Tool) -> None:
    provider, second = server.settings.llm_provider, server.settings.llm_fallback
    if provider != "openai":
        logger.warning("%s is left out: %s has no such tool", tool.name, provider)
        return
    if second not in {"", "openai"}:
        logger.warning("When %s takes over, %s is left out", second, tool.name)
    server.assistant.tools = [*server.assistant.tools, tool]
    server.fit = partial(fit, second=second)
    if isinstance(server.assistant.model, Model):
        server.assistant.model = server.fit(server.assistant.model)


def fit(model: Model, second: str) -> Model:
    if isinstance(model, Citing):
        return model
    if isinstance(model, FallbackModel) and second != "openai":
        model = FallbackModel(model.first, WithoutHosted(model.second))
    return Citing(model)


class Citing(Model):
    """The client has two classes for a citation, and ChatKit fails on the one that is streamed:
    every answer that cites would end in an error. A plain dictionary it reads."""

    def __init__(self, model: Model) -> None:
        self._model = model

    async def get_response(self, *args: Any, **kwargs: Any) -> ModelResponse:
        return await self._model.get_response(*args, **kwargs)

    async def stream_response(
        self, *args: Any, **kwargs: Any
    ) -> AsyncIterator[TResponseStreamEvent]:
        async for event in self._model.stream_response(*args, **kwargs):
            if event.type == "response.output_text.annotation.added" and event.annotation:
                event = event.model_copy(update={"annotation": event.annotation.to_dict()})
            yield event

    def get_retry_advice(self, request: ModelRetryAdviceRequest) -> ModelRetryAdvice | None:
        return self._model.get_retry_advice(request)


class WithoutHosted(Model):
    def __init__(self, model: Model) -> None:
        self._model = model

    async def get_response(self, *args: Any, **kwargs: Any) -> ModelResponse:
        kwargs["tools"] = plain(kwargs["tools"])
        return await self._model.get_response(*args, **kwargs)

    def stream_response(
        self,
        system_instructions: Any,
        input: Any,
        model_settings: Any,
        tools: list[Tool],
        *args: Any,
        **kwargs: Any,
    ) -> AsyncIterator[TResponseStreamEvent]:
        return self._model.stream_response(
            system_instructions, input, model_settings, plain(tools), *args, **kwargs
        )


def plain(tools: list[Tool]) -> list[Tool]:
    return [tool for tool in tools if isinstance(tool, FunctionTool)]
