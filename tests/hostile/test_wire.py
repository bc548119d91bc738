"""Requests that no browser sends: endless, smuggled, forged line by line."""

import os
import socket
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.hostile.target import ORIGIN, Target, chat, refused
from tests.running import body, parse, say

MB = 1_000_000
POST = b"POST /chatkit HTTP/1.1\r\nHost: localhost\r\n"


def memory(pid: int) -> int:
    fields = Path(f"/proc/{pid}/statm").read_text().split()
    return int(fields[1]) * os.sysconf("SC_PAGESIZE")


def open_files(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


@pytest.mark.matrix
@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}",
        POST + b"Content-Length: -1\r\n\r\n",
        POST
        + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        POST + b"X-A: a\x00b\r\nContent-Length: 0\r\n\r\n",
        POST + b"X-A : b\r\nContent-Length: 0\r\n\r\n",
    ],
    ids=range(10),
)
def test_what_is_not_http_ends_the_connection(app: Target, request_: bytes) -> None:
    with app.connect() as connection:
        connection.sendall(request_)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert b"HTTP/1.1 2" not in answer
    assert answer.count(b"HTTP/1.1") <= 1
    assert b"Traceback" not in answer


@pytest.mark.matrix
def test_hosts_and_forwarded_words_of_strangers_change_nothing(app: Target) -> None:
    for host in ("evil.example", "localhost.evil.example", "", "localhost:80@evil.example"):
        refused(app.client.get("/session", headers={"Host": host}), 400)
    announced = body("attachments.create", name="a", size=1, mime_type="image/png")
    forwarded = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    response = app.client.post("/chatkit", json=announced, headers=forwarded)
    assert "evil" not in response.text


@pytest.mark.matrix
def test_other_origins_read_nothing(app: Target) -> None:
    for origin in ("https://evil.example", "null", f"{ORIGIN}.evil.example", "http://app.example"):
        response = app.client.post(
            "/chatkit", json=body("threads.list"), headers={"Origin": origin}
        )
        assert "access-control-allow-origin" not in response.headers
        asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        assert (
            "access-control-allow-origin"
            not in app.client.options("/chatkit", headers=asked).headers
        )


@pytest.mark.matrix
def test_nobody_writes_lines_into_the_log_or_headers_into_the_answer(app: Target) -> None:
    forged = "2026-01-01 00:00:00,000 INFO app.main [-] admin logged in"
    lines = f"\n{forged}\r\nSet-Cookie: a=b\x1b[31m"

    def try_it() -> None:
        assert app.client.post("/chatkit", json=chat(lines)).is_success
        app.client.get("/session", params={"a": lines})
        app.client.get("/%0d%0aSet-Cookie:%20a=b%0a" + forged.replace(" ", "%20"))
        app.client.post("/chatkit", json=body(lines))
        app.client.get("/session", headers={"Authorization": "Bearer a\tb"})
        app.client.get("/session", headers={"X-Request-Id": forged})
        app.client.post("/chatkit", json=body("threads.get_by_id", thread_id=lines))

    said = app.said(try_it)
    assert "admin logged in" not in said
    assert "\x1b" not in said
    for path in ("/%0d%0aSet-Cookie:%20a=b", "/session?x=%0d%0aSet-Cookie:%20a=b"):
        assert "a=b" not in str(app.client.get(path).headers)


@pytest.mark.matrix
def test_a_body_without_end_is_cut(app: Target) -> None:
    before = memory(app.client.pid)

    def endless() -> object:
        for _ in range(200):
            yield b"x" * MB

    refused(app.client.post("/chatkit", content=endless()), 413)  # type: ignore[arg-type]
    assert memory(app.client.pid) - before < 50 * MB


@pytest.mark.slow
def test_a_body_that_dribbles_in_is_not_waited_for(app: Target) -> None:
    token = app.client.headers["Authorization"].encode()
    with app.connect() as connection:
        head = b"Authorization: " + token + b"\r\nContent-Length: 100000\r\n\r\n{"
        connection.sendall(POST + head)
        connection.settimeout(1)
        answer = b""
        for _ in range(60):
            try:
                if not (chunk := connection.recv(65536)):
                    break
                answer += chunk
            except TimeoutError:
                connection.sendall(b" ")
        else:
            pytest.fail("it was waited for, a minute long")
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in answer.lower()


@pytest.mark.slow
def test_a_thousand_who_ask_nothing_keep_nobody_from_being_answered(app: Target) -> None:
    pid = app.client.pid
    before, files = memory(pid), open_files(pid)
    with ExitStack() as stack:
        for n in range(1000):
            connection = stack.enter_context(app.connect())
            if n % 2:  # and half of them begin to ask, without an end
                connection.sendall(POST + b"X-A: " + b"a" * (n % 50))
        while open_files(pid) < files + 1000:
            time.sleep(0.1)
        for _ in range(5):
            assert say(app.client, "Hi")[-1]["type"] == "thread.item.done"
        assert memory(pid) - before < 100 * MB
    while open_files(pid) > files + 10:
        time.sleep(0.1)


@pytest.mark.slow
def test_a_hundred_who_do_not_listen_cost_little(app: Target) -> None:
    """Long answers, asked for by clients that read nothing of them."""
    pid = app.client.pid
    before, files = memory(pid), open_files(pid)
    request = app.client.build_request("POST", "/chatkit", json=chat("word " * 2000))
    token = app.client.headers["Authorization"].encode()
    head = b"Authorization: %s\r\nContent-Length: %d\r\n\r\n" % (token, len(request.content))
    with ExitStack() as stack:
        for _ in range(100):
            connection = stack.enter_context(app.connect())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.sendall(POST + head + request.content)
        for _ in range(3):
            with app.client.stream("POST", "/chatkit", json=chat()) as response:
                assert parse(response.read().decode())
        assert memory(pid) - before < 500 * MB
    while open_files(pid) > files + 10:
        time.sleep(0.1)
