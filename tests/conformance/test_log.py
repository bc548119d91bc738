"""The log cries out for the faults of the app, and not for what visitors do every day."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest

from tests.conformance.backend import Backend, Chat
from tests.conformance.operations import OPERATIONS, requests
from tests.conformance.texts import LONG, TIME
from tests.conformance.visitor import Visitor
from tests.running import thread_id

pytestmark = pytest.mark.matrix


@contextmanager
def calm(backend: Backend) -> Iterator[None]:
    assert backend.log is not None
    before = len(backend.log.read_text("utf-8"))
    yield
    said = backend.log.read_text("utf-8")[before:]
    assert "Traceback" not in said, said
    assert " ERROR " not in said, said


@pytest.mark.parametrize("op", OPERATIONS)
def test_a_request_about_nothing_known_is_no_fault(
    generated: Backend, visitor: Visitor, op: str
) -> None:
    with calm(generated):
        visitor.send(op, **requests("thread_unknown", "message_unknown")[op])
        visitor.send(op)


def test_a_request_that_makes_no_sense_here_is_no_fault(generated: Backend, chat: Chat) -> None:
    answered = requests(chat.thread, chat.items[-1]["id"])
    with calm(generated):
        for op in (
            "threads.add_client_tool_output",
            "threads.add_structured_input",
            "threads.retry_after_item",
        ):
            chat.visitor.send(op, **answered[op])


def test_visitors_who_leave_are_no_fault(generated: Backend) -> None:
    def leave(_: int) -> None:
        with generated.visitor() as visitor:
            thread = thread_id(visitor.leave(LONG))
            visitor.leave(LONG, thread)
            visitor.say(TIME, thread)

    # So many that the garbage collector finds what they left behind.
    with calm(generated), ThreadPoolExecutor(10) as pool:
        list(pool.map(leave, range(20)))


def test_an_upload_that_is_broken_off_is_no_fault(generated: Backend, visitor: Visitor) -> None:
    url = httpx.URL(generated.url)
    request = f"POST {url.path} HTTP/1.1\r\nHost: {url.host}\r\nContent-Length: 1000\r\n\r\n{{"
    with calm(generated):
        with socket.create_connection((url.host, url.port or 80)) as connection:
            connection.sendall(request.encode())
            visitor.call("threads.list")
        for _ in range(5):
            visitor.call("threads.list")
