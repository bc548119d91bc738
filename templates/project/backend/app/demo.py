"""A model that needs no key and no network: it remembers, calls tools and streams word by word.

It answers the SDK's requests in the Chat Completions protocol, inside this process, so that all the
code above it does what it does with a real provider.
"""

import asyncio
import json
import re
import uuid
from collections.abc import AsyncIterator
from typing import Any

import httpx2
from agents import Model, OpenAIChatCompletionsModel
from openai import AsyncOpenAI

PAUSE = 0.02  # seconds between two words
ABOUT = (
    "I am the demo model: I remember this conversation and call tools, but I do not think. "
    "For a real one set LLM_PROVIDER and its key in backend/.env."
)
# What the SDK tells the model in the user's name.
CONTEXT = ("# User-provided context", "The following graphical UI", "Hidden context")
SAMPLES = {"integer": 1, "number": 1.0, "boolean": True, "array": [], "object": {}}


def demo_model() -> Model:
    http = httpx2.AsyncClient(transport=DemoProvider())
    client = AsyncOpenAI(api_key="none", base_url="http://demo", http_client=http)
    return OpenAIChatCompletionsModel("demo", client)


class DemoProvider(httpx2.AsyncBaseTransport):
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        body = json.loads(await request.aread())
        message = answer(body)
        if body.get("stream"):
            headers = {"content-type": "text/event-stream"}
            return httpx2.Response(200, headers=headers, content=stream(message))
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        return httpx2.Response(200, json={**envelope("chat.completion"), "choices": [choice]})


def answer(body: dict[str, Any]) -> dict[str, Any]:
    messages, choice = body["messages"], body.get("tool_choice")
    said = [text_of(message) for message in messages if message["role"] == "user"]
    tag = re.search(r"\((\w+)\): \{", said[-1]) if said else None
    said = [text for text in said if not text.startswith(CONTEXT)]
    question = said[-1] if said else ""
    words = set(re.findall(r"\w+", question.lower()))
    forced = choice["function"]["name"] if isinstance(choice, dict) else None
    functions = [tool["function"] for tool in body.get("tools", [])]
    called = max(functions, key=lambda f: (f["name"] == forced, shared(f, words)), default=None)
    if messages[-1]["role"] == "tool":
        text = f"The tool says: {text_of(messages[-1])}"
    elif len(said) > 1 and words & {"said", "say", "remember", "earlier"}:
        text = "So far you said: " + "; ".join(f"“{earlier}”" for earlier in said[:-1]) + "."
    elif called and (called["name"] == forced or shared(called, words)):
        return {"role": "assistant", "content": None, "tool_calls": [call(called, question, tag)]}
    else:
        text = f"You said “{question}”. {ABOUT if len(said) < 2 else f'Message {len(said)}.'}"
    return {"role": "assistant", "content": text}


def text_of(message: dict[str, Any]) -> str:
    content = message["content"]
    return content if isinstance(content, str) else "".join(p.get("text", "") for p in content)


def shared(function: dict[str, Any], words: set[str]) -> int:
    return sum(len(word) > 2 for word in words & set(function["name"].lower().split("_")))


def call(function: dict[str, Any], question: str, tag: re.Match[str] | None) -> dict[str, Any]:
    """What was tagged or stands in quotation marks is what the tool gets to read; otherwise a
    value that the question names, its default, or the whole question."""
    quoted = tag or re.search(r"(?<!\w)['\"“](.+?)['\"”](?!\w)", question)
    properties = function["parameters"].get("properties", {})
    arguments = {}
    for name, schema in properties.items():
        if values := schema.get("enum"):
            arguments[name] = next((v for v in values if str(v) in question), values[0])
        elif schema.get("type") == "string":
            arguments[name] = quoted[1] if quoted else schema.get("default", question)
        else:
            arguments[name] = schema.get("default", SAMPLES.get(schema.get("type")))
    return {
        "index": 0,
        "id": f"call_{uuid.uuid4().hex}",
        "type": "function",
        "function": {"name": function["name"], "arguments": json.dumps(arguments)},
    }


async def stream(message: dict[str, Any]) -> AsyncIterator[bytes]:
    text = message["content"]
    deltas = [{"content": word} for word in re.findall(r"\s*\S+", text)] if text else [message]
    for delta in deltas:
        await asyncio.sleep(PAUSE)
        yield chunk({"index": 0, "delta": delta, "finish_reason": None})
    yield chunk({"index": 0, "delta": {}, "finish_reason": "stop"})
    yield b"data: [DONE]\n\n"


def chunk(choice: dict[str, Any]) -> bytes:
    event = {**envelope("chat.completion.chunk"), "choices": [choice]}
    return b"data: " + json.dumps(event).encode() + b"\n\n"


def envelope(kind: str) -> dict[str, Any]:
    return {"id": "demo", "object": kind, "created": 0, "model": "demo"}
