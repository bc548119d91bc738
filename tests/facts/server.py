"""ChatKit servers as small as a test can use, and the words a browser speaks to them."""

# ruff: noqa: ARG002 - the SDK sets the parameters, whether a test needs them or not

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

from agents import Agent, RunConfig, RunHooks, Runner
from chatkit.agents import AgentContext, ThreadItemConverter, stream_agent_response
from chatkit.server import ChatKitServer, NonStreamingResult, StreamingResult
from chatkit.types import (
    AssistantMessageItem,
    ThreadItemDoneEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
)
from openai.types.responses import EasyInputMessageParam

from tests.facts.items import THREAD, assistant
from tests.facts.store import DictStore

Events = AsyncIterator[ThreadStreamEvent]
Answer = Callable[[ThreadMetadata, UserMessageItem | None], Events]
Event = dict[str, Any]

# Tracing would start a thread that exports to the network.
QUIET = RunConfig(tracing_disabled=True)


async def greet(thread: ThreadMetadata, message: UserMessageItem | None) -> Events:
    yield ThreadItemDoneEvent(item=assistant("msg_answer"))


class ScriptedServer(ChatKitServer[None]):
    """Answers with what one function yields."""

    def __init__(self, store: DictStore, answer: Answer = greet) -> None:
        super().__init__(store)
        self.answer = answer
        self.asked: list[UserMessageItem | None] = []

    def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
    ) -> Events:
        self.asked.append(input_user_message)
        return self.answer(thread, input_user_message)


class PlainText(ThreadItemConverter):
    async def assistant_message_to_input(self, item: AssistantMessageItem) -> EasyInputMessageParam:
        text = "".join(part.text for part in item.content)
        return EasyInputMessageParam(role="assistant", content=text)


class AgentServer(ChatKitServer[None]):
    """Answers with an agent; `change` sees its events on their way."""

    def __init__(
        self,
        store: DictStore,
        agent: Agent[AgentContext[None]],
        change: Callable[[Events], Events] = lambda events: events,
        converter: ThreadItemConverter | None = None,
        hooks: RunHooks[AgentContext[None]] | None = None,
        cancels: bool = False,
    ) -> None:
        super().__init__(store)
        self.agent = agent
        self.change = change
        self.converter = converter or PlainText()
        self.hooks = hooks
        self.cancels = cancels

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
    ) -> Events:
        newest = await self.store.load_thread_items(thread.id, None, 20, "desc", None)
        history = await self.converter.to_agent_input(newest.data[::-1])
        agent_context = AgentContext(thread=thread, store=self.store, request_context=None)
        result = Runner.run_streamed(
            self.agent, history, context=agent_context, hooks=self.hooks, run_config=QUIET
        )
        try:
            async for event in self.change(stream_agent_response(agent_context, result)):
                yield event
        finally:
            if self.cancels:
                result.cancel()


def body(op: str, **params: Any) -> bytes:
    return json.dumps({"type": op, "params": params}).encode()


def message(text: str = "Hi") -> dict[str, Any]:
    content = [{"type": "input_text", "text": text}]
    return {"content": content, "attachments": [], "inference_options": {}}


async def open_stream(server: ChatKitServer[None], op: str, **params: Any) -> StreamingResult:
    result = await server.process(body(op, **params), None)
    assert isinstance(result, StreamingResult)
    return result


async def stream(server: ChatKitServer[None], op: str, **params: Any) -> list[Event]:
    result = await open_stream(server, op, **params)
    return [parse(chunk) async for chunk in result]


async def ask(server: ChatKitServer[None], text: str = "Hi") -> list[Event]:
    return await stream(server, "threads.add_user_message", thread_id=THREAD, input=message(text))


async def request(server: ChatKitServer[None], op: str, **params: Any) -> Any:
    result = await server.process(body(op, **params), None)
    assert isinstance(result, NonStreamingResult)
    return json.loads(result.json)


def parse(chunk: bytes) -> Event:
    event: Event = json.loads(chunk.removeprefix(b"data: "))
    return event


def kinds(events: list[Event]) -> list[str]:
    return [event["type"] for event in events]
