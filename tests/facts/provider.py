"""A Chat Completions provider inside the process: it plays a script and keeps what it was asked.

The real client, the real model class and its converters all run; only the network is missing.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx2
from agents import Model, OpenAIChatCompletionsModel
from openai import AsyncOpenAI

KEY = "sk-facts"


@dataclass(frozen=True)
class Reply:
    deltas: tuple[dict[str, Any], ...] = ()
    status: int = 200
    tail: bytes = b""  # what breaks the stream off


def say(*words: str) -> Reply:
    return Reply(tuple({"content": word} for word in words))


def call(tool: str, *words: str, arguments: str = "{}") -> Reply:
    """Words, if any, and then a call, as one message of the provider."""
    function = {"name": tool, "arguments": arguments}
    request = {"index": 0, "id": "call_1", "type": "function", "function": function}
    return Reply((*say(*words).deltas, {"tool_calls": [request]}))


def refuse(status: int) -> Reply:
    return Reply(status=status)


def break_off(*words: str) -> Reply:
    """Words and then an error, as an overloaded provider puts it into the stream."""
    error = event({"error": {"message": "overloaded", "code": "429"}})
    return Reply(say(*words).deltas, tail=error)


def turn_into_a_page(*words: str) -> Reply:
    """Words and then HTML, as a proxy that gives up puts it into the stream."""
    return Reply(say(*words).deltas, tail=b"data: <html>Bad gateway</html>\n\n")


@dataclass
class Provider(httpx2.AsyncBaseTransport):
    replies: list[Reply]
    requests: list[dict[str, Any]] = field(default_factory=list)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(json.loads(await request.aread()))
        reply = self.replies.pop(0)
        if reply.status != 200:
            # The header keeps a client that retries from sleeping.
            return httpx2.Response(
                reply.status, headers={"retry-after-ms": "1"}, json={"error": {"message": "no"}}
            )
        headers = {"content-type": "text/event-stream"}
        return httpx2.Response(200, headers=headers, content=self.stream(reply))

    async def stream(self, reply: Reply) -> AsyncIterator[bytes]:
        for delta in reply.deltas:
            yield chunk(delta)
        if reply.tail:
            yield reply.tail
            return
        yield chunk({}, "tool_calls" if "tool_calls" in reply.deltas[-1] else "stop")
        yield b"data: [DONE]\n\n"


@dataclass
class SlowProvider(Provider):
    """Says its words and waits for `go` before it ends, in whichever way."""

    go: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    finished: bool = False

    async def stream(self, reply: Reply) -> AsyncIterator[bytes]:
        try:
            for delta in reply.deltas:
                yield chunk(delta)
            await self.go.wait()
            yield reply.tail or chunk({}, "stop")
            self.finished = True
        finally:
            self.ended.set()


def client_of(provider: Provider, max_retries: int = 0) -> AsyncOpenAI:
    http = httpx2.AsyncClient(transport=provider)
    return AsyncOpenAI(
        api_key=KEY, base_url="http://provider", http_client=http, max_retries=max_retries
    )


def model_of(provider: Provider, max_retries: int = 0) -> Model:
    return OpenAIChatCompletionsModel("scripted", client_of(provider, max_retries))


def chunk(delta: dict[str, Any], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    head = {"id": "answer", "object": "chat.completion.chunk", "created": 0, "model": "scripted"}
    return event({**head, "choices": [choice]})


def event(data: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(data).encode() + b"\n\n"
