"""The Chat Completions API: answers as documents and as chunks."""

import time
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from tests.llm.chat_rules import check_request
from tests.llm.replies import CallTool, FailAfter, Say
from tests.llm.wire import Frame, count_tokens, cut_pieces, frame_event, make_id, read_text

DONE = Frame(b"data: [DONE]\n\n")


class ChatCompletions:
    path = "/chat/completions"
    undone: ClassVar[Mapping[str, object]] = {
        "audio": None,
        "function_call": None,
        "functions": None,
        "logprobs": False,
        "n": 1,
    }

    def check(self, body: dict[str, Any]) -> None:
        check_request(body)

    def read_question(self, body: dict[str, Any]) -> str:
        said = [m["content"] for m in body["messages"] if m["role"] == "user"]
        return read_text(said[-1]) if said else ""

    def render(self, body: dict[str, Any], answer: Say) -> dict[str, Any]:
        message: dict[str, Any] = {
            "role": "assistant",
            "content": answer.text or None,
            "refusal": None,
            "annotations": [],
        }
        if answer.calls:
            message["tool_calls"] = [_render_call(call) for call in answer.calls]
        choice = {
            "index": 0,
            "message": message,
            "logprobs": None,
            "finish_reason": _name_end(answer),
        }
        document = _start(body, "chat.completion")
        return document | {"choices": [choice], "usage": _count(body, answer)}

    def stream(self, body: dict[str, Any], answer: Say) -> "ChunkStream":
        return ChunkStream(body, answer)


class ChunkStream:
    def __init__(self, body: dict[str, Any], answer: Say) -> None:
        self._answer = answer
        self._start = _start(body, "chat.completion.chunk")
        counted = (body.get("stream_options") or {}).get("include_usage")
        self._usage = _count(body, answer) if counted else None

    def frames(self) -> Iterator[Frame]:
        content = "" if self._answer.text else None
        yield self._frame({"role": "assistant", "content": content, "refusal": None})
        for word in self._answer.words:
            yield self._frame({"content": word}, is_word=True)
        for index, call in enumerate(self._answer.calls):
            head = _render_call(call) | {"function": {"name": call.name, "arguments": ""}}
            yield self._frame({"tool_calls": [{"index": index} | head]})
            for piece in cut_pieces(call.json):
                tail = {"index": index, "function": {"arguments": piece}}
                yield self._frame({"tool_calls": [tail]})
        yield self._frame({}, _name_end(self._answer))
        if self._usage:
            yield frame_event(self._start | {"choices": [], "usage": self._usage})
        yield DONE

    def fail(self, fault: FailAfter) -> Iterator[Frame]:
        error = {"code": fault.code, "message": fault.message}
        choice = {"index": 0, "delta": {"content": ""}, "finish_reason": "error"}
        yield frame_event(self._start | {"error": error, "choices": [choice]})

    def _frame(self, delta: dict[str, Any], end: str | None = None, is_word: bool = False) -> Frame:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": end}
        usage = {"usage": None} if self._usage else {}
        return frame_event(self._start | {"choices": [choice]} | usage, is_word)


def _start(body: dict[str, Any], kind: str) -> dict[str, Any]:
    return {
        "id": make_id("chatcmpl-"),
        "object": kind,
        "created": int(time.time()),
        "model": body["model"],
        "service_tier": "default",
        "system_fingerprint": None,
    }


def _render_call(call: CallTool) -> dict[str, Any]:
    return {
        "id": make_id("call_"),
        "type": "function",
        "function": {"name": call.name, "arguments": call.json},
    }


def _name_end(answer: Say) -> str:
    return "tool_calls" if answer.calls else "stop"


def _count(body: dict[str, Any], answer: Say) -> dict[str, Any]:
    read = count_tokens(body["messages"])
    written = count_tokens([answer.text, *(call.json for call in answer.calls)])
    return {
        "prompt_tokens": read,
        "completion_tokens": written,
        "total_tokens": read + written,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
    }
