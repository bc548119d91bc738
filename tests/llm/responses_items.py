"""What responses are made of."""

import time
from typing import Any

from tests.llm.replies import CallTool
from tests.llm.wire import count_tokens, make_id

ECHOED: dict[str, object] = {
    "instructions": None,
    "max_output_tokens": None,
    "metadata": {},
    "parallel_tool_calls": True,
    "previous_response_id": None,
    "store": True,
    "temperature": 1.0,
    "tool_choice": "auto",
    "tools": [],
    "top_p": 1.0,
    "truncation": "disabled",
}


def start_response(body: dict[str, Any]) -> dict[str, Any]:
    fixed = {
        "id": make_id("resp_"),
        "object": "response",
        "created_at": int(time.time()),
        "status": "in_progress",
        "background": False,
        "error": None,
        "incomplete_details": None,
        "model": body["model"],
        "output": [],
        "reasoning": {"effort": None, "summary": None},
        "service_tier": "default",
        "text": {"format": {"type": "text"}},
        "usage": None,
        "user": None,
    }
    given = {name: body[name] for name in ECHOED if body.get(name) is not None}
    return fixed | ECHOED | given


def make_message(text: str) -> dict[str, Any]:
    part = {"type": "output_text", "annotations": [], "logprobs": [], "text": text}
    return {
        "id": make_id("msg_"),
        "type": "message",
        "status": "completed",
        "content": [part],
        "role": "assistant",
    }


def make_call(call: CallTool) -> dict[str, Any]:
    return {
        "id": make_id("fc_"),
        "type": "function_call",
        "status": "completed",
        "arguments": call.json,
        "call_id": make_id("call_"),
        "name": call.name,
    }


def count_usage(body: dict[str, Any], output: list[dict[str, Any]]) -> dict[str, Any]:
    read, written = count_tokens(body.get("input")), count_tokens(output)
    return {
        "input_tokens": read,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": written,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": read + written,
    }
