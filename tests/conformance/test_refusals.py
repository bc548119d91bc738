"""Whatever a client sends, a request that makes no sense gets a clear and harmless no."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conformance.backend import Backend, Chat
from tests.conformance.operations import IN_A_THREAD, OPERATIONS, OPTIONAL, requests, wrong
from tests.conformance.visitor import Visitor, refusal
from tests.running import body, message

pytestmark = pytest.mark.matrix
every_operation = pytest.mark.parametrize("op", OPERATIONS)
MARK = "sesame-4711"
NONSENSE = {
    "nothing": b"",
    "blank": b" \n",
    "object": b"{}",
    "list": b"[]",
    "list of objects": b'[{"type":"threads.list","params":{}}]',
    "null": b"null",
    "number": b"7",
    "text": b'"threads.list"',
    "words": b"op=threads.list",
    "half": b'{"type":"threads.list","params":{',
    "two": b'{"type":"threads.list","params":{}}{}',
    "byte order mark": b'\xef\xbb\xbf{"type":"threads.list","params":{}}',
    "utf-16": '{"type":"threads.list","params":{}}'.encode("utf-16"),
    "not utf-8": b"\xff\xfe\xfd",
    "not utf-8 inside": b'{"type":"threads.list","params":{"after":"\xc3\x28"}}',
    "surrogate bytes": b'{"type":"threads.list","params":{"after":"\xed\xa0\x80"}}',
    "half a surrogate pair": b'{"type":"threads.list","params":{"after":"\\ud800"}}',
    "no type": b'{"params":{}}',
    "type is null": b'{"type":null,"params":{}}',
    "type is a list": b'{"type":["threads.list"],"params":{}}',
    "type is an object": b'{"type":{"a":1},"params":{}}',
    "type is unknown": b'{"type":"threads.destroy","params":{}}',
    "type in capitals": b'{"type":"THREADS.LIST","params":{}}',
    "metadata is a list": b'{"type":"threads.list","params":{},"metadata":[]}',
    "a huge number": b'{"type":"threads.list","params":{"limit":1' + b"0" * 5000 + b"}}",
}


@pytest.mark.parametrize("content", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_refused(visitor: Visitor, content: bytes) -> None:
    refusal(visitor.post(content))


@every_operation
def test_every_operation_needs_parameters(visitor: Visitor, op: str) -> None:
    values: list[Any] = [None, [], "x", 5, [{}]]
    for params in values:
        refusal(visitor.client.post(visitor.url, json={"type": op, "params": params}))
    refusal(visitor.client.post(visitor.url, json={"type": op}))


@every_operation
def test_no_needed_parameter_can_be_left_out(chat: Chat, op: str) -> None:
    params = requests(chat.thread, chat.items[0]["id"])[op]
    for key in params.keys() - OPTIONAL:
        rest = {name: value for name, value in params.items() if name != key}
        refusal(chat.visitor.send(op, **rest))


@every_operation
def test_no_parameter_can_be_of_another_type(chat: Chat, op: str) -> None:
    params = requests(chat.thread, chat.items[0]["id"])[op]
    for key in params:
        for value in wrong(op, key):
            response = chat.visitor.send(op, **{**params, key: value})
            assert response.status_code in range(400, 500), (key, value, response.text)
            refusal(response)


@every_operation
def test_what_was_sent_is_not_said_back(visitor: Visitor, op: str) -> None:
    params = requests(MARK, MARK)[op]
    for request in (
        body(op, **params),
        body(op, **{key: [MARK] for key in params}),
        {"type": op, "params": MARK},
        {"type": MARK + op, "params": params},
    ):
        response = visitor.client.post(visitor.url, json=request)
        if not response.is_success:
            assert MARK not in response.text
            assert MARK not in str(response.headers)


@pytest.mark.parametrize("op", IN_A_THREAD)
def test_an_unknown_thread_is_not_found(visitor: Visitor, op: str) -> None:
    for thread in ("thread_unknown", "", "\x00", "'; --", "../x", "x" * 100_000):
        response = visitor.send(op, **requests(thread, "message_unknown")[op])
        refusal(response, 404)
    assert visitor.call("threads.list")["data"] == []


@pytest.mark.parametrize(
    "op",
    [
        "threads.add_structured_input",
        "threads.retry_after_item",
        "threads.custom_action",
        "threads.sync_custom_action",
        "items.feedback",
    ],
)
def test_an_unknown_item_is_not_found(chat: Chat, op: str) -> None:
    before = chat.items
    for item in ("message_unknown", "\x00", "x" * 100_000):
        params = requests(chat.thread, item)[op]
        if op.endswith("custom_action"):
            params["item_id"] = item
        refusal(chat.visitor.send(op, **params), 404)
    assert chat.items == before


@pytest.mark.parametrize("op", ["threads.create", "threads.add_user_message"])
def test_an_unknown_attachment_is_not_found_and_nothing_is_left(chat: Chat, op: str) -> None:
    before = chat.visitor.everything()
    attached = {**message("See this"), "attachments": ["file_unknown"]}
    refusal(chat.visitor.send(op, **{**requests(chat.thread, "")[op], "input": attached}), 404)
    assert chat.visitor.everything() == before


def test_only_a_question_can_be_retried(chat: Chat) -> None:
    before = chat.items
    for item in chat.of_type("assistant_message") + chat.of_type("workflow"):
        retry = {"thread_id": chat.thread, "item_id": item["id"]}
        refusal(chat.visitor.send("threads.retry_after_item", **retry))
    assert chat.items == before


def test_a_tool_nobody_called_cannot_answer(chat: Chat) -> None:
    before = chat.items
    result = {"thread_id": chat.thread, "result": {"ok": True}}
    refusal(chat.visitor.send("threads.add_client_tool_output", **result))
    assert chat.items == before


def test_a_form_nobody_showed_cannot_be_filled_in(chat: Chat) -> None:
    before = chat.items
    for item in before:
        params = requests(chat.thread, item["id"])["threads.add_structured_input"]
        refusal(chat.visitor.send("threads.add_structured_input", **params))
    assert chat.items == before


@pytest.mark.parametrize("size", [2_000_000, 10_000_000])
@pytest.mark.parametrize("content", [b"x", b"["])
def test_a_body_that_is_too_large_is_refused(
    visitor: Visitor, generated: Backend, size: int, content: bytes
) -> None:
    refusal(visitor.post(content * size), 413)
    refusal(visitor.post(chunks(content, size)), 413)
    large = body("threads.list") | {"metadata": {"x": "x" * size}}
    refusal(visitor.post(json.dumps(large).encode()), 413)
    assert visitor.call("threads.list")["data"] == []


def chunks(content: bytes, size: int) -> Iterator[bytes]:
    """A body that does not tell its length beforehand."""
    for _ in range(size // 100_000):
        yield content * 100_000


def test_the_limit_is_where_it_says(visitor: Visitor, generated: Backend) -> None:
    empty = json.dumps(body("threads.list") | {"metadata": {"x": ""}})
    full = empty.replace('""', f'"{"x" * (1_000_000 - len(empty))}"')
    assert visitor.post(full.encode()).status_code == 200
    refusal(visitor.post(full.encode() + b" "), 413)


DEEP = {
    "lists": lambda n: b"[" * n,
    "objects": lambda n: b'{"a":' * n,
    "closed": lambda n: b"[" * n + b"]" * n,
    "metadata": lambda n: (
        b'{"type":"threads.list","params":{},"metadata":{"x":' + b"[" * n + b"]" * n + b"}}"
    ),
    "params": lambda n: b'{"type":"threads.list","params":' + b"[" * n + b"]" * n + b"}",
}


@pytest.mark.parametrize("make", DEEP.values(), ids=DEEP)
def test_deep_nesting_is_refused(visitor: Visitor, make: Any) -> None:
    refusal(visitor.post(make(100_000)))


@pytest.mark.parametrize("depth", [195, 250])
def test_what_is_nested_is_refused_or_can_be_read_again(talk: Chat, depth: int) -> None:
    before = talk.items
    tag = {"type": "input_tag", "id": "t", "text": "x", "interactive": False, "data": {}}
    request = body(
        "threads.add_user_message",
        thread_id=talk.thread,
        input={**message("Hi"), "content": [tag]},
    )
    nested = b'"data": {"x": ' + b"[" * depth + b"]" * depth + b"}"
    response = talk.visitor.post(json.dumps(request).encode().replace(b'"data": {}', nested))
    if response.status_code == 200:
        assert talk.items[len(before)]["content"][0]["data"]
        assert talk.items[-1]["type"] == "assistant_message"
    else:
        refusal(response)
        assert talk.items == before
