"""What the Chat Completions API refuses."""

from typing import Any

from openai.types.chat import ChatCompletionMessageParam
from openai.types.chat.chat_completion_assistant_message_param import ContentArrayOfContentPart
from openai.types.chat.chat_completion_content_part_param import ChatCompletionContentPartParam
from openai.types.chat.completion_create_params import CompletionCreateParamsNonStreaming

from tests.llm.errors import RefusedError, empty_array, invalid_value, missing
from tests.llm.shapes import Field, check_fields, read_fields, read_tags
from tests.llm.tools import check_choice, check_function

FIELDS = read_fields(CompletionCreateParamsNonStreaming) | {"stream": Field(bool | None, False)}
ROLES = read_tags(ChatCompletionMessageParam, "role")
PARTS = dict.fromkeys(
    read_tags(ChatCompletionContentPartParam) + read_tags(ContentArrayOfContentPart)
)
ONLY_WITH_TOOLS = ("tool_choice", "parallel_tool_calls")


def check_request(body: dict[str, Any]) -> None:
    strangers = [name for name in body if name not in FIELDS]
    if strangers:
        plural = "s" if len(strangers) > 1 else ""
        raise RefusedError(
            f"Unrecognized request argument{plural} supplied: {', '.join(strangers)}"
        )
    if not body.get("model"):
        raise RefusedError("you must provide a model parameter")
    if isinstance(body.get("messages"), list):
        _check_messages(body["messages"])
    check_fields(body, FIELDS, "", frozenset())
    _check_sequence(body["messages"])
    _check_tools(body)
    if body.get("stream_options") and not body.get("stream"):
        raise RefusedError(
            "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
            "stream_options",
        )


def _check_messages(messages: list[Any]) -> None:
    """What the API words in another way than the general check would."""
    if not messages:
        raise empty_array("messages")
    for index, message in enumerate(messages):
        if not isinstance(message, dict):
            continue
        path = f"messages[{index}]"
        if "role" not in message:
            raise missing(f"{path}.role")
        if message["role"] not in ROLES:
            raise invalid_value(f"{path}.role", message["role"], dict.fromkeys(ROLES))
        content = message.get("content")
        if content is None and not _may_be_silent(message):
            raise RefusedError(
                "Invalid value for 'content': expected a string, got null.",
                f"messages.[{index}].content",
            )
        for name in ("content", "tool_calls"):
            if message.get(name) == []:
                raise empty_array(f"{path}.{name}")
        for number, part in enumerate(content if isinstance(content, list) else []):
            kind = part.get("type") if isinstance(part, dict) else None
            if kind is not None and kind not in PARTS:
                raise invalid_value(f"{path}.content[{number}].type", kind, PARTS)


def _may_be_silent(message: dict[str, Any]) -> bool:
    if message["role"] == "assistant":
        return any(
            message.get(name) for name in ("tool_calls", "function_call", "audio", "refusal")
        )
    return bool(message["role"] == "function")


def _check_sequence(messages: list[dict[str, Any]]) -> None:
    asked: list[str] = []
    unanswered: list[str] = []
    for index, message in enumerate(messages):
        if message["role"] == "tool":
            _check_result(message["tool_call_id"], asked, index)
            unanswered = [call for call in unanswered if call != message["tool_call_id"]]
            continue
        if unanswered:
            break
        asked = [call["id"] for call in message.get("tool_calls", ())]
        unanswered = list(asked)
    if unanswered:
        raise RefusedError(
            "An assistant message with 'tool_calls' must be followed by tool messages responding "
            "to each 'tool_call_id'. The following tool_call_ids did not have response messages: "
            + ", ".join(unanswered),
            f"messages.[{index}].role",
        )


def _check_result(call: str, asked: list[str], index: int) -> None:
    if not asked:
        raise RefusedError(
            "Invalid parameter: messages with role 'tool' must be a response to a preceeding "
            "message with 'tool_calls'.",
            f"messages.[{index}].role",
        )
    if call not in asked:
        raise RefusedError(
            f"Invalid parameter: 'tool_call_id' of '{call}' not found in 'tool_calls' of "
            "previous message.",
            f"messages.[{index}].tool_call_id",
        )


def _check_tools(body: dict[str, Any]) -> None:
    tools = body.get("tools")
    if tools == []:
        raise empty_array("tools")
    for name in ONLY_WITH_TOOLS:
        if name in body and not tools and body[name] != "none":
            raise RefusedError(f"'{name}' is only allowed when 'tools' are specified.", name)
    functions = []
    for index, tool in enumerate(tools or ()):
        if tool["type"] == "function":
            function = tool["function"]
            check_function(function, f"tools[{index}].function", bool(function.get("strict")))
            functions.append(function["name"])
    choice = body.get("tool_choice")
    if isinstance(choice, dict) and choice["type"] == "function":
        check_choice(choice["function"]["name"], functions)
