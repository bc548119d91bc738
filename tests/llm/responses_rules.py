"""What the Responses API refuses."""

import re
from typing import Any

from openai.types.responses import EasyInputMessageParam, ResponseOutputMessageParam
from openai.types.responses.response_create_params import ResponseCreateParamsNonStreaming
from openai.types.responses.response_input_param import Message, ResponseInputItemParam

from tests.llm.errors import RefusedError, empty_array, invalid_value, missing, wrong_type
from tests.llm.shapes import Field, check, check_fields, read_fields, read_literals, read_tags
from tests.llm.tools import check_choice, check_function

FIELDS = read_fields(ResponseCreateParamsNonStreaming) | {
    "stream": Field(bool | None, False),
    "input": Field(str | list[object], False),
}
ROLES = read_literals(read_fields(EasyInputMessageParam)["role"].hint)
TYPES = dict.fromkeys(kind for kind in read_tags(ResponseInputItemParam) if kind is not None)
# The types ask for these, because they are also in what the API sends; the API does not.
OPTIONAL = frozenset({"annotations", "logprobs", "parameters", "status", "strict"})
PREFIXES = {"message": "msg", "function_call": "fc", "reasoning": "rs"}
ID = re.compile(r"[a-z]+_[a-zA-Z0-9_-]+")


def check_request(body: dict[str, Any]) -> None:
    check_fields(body, FIELDS, "", OPTIONAL)
    if not body.get("model"):
        raise missing("model")
    if not body.get("input") and not body.get("previous_response_id"):
        raise RefusedError(
            "One of 'input' or 'previous_response_id' must be provided.",
            "input",
            "missing_required_parameter",
        )
    if isinstance(body.get("input"), list):
        for index, item in enumerate(body["input"]):
            _check_item(item, f"input[{index}]")
    _check_tools(body)
    if body.get("stream_options") and not body.get("stream"):
        raise RefusedError(
            "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
            "stream_options",
        )


def _check_item(item: object, path: str) -> None:
    if not isinstance(item, dict):
        raise wrong_type(path, item, ["an object"])
    kind = item.get("type", "message" if "role" in item else None)
    if kind is None:
        raise missing(f"{path}.type")
    if kind not in TYPES:
        raise invalid_value(path, kind, TYPES)
    if kind == "message":
        _check_message(item, path)
    else:
        check(item, ResponseInputItemParam, path, OPTIONAL)
    if kind == "function_call_output" and item.get("call_id") is None:
        raise missing(f"{path}.call_id")
    if item.get("id") is not None:
        _check_id(item["id"], PREFIXES.get(kind), f"{path}.id")


def _check_message(message: dict[str, Any], path: str) -> None:
    if "role" not in message:
        raise missing(f"{path}.role")
    if message["role"] not in ROLES:
        raise invalid_value(f"{path}.role", message["role"], ROLES)
    if message.get("content") == []:
        raise empty_array(f"{path}.content")
    if message["role"] == "assistant" and isinstance(message.get("content"), list):
        # The types allow the parts of a user here; the API answers them with 400.
        check(message, ResponseOutputMessageParam, path, OPTIONAL | {"id", "type"})
    else:
        check(message, Message if "status" in message else EasyInputMessageParam, path, OPTIONAL)


def _check_id(value: str, prefix: str | None, path: str) -> None:
    if prefix and not value.startswith(f"{prefix}_"):
        raise RefusedError(
            f"Invalid '{path}': '{value}'. Expected an ID that begins with '{prefix}'.",
            path,
            "invalid_value",
        )
    if not ID.fullmatch(value):
        raise RefusedError(
            f"Invalid '{path}': '{value}'. Expected an ID that contains letters, numbers, "
            "underscores, or dashes, but this value contained additional characters.",
            path,
            "invalid_value",
        )


def _check_tools(body: dict[str, Any]) -> None:
    functions = []
    for index, tool in enumerate(body.get("tools") or ()):
        if tool["type"] == "function":
            check_function(tool, f"tools[{index}]", tool.get("strict") is True)
            functions.append(tool["name"])
    choice = body.get("tool_choice")
    if isinstance(choice, dict) and choice["type"] == "function":
        check_choice(choice["name"], functions)


def check_calls(items: list[dict[str, Any]], called: set[str]) -> None:
    """A result needs its call before it, a call its result. `called`: in an earlier response."""
    waiting = set(called)
    seen = set(called)
    for item in items:
        kind, call = item.get("type"), item.get("call_id")
        if kind == "function_call":
            seen.add(item["call_id"])
            waiting.add(item["call_id"])
        if kind == "function_call_output":
            if call not in seen:
                raise RefusedError(
                    f"No tool call found for function call output with call_id {call}.", "input"
                )
            waiting.discard(item["call_id"])
    if waiting:
        raise RefusedError(f"No tool output found for function call {min(waiting)}.", "input")
