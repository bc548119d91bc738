"""Requests, as what they change in a good one: what the APIs refuse, and what they accept."""

from typing import Any

Json = dict[str, Any]
Refusals = dict[str, tuple[Json, str | None, str | None, str]]

CALL = {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
USER = {"role": "user", "content": "What is up?"}
ASKED = {"role": "assistant", "content": None, "tool_calls": [CALL]}
TOLD = {"role": "tool", "tool_call_id": "call_1", "content": "rain"}
SCHEMA = {"type": "object", "properties": {"at": {"type": "string"}}}
STRICT = SCHEMA | {"required": ["at"], "additionalProperties": False}
FUNCTION = {"name": "look", "parameters": SCHEMA}


def say(*messages: object) -> Json:
    return {"messages": list(messages)}


def offer(**function: object) -> Json:
    return {"tools": [{"type": "function", "function": FUNCTION | function}]}


def part(role: str, **fields: object) -> Json:
    return say({"role": role, "content": [fields]})


CHAT_REFUSALS: Refusals = {
    "unknown field": ({"x": 1}, None, None, "Unrecognized request argument supplied: x"),
    "unknown fields": ({"x": 1, "y": 1}, None, None, "arguments supplied: x, y"),
    "field of responses": ({"input": "hi"}, None, None, "argument supplied: input"),
    "no model": ({"model": None}, None, None, "model parameter"),
    "no messages": (say(), "messages", "empty_array", "minimum length 1"),
    "text for messages": ({"messages": "hi"}, "messages", "invalid_type", "but got a string"),
    "text for a message": (say("hi"), "messages[0]", "invalid_type", "expected an object"),
    "no role": (say({"content": "hi"}), "messages[0].role", "missing_required_parameter", "role"),
    "wrong role": (
        say({"role": "bot", "content": "hi"}),
        "messages[0].role",
        "invalid_value",
        "'bot'. Supported values are: 'developer','system','user','assistant','tool','function'.",
    ),
    "unknown message field": (
        say(USER | {"id": "1"}),
        "messages[0].id",
        "unknown_parameter",
        "'messages[0].id'",
    ),
    "type of responses": (
        say(USER | {"type": "message"}),
        "messages[0].type",
        "unknown_parameter",
        "'messages[0].type'",
    ),
    "output_text": (
        say(USER, {"role": "assistant", "content": [{"type": "output_text", "text": "hi"}]}, USER),
        "messages[1].content[0].type",
        "invalid_value",
        "Invalid value: 'output_text'. "
        "Supported values are: 'text','image_url','input_audio','file','refusal'.",
    ),
    "input_text": (
        part("user", type="input_text", text="hi"),
        "messages[0].content[0].type",
        "invalid_value",
        "'input_text'",
    ),
    "image from the assistant": (
        part("assistant", type="image_url", image_url={"url": "x"}),
        "messages[0].content[0].type",
        "invalid_value",
        "Supported values are: 'text','refusal'.",
    ),
    "part without type": (
        part("user", text="hi"),
        "messages[0].content[0].type",
        "missing_required_parameter",
        "type",
    ),
    "part without text": (
        part("user", type="text"),
        "messages[0].content[0].text",
        "missing_required_parameter",
        "text",
    ),
    "unknown field of a part": (
        part("assistant", type="text", text="hi", annotations=[]),
        "messages[0].content[0].annotations",
        "unknown_parameter",
        "annotations",
    ),
    "no content at all": (
        say({"role": "user", "content": []}),
        "messages[0].content",
        "empty_array",
        "messages[0].content",
    ),
    "silent user": (
        say({"role": "user", "content": None}),
        "messages.[0].content",
        None,
        "expected a string, got null",
    ),
    "silent assistant": (
        say(USER, {"role": "assistant", "content": None}),
        "messages.[1].content",
        None,
        "expected a string, got null",
    ),
    "assistant without content": (
        say({"role": "assistant"}),
        "messages.[0].content",
        None,
        "expected a string, got null",
    ),
    "no calls": (
        say({"role": "assistant", "content": "hi", "tool_calls": []}),
        "messages[0].tool_calls",
        "empty_array",
        "tool_calls",
    ),
    "call without id": (
        say({**ASKED, "tool_calls": [{"type": "function", "function": CALL["function"]}]}),
        "messages[0].tool_calls[0].id",
        "missing_required_parameter",
        "id",
    ),
    "result without call": (
        say(USER, TOLD),
        "messages.[1].role",
        None,
        "must be a response to a preceeding message with 'tool_calls'",
    ),
    "result of another call": (
        say(USER, ASKED, TOLD | {"tool_call_id": "call_2"}),
        "messages.[2].tool_call_id",
        None,
        "'call_2' not found",
    ),
    "result too late": (
        say(USER, ASKED, TOLD, USER, TOLD),
        "messages.[4].role",
        None,
        "must be a response",
    ),
    "call without result": (
        say(USER, ASKED, USER),
        "messages.[2].role",
        None,
        "did not have response messages: call_1",
    ),
    "last call without result": (
        say(USER, ASKED),
        "messages.[1].role",
        None,
        "did not have response messages: call_1",
    ),
    "one of two calls without result": (
        say(USER, {**ASKED, "tool_calls": [CALL, CALL | {"id": "call_2"}]}, TOLD, USER),
        "messages.[3].role",
        None,
        "did not have response messages: call_2",
    ),
    "no tools": ({"tools": []}, "tools", "empty_array", "tools"),
    "tool of responses": (
        {"tools": [{"type": "function", **FUNCTION}]},
        "tools[0].name",
        "unknown_parameter",
        "name",
    ),
    "unknown kind of tool": (
        {"tools": [{"type": "web_search"}]},
        "tools[0].type",
        "invalid_value",
        "'function','custom'",
    ),
    "tool without name": (
        {"tools": [{"type": "function", "function": {"parameters": SCHEMA}}]},
        "tools[0].function.name",
        "missing_required_parameter",
        "name",
    ),
    "tool with a bad name": (
        offer(name="look up"),
        "tools[0].function.name",
        "invalid_value",
        "^[a-zA-Z0-9_-]+$",
    ),
    "tool with a long name": (offer(name="x" * 65), "tools[0].function.name", "invalid_value", ""),
    "parameters that are no object": (
        offer(parameters={"type": "string"}),
        "tools[0].function.parameters",
        "invalid_function_parameters",
        "got 'type: string'",
    ),
    "strict but open": (
        offer(strict=True, parameters=SCHEMA | {"required": ["at"]}),
        "tools[0].function.parameters",
        "invalid_function_parameters",
        "'additionalProperties' is required",
    ),
    "strict but optional": (
        offer(strict=True, parameters=STRICT | {"required": []}),
        "tools[0].function.parameters",
        "invalid_function_parameters",
        "Missing 'at'",
    ),
    "choice without tools": (
        {"tool_choice": "auto"},
        "tool_choice",
        None,
        "'tool_choice' is only allowed when 'tools' are specified",
    ),
    "parallel without tools": (
        {"parallel_tool_calls": True},
        "parallel_tool_calls",
        None,
        "only allowed when 'tools' are specified",
    ),
    "choice of another tool": (
        offer() | {"tool_choice": {"type": "function", "function": {"name": "fly"}}},
        "tool_choice",
        None,
        "'fly' not found",
    ),
    "stream options without stream": (
        {"stream_options": {"include_usage": True}},
        "stream_options",
        None,
        "only allowed when 'stream' is enabled",
    ),
    "wrong type": ({"temperature": "hot"}, "temperature", "invalid_type", "expected a decimal"),
    "truth for a number": ({"max_tokens": True}, "max_tokens", "invalid_type", "a boolean"),
    "wrong value": ({"reasoning_effort": "huge"}, "reasoning_effort", "invalid_value", "'low'"),
    "wrong format": (
        {"response_format": {"type": "yaml"}},
        "response_format.type",
        "invalid_value",
        "'text','json_schema','json_object'",
    ),
    "wrong metadata": ({"metadata": {"a": 1}}, "metadata.a", "invalid_type", "an integer"),
}

FC = {"type": "function_call", "call_id": "call_1", "name": "look", "arguments": "{}"}
FC_OUTPUT = {"type": "function_call_output", "call_id": "call_1", "output": "rain"}
SAID = {"type": "output_text", "text": "hi"}
ANSWERED = {"role": "assistant", "content": [SAID]}


def give(*items: object) -> Json:
    return {"input": list(items)}


RESPONSES_REFUSALS: Refusals = {
    "unknown field": ({"x": 1}, "x", "unknown_parameter", "Unknown parameter: 'x'."),
    "field of chat": ({"messages": []}, "messages", "unknown_parameter", "messages"),
    "no model": ({"model": ""}, "model", "missing_required_parameter", "model"),
    "no input": ({"input": ""}, "input", "missing_required_parameter", "'input'"),
    "no items": (give(), "input", "missing_required_parameter", "'input'"),
    "number for input": ({"input": 1}, "input", "invalid_type", "a string or an array"),
    "text for an item": (give("hi"), "input[0]", "invalid_type", "expected an object"),
    "item without type": (give({}), "input[0].type", "missing_required_parameter", "type"),
    "unknown item": (
        give({"type": "client_tool_call"}),
        "input[0]",
        "invalid_value",
        "Invalid value: 'client_tool_call'. Supported values are: 'message',",
    ),
    "message without role": (
        give({"type": "message", "content": "hi"}),
        "input[0].role",
        "missing_required_parameter",
        "role",
    ),
    "tool message of chat": (give(TOLD), "input[0].role", "invalid_value", "'tool'"),
    "unknown message field": (
        give(USER | {"name": "me"}),
        "input[0].name",
        "unknown_parameter",
        "input[0].name",
    ),
    "message without content": (
        give({"role": "user"}),
        "input[0].content",
        "missing_required_parameter",
        "content",
    ),
    "no parts": (
        give({"role": "user", "content": []}),
        "input[0].content",
        "empty_array",
        "input[0].content",
    ),
    "text part of chat": (
        give({"role": "user", "content": [{"type": "text", "text": "hi"}]}),
        "input[0].content[0].type",
        "invalid_value",
        "'input_text','input_image','input_file'",
    ),
    "output_text from a user": (
        give({"role": "user", "content": [SAID]}),
        "input[0].content[0].type",
        "invalid_value",
        "'output_text'",
    ),
    "input_text from the assistant": (
        give(USER, {"role": "assistant", "content": [SAID | {"type": "input_text"}]}),
        "input[1].content[0].type",
        "invalid_value",
        "Invalid value: 'input_text'. Supported values are: 'output_text','refusal'.",
    ),
    "invented id of a message": (
        give(USER, ANSWERED | {"id": "__fake_id__"}),
        "input[1].id",
        "invalid_value",
        "'__fake_id__'. Expected an ID that begins with 'msg'.",
    ),
    "id of another kind": (
        give(ANSWERED | {"id": "fc_1"}),
        "input[0].id",
        "invalid_value",
        "begins with 'msg'",
    ),
    "invented id of a call": (
        give(FC | {"id": "__fake_id__"}, FC_OUTPUT),
        "input[0].id",
        "invalid_value",
        "begins with 'fc'",
    ),
    "reference to an invented id": (
        give({"type": "item_reference", "id": "__fake_id__"}),
        "input[0].id",
        "invalid_value",
        "'__fake_id__'",
    ),
    "result without call": (
        give(USER, FC_OUTPUT),
        "input",
        None,
        "No tool call found for function call output with call_id call_1.",
    ),
    "result before its call": (give(FC_OUTPUT, FC), "input", None, "No tool call found"),
    "result without call id": (
        give(USER, {"type": "function_call_output", "output": "rain"}),
        "input[1].call_id",
        "missing_required_parameter",
        "call_id",
    ),
    "call without result": (
        give(USER, FC),
        "input",
        None,
        "No tool output found for function call call_1.",
    ),
    "call without name": (
        give({key: FC[key] for key in ("type", "call_id", "arguments")}, FC_OUTPUT),
        "input[0].name",
        "missing_required_parameter",
        "name",
    ),
    "unknown response": (
        {"previous_response_id": "resp_1"},
        "previous_response_id",
        "previous_response_not_found",
        "'resp_1' not found",
    ),
    "tool of chat": (
        {"tools": [{"type": "function", "function": FUNCTION}]},
        "tools[0].function",
        "unknown_parameter",
        "function",
    ),
    "tool with a bad name": (
        {"tools": [{"type": "function", **FUNCTION, "name": "a.b"}]},
        "tools[0].name",
        "invalid_value",
        "pattern",
    ),
    "choice of another tool": (
        {"tool_choice": {"type": "function", "name": "fly"}},
        "tool_choice",
        None,
        "'fly' not found",
    ),
    "stream options without stream": (
        {"stream_options": {"include_obfuscation": True}},
        "stream_options",
        None,
        "only allowed when 'stream' is enabled",
    ),
    "wrong include": ({"include": ["all"]}, "include[0]", "invalid_value", "'all'"),
}

IMAGE = {"type": "image_url", "image_url": {"url": "data:x", "detail": "low"}}
CHAT_ACCEPTED: list[Json] = [
    say({"role": "developer", "content": "Be brief."}, USER),
    say({"role": "system", "content": [{"type": "text", "text": "Be brief."}]}, USER),
    say({"role": "user", "name": "me", "content": [{"type": "text", "text": "x"}, IMAGE]}),
    say(USER, {"role": "assistant", "content": ""}, USER),
    say(USER, {"role": "assistant", "refusal": "No."}, USER),
    say(USER, ASKED, TOLD),
    say(
        USER,
        {**ASKED, "tool_calls": [CALL, CALL | {"id": "b"}]},
        TOLD | {"tool_call_id": "b"},
        TOLD,
        USER,
    ),
    offer() | {"tool_choice": "required", "parallel_tool_calls": False},
    offer(strict=True, parameters=STRICT)
    | {"tool_choice": {"type": "function", "function": {"name": "look"}}},
    {"tools": [{"type": "function", "function": {"name": "look"}}]},
    {"temperature": 1, "top_p": 0.5, "max_completion_tokens": 5, "reasoning_effort": "low"},
    {"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {}}}},
    {"stop": ["a"], "store": None, "metadata": {"a": "b"}, "n": 1},
]

RESPONSES_ACCEPTED: list[Json] = [
    give(USER | {"type": "message"}),
    give({"role": "user", "content": [{"type": "input_text", "text": "x"}]}),
    give(USER, {"role": "assistant", "content": "hi", "phase": "final_answer"}, USER),
    give(USER, ANSWERED, USER),
    give(ANSWERED | {"id": "msg_1", "status": "completed", "type": "message"}, USER),
    give(USER, FC, FC_OUTPUT),
    give(
        USER,
        FC | {"id": "fc_1", "status": "completed"},
        FC_OUTPUT | {"output": [{"type": "input_text", "text": "rain"}]},
    ),
    give({"type": "reasoning", "id": "rs_1", "summary": []}, USER),
    give({"role": "user", "status": "completed", "content": [{"type": "input_text", "text": "x"}]}),
    {"tools": [{"type": "function", **FUNCTION, "strict": False}], "tool_choice": "auto"},
    {"tools": [{"type": "function", **FUNCTION}, {"type": "web_search"}]},
    {"tools": [], "include": ["reasoning.encrypted_content"], "reasoning": {"effort": "low"}},
    {"text": {"format": {"type": "json_schema", "name": "x", "schema": {}}}, "store": False},
]
