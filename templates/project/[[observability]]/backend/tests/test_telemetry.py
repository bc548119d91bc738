import json
import logging
import socket
import threading
from collections.abc import AsyncIterator, Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from typing import Any

import httpx
import httpx2
import pytest
from fastapi.testclient import TestClient
from prometheus_client import REGISTRY

from app import demo
from app.config import Settings
from app.main import create_app
from app.telemetry.logs import log_as_json
from tests.conftest import Client, say, thread_of
from tests.databases import DATABASES
from tests.login import log_in

Log = Callable[[], list[dict[str, str]]]
WORDS = "my-diary-words"


def number(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider whose refusal repeats what it was asked, as some do."""

    async def refuse(*_: Any) -> httpx2.Response:
        return httpx2.Response(400, json={"error": {"message": f"I do not like {WORDS}"}})

    monkeypatch.setattr(demo.DemoProvider, "handle_async_request", refuse)


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Log:
    monkeypatch.setattr(logging.root, "handlers", [])
    log_as_json()
    (handler,) = logging.root.handlers
    assert isinstance(handler, logging.StreamHandler)
    stream = handler.stream = StringIO()
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_turn_is_counted(visitor: Client) -> None:
    ended = {"end": "done"}
    before = number("chat_turns_total", **ended), number("chat_first_word_seconds_count")
    gets = number("chat_store_seconds_count", operation="get")
    asked = number("chat_request_seconds_count", route="/chatkit", status="200")
    say(visitor(), "Hello")
    after = number("chat_turns_total", **ended), number("chat_first_word_seconds_count")
    assert (after[0] - before[0], after[1] - before[1]) == (1, 1)
    assert number("chat_store_seconds_count", operation="get") > gets
    assert number("chat_request_seconds_count", route="/chatkit", status="200") == asked + 1
    assert number("chat_active_streams") == 0


def test_a_failed_turn_is_counted_by_its_cause(visitor: Client, refusing: None) -> None:
    before = number("chat_errors_total", cause="BadRequestError")
    say(visitor(), "Hello")
    assert number("chat_errors_total", cause="BadRequestError") == before + 1


def test_tokens_are_counted(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}
    counting = {**demo.envelope("chat.completion.chunk"), "choices": [], "usage": usage}

    async def stream(message: dict[str, Any]) -> AsyncIterator[bytes]:
        yield demo.chunk({"index": 0, "delta": message, "finish_reason": "stop"})
        yield b"data: " + json.dumps(counting).encode() + b"\n\ndata: [DONE]\n\n"

    monkeypatch.setattr(demo, "stream", stream)
    before = number("chat_tokens_total", kind="input"), number("chat_tokens_total", kind="output")
    say(visitor(), "Hello")
    assert number("chat_tokens_total", kind="input") == before[0] + 7
    assert number("chat_tokens_total", kind="output") == before[1] + 3


def test_log_lines_say_who_and_where_and_not_what(log: Log, visitor: Client) -> None:
    client = visitor()
    thread = thread_of(say(client, WORDS))
    lines = log()
    turn = next(line for line in lines if line["message"].startswith("A turn ended: done"))
    assert turn["thread"] == thread
    assert "-" not in (turn["request"], turn["user"])
    assert WORDS not in str(lines)


def test_what_an_error_quotes_is_not_in_the_log(log: Log, visitor: Client, refusing: None) -> None:
    say(visitor(), WORDS)
    lines = log()
    failure = next(line for line in lines if line["message"] == "A turn failed")
    assert "BadRequestError 400" in failure["error"]
    assert WORDS not in str(lines)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def test_metrics_have_a_port_of_their_own(settings: Settings) -> None:
    port = free_port()
    app = create_app(settings.model_copy(update={"metrics_port": port}))
    with TestClient(app, raise_server_exceptions=False) as client:
        assert client.get("/metrics").status_code == 404
        text = httpx.get(f"http://127.0.0.1:{port}/metrics").text
    assert "chat_request_seconds_count{route=" in text


def test_a_taken_port_costs_only_the_metrics(settings: Settings) -> None:
    with socket.create_server(("0.0.0.0", 0)) as taken:  # noqa: S104
        port = taken.getsockname()[1]
        app = create_app(settings.model_copy(update={"metrics_port": port}))
        with TestClient(app) as client:
            assert client.get("/health/live").status_code == 200


# A process has one place for its traces, however many apps are made in it.
@pytest.mark.parametrize("settings", DATABASES[:1], indirect=True)
def test_traces_go_where_the_environment_says(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    received: list[bytes] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Collector) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
        with TestClient(create_app(settings)) as client:
            log_in(client)
            say(client, WORDS)
        server.shutdown()
    spans = b"".join(received)
    for name in (b"POST /chatkit", b"store put", b"turn"):
        assert name in spans
    assert WORDS.encode() not in spans
