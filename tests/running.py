"""A generated backend, running: started on a free port and stopped by its process group."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx

from tests import login
from tests.forks import Fork

START_LIMIT = 60.0  # seconds; a cold start compiles the SDKs


class App(httpx.Client):
    """A browser's view of the app: one client, one cookie jar."""

    pid: int  # of the app, and of its process group


@contextmanager
def running(
    backend: Path,
    python: Path | str = sys.executable,
    env: Mapping[str, str] | None = None,
    port: int = 0,
) -> Iterator[App]:
    with socket.create_server(("127.0.0.1", port)) as probe:
        port = probe.getsockname()[1]
    log = backend / "test-server.log"
    server = _start(backend, python, port, {**os.environ, **login.ENV, **(env or {})}, log)
    try:
        with App(base_url=f"http://localhost:{port}", timeout=30) as client:
            client.pid = server.pid
            client.headers.update(login.bearer())  # only apps with logins look at it
            _wait(client, server, log)
            yield client
    finally:
        with suppress(ProcessLookupError):  # a test has stopped it
            os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def succeed(backend: Path, env: Mapping[str, str], module: str, *words: object) -> None:
    """`python -m MODULE WORDS` in a backend."""
    log = backend / "test-command.log"
    command = Fork(backend, [str(word) for word in words], {**os.environ, **env}, log, module)
    assert command.wait(START_LIMIT) == 0, log.read_text("utf-8")


def _start(
    backend: Path, python: Path | str, port: int, env: Mapping[str, str], log: Path
) -> Fork | subprocess.Popen[bytes]:
    words = ["--port", str(port)]
    if python == sys.executable:
        return Fork(backend, words, env, log)
    with log.open("wb") as output:
        return subprocess.Popen(
            [python, "-m", "app", *words],
            cwd=backend,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            start_new_session=True,
        )


def _wait(client: httpx.Client, server: Fork | subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline and server.poll() is None:
        try:
            client.get("/health").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"The app did not start:\n{log.read_text('utf-8')}")


def body(op: str, **params: Any) -> dict[str, Any]:
    return {"type": op, "params": params}


def message(text: str) -> dict[str, Any]:
    content = [{"type": "input_text", "text": text}]
    return {"content": content, "attachments": [], "inference_options": {}}


def say(client: httpx.Client, text: str, thread: str | None = None) -> list[dict[str, Any]]:
    """One turn: the events of the answer, in order."""
    op = "threads.add_user_message" if thread else "threads.create"
    request = body(op, thread_id=thread, input=message(text))
    response = client.post("/chatkit", json=request)
    assert response.headers["content-type"].startswith("text/event-stream"), response.text
    return parse(response.text)


def parse(stream: str) -> list[dict[str, Any]]:
    blocks = [block for block in stream.split("\n\n") if block and not block.startswith(":")]
    assert all(block.startswith("data: ") for block in blocks), stream
    return [json.loads(block.removeprefix("data: ")) for block in blocks]


def thread_id(events: list[dict[str, Any]]) -> str:
    return str(next(e["thread"]["id"] for e in events if e["type"] == "thread.created"))


def answer(events: list[dict[str, Any]]) -> str:
    done = [e["item"] for e in events if e["type"] == "thread.item.done"]
    return str(done[-1]["content"][0]["text"])
