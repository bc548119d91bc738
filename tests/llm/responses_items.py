"""What responses are made of."""

import time
from typing import Any

from tests.llm.replies import CallTool, CiteFile, CiteUrl, Say
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


def make_message(answer: Say) -> dict[str, Any]:
    notes = [make_annotation(cited, len(answer.text)) for cited in answer.cites]
    part = {"type": "output_text", "annotations": notes, "logprobs": [], "text": answer.text}
    return {
        "id": make_id("msg_"),
        "type": "message",
        "status": "completed",
        "content": [part],
        "role": "assistant",
    }


def make_annotation(cited: CiteUrl | CiteFile, length: int) -> dict[str, Any]:
    if isinstance(cited, CiteUrl):
        place = {"start_index": 0, "end_index": length}
        return {"type": "url_citation", "url": cited.url, "title": cited.title, **place}
    file = {"file_id": make_id("file-"), "filename": cited.filename}
    return {"type": "file_citation", "index": length, **file}


def make_searches(answer: Say, tools: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By the tools that the request offers, or there would be nothing to cite."""
    offered = {tool["type"] for tool in tools}
    searches = []
    if any(isinstance(cited, CiteUrl) for cited in answer.cites):
        assert "web_search" in offered, "the request offers no web search"
        action = {"type": "search", "query": answer.text, "queries": [answer.text]}
        searches.append({"id": make_id("ws_"), "type": "web_search_call", "action": action})
    if any(isinstance(cited, CiteFile) for cited in answer.cites):
        assert "file_search" in offered, "the request offers no file search"
        asked: dict[str, Any] = {"queries": [answer.text], "results": None}
        searches.append({"id": make_id("fs_"), "type": "file_search_call"} | asked)
    return [search | {"status": "completed"} for search in searches]


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
