"""Pages of the listed origins may call, and see why when they cannot. Others may not."""

import json

import httpx
import pytest

from tests.conformance.backend import EVIL, ORIGIN, Backend, Chat
from tests.conformance.operations import OPERATIONS, Params, requests
from tests.conformance.visitor import Visitor
from tests.running import body

pytestmark = pytest.mark.matrix
ALLOW = "access-control-allow-origin"
every_operation = pytest.mark.parametrize("op", OPERATIONS)


def check_origins(visitor: Visitor, content: bytes) -> httpx.Response:
    """The same answer for every page, but only the listed one may read it."""
    allowed = visitor.post(content, {"origin": ORIGIN})
    assert allowed.headers[ALLOW] == ORIGIN
    assert allowed.headers["access-control-allow-credentials"] == "true"
    assert "origin" in allowed.headers["vary"].lower()
    for origin in (EVIL, f"{ORIGIN}.evil.example", "http://app.example", "null"):
        other = visitor.post(content, {"origin": origin})
        assert ALLOW not in other.headers, origin
        assert other.status_code == allowed.status_code
    return allowed


@every_operation
def test_an_error_can_be_read_where_it_should(
    generated: Backend, visitor: Visitor, op: str
) -> None:
    unknown = requests("thread_unknown", "message_unknown")[op]
    if op != "threads.create" and "thread_id" in unknown:
        assert check_origins(visitor, encoded(op, unknown)).status_code == 404
    assert check_origins(visitor, encoded(op, {"limit": "many"})).status_code == 400


def test_nonsense_can_be_read_where_it_should(generated: Backend, visitor: Visitor) -> None:
    assert check_origins(visitor, b"\xff").status_code == 400
    assert check_origins(visitor, b"x" * 2_000_000).status_code == 413


def test_a_list_can_be_read_where_it_should(generated: Backend, visitor: Visitor) -> None:
    assert check_origins(visitor, encoded("threads.list", {})).status_code == 200


def test_a_stream_can_be_read_where_it_should(generated: Backend, chat: Chat) -> None:
    request = encoded("threads.custom_action", requests(chat.thread, "")["threads.custom_action"])
    assert check_origins(chat.visitor, request).status_code == 200


@pytest.mark.parametrize("asked", ["content-type", "x-custom", "authorization"])
def test_a_browser_may_ask_first(generated: Backend, visitor: Visitor, asked: str) -> None:
    preflight = {"access-control-request-method": "POST", "access-control-request-headers": asked}
    allowed = visitor.client.options(visitor.url, headers={"origin": ORIGIN, **preflight})
    assert allowed.status_code == 200
    assert allowed.headers[ALLOW] == ORIGIN
    assert "POST" in allowed.headers["access-control-allow-methods"]
    assert asked in allowed.headers["access-control-allow-headers"].lower()
    other = visitor.client.options(visitor.url, headers={"origin": EVIL, **preflight})
    assert ALLOW not in other.headers


def test_only_posts_are_answered(generated: Backend, visitor: Visitor) -> None:
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        response = visitor.client.request(method, visitor.url)
        assert response.status_code in range(400, 500), method


def encoded(op: str, params: Params) -> bytes:
    return json.dumps(body(op, **params)).encode()
