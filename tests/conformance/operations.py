"""The sixteen operations: a request of each that makes sense, and values that would not."""

from typing import Any

from tests.conformance.texts import TIME
from tests.running import message

Params = dict[str, Any]

STREAMED = {
    "threads.create",
    "threads.add_user_message",
    "threads.add_client_tool_output",
    "threads.add_structured_input",
    "threads.retry_after_item",
    "threads.custom_action",
}
OPTIONAL = {"limit", "order", "after"}


def requests(thread: str, item: str) -> dict[str, Params]:
    """One of each operation, aimed at this thread and item where it aims at any."""
    here = {"thread_id": thread}
    action = {"type": "press", "payload": {"n": 1}}
    return {
        "threads.create": {"input": message(TIME)},
        "threads.add_user_message": {**here, "input": message(TIME)},
        "threads.add_client_tool_output": {**here, "result": {"ok": True}},
        "threads.add_structured_input": {
            **here,
            "item_id": item,
            "input": {"status": "answered", "answers": {"q": {"values": ["a"], "skipped": False}}},
        },
        "threads.retry_after_item": {**here, "item_id": item},
        "threads.custom_action": {**here, "action": action},
        "threads.get_by_id": here,
        "threads.list": {"limit": 20, "order": "desc", "after": None},
        "threads.update": {**here, "title": "Renamed"},
        "threads.delete": here,
        "items.list": {**here, "limit": 20, "order": "desc", "after": None},
        "items.feedback": {**here, "item_ids": [item], "kind": "positive"},
        "attachments.create": {"name": "a.txt", "size": 1, "mime_type": "text/plain"},
        "attachments.delete": {"attachment_id": "file_unknown"},
        "input.transcribe": {"audio_base64": "AAAA", "mime_type": "audio/webm"},
        "threads.sync_custom_action": {**here, "action": action},
    }


OPERATIONS = list(requests("", ""))
IN_A_THREAD = [op for op, params in requests("", "").items() if "thread_id" in params]
NEITHER_TEXT = [None, 5, True, [], {}, ["x"], {"x": "y"}]
WRONG: dict[str, list[Any]] = {
    "thread_id": NEITHER_TEXT,
    "item_id": NEITHER_TEXT,
    "attachment_id": NEITHER_TEXT,
    "title": NEITHER_TEXT,
    "name": NEITHER_TEXT,
    "mime_type": NEITHER_TEXT,
    "audio_base64": NEITHER_TEXT,
    "after": [5, [], {}],
    "limit": ["many", 1.5, [], {}],
    "order": ["sideways", "DESC", 1, [], None],
    "size": [None, "big", 1.5, [], {}],
    "item_ids": [None, "x", 5, {}, [5], [None], [[]]],
    "kind": [None, "meh", 1, [], {}],
    "action": [None, "press", 5, [], {"type": 5}, {"type": None}],
}
WRONG_MESSAGES: list[Any] = [
    None,
    "Hi",
    5,
    [],
    {},
    {**message("Hi"), "content": None},
    {**message("Hi"), "content": "Hi"},
    {**message("Hi"), "content": ["Hi"]},
    {**message("Hi"), "content": [{"type": "input_text"}]},
    {**message("Hi"), "content": [{"type": "input_text", "text": None}]},
    {**message("Hi"), "content": [{"type": "output_text", "text": "Hi"}]},
    {**message("Hi"), "content": [{"type": "input_tag", "id": "x"}]},
    {**message("Hi"), "attachments": "file"},
    {**message("Hi"), "attachments": [{}]},
    {**message("Hi"), "inference_options": None},
    {**message("Hi"), "inference_options": {"model": 5}},
    {**message("Hi"), "quoted_text": 5},
]
WRONG_ANSWERS: list[Any] = [
    None,
    "yes",
    [],
    {"status": "maybe"},
    {"answers": []},
    {"answers": {"q": "yes"}},
    {"answers": {"q": {"values": "yes"}}},
]


def wrong(op: str, key: str) -> list[Any]:
    """Values that this parameter cannot have. The result of a tool can have any."""
    if key == "input":
        return WRONG_ANSWERS if op == "threads.add_structured_input" else WRONG_MESSAGES
    return WRONG.get(key, [])
