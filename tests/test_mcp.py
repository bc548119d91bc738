"""MCP servers that die, hang, dawdle, flood and change: the chat goes on and says so."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.render import render
from chatkit_scaffold.tree import create
from tests.conftest import TEMPLATE
from tests.running import answer, running, say, thread_id

pytestmark = pytest.mark.matrix
LAB = Path(__file__).with_name("mcp_lab.py")
TOOLS = ["whoami", "slow", "huge", "broken", "rename", "renamed"]
FAILED = "failed or took too long"


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory, menu: Menu) -> Path:
    project = tmp_path_factory.mktemp("mcp") / "project"
    create(render(TEMPLATE, menu.resolve({"frontend": "none", "tools": ["mcp"]})), project)
    servers = project / "backend/app/tools/mcp_servers.py"
    text = servers.read_text("utf-8")
    assert "CHECK_EVERY = 30.0" in text
    servers.write_text(text.replace("CHECK_EVERY = 30.0", "CHECK_EVERY = 0.5"))
    return project / "backend"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def lab(transport: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    server = subprocess.Popen(
        [sys.executable, str(LAB), transport, str(port)], stderr=subprocess.DEVNULL
    )
    try:
        wait_for(lambda: answers(port))
        yield server
    finally:
        server.kill()
        server.wait()


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 40
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def settings(timeout: float = 20, **servers: dict[str, Any]) -> dict[str, str]:
    more = {"tools": TOOLS, "timeout": timeout}
    entries = {name: more | entry for name, entry in servers.items()}
    return {"LLM_PROVIDER": "demo", "LLM_FALLBACK": "", "MCP_SERVERS": json.dumps(entries)}


def over(transport: str, port: int) -> dict[str, Any]:
    if transport == "stdio":
        return {"command": ["", str(LAB), "stdio"], "user": "user"}
    path = "/sse" if transport == "sse" else "/mcp"
    return {"url": f"http://127.0.0.1:{port}{path}", "transport": transport, "user": "X-User-Id"}


def health(client: httpx.Client) -> Any:
    return client.get("/health").json()["mcp"]


def notices(events: list[dict[str, Any]]) -> list[str]:
    return [event["message"] for event in events if event["type"] == "notice"]


@contextmanager
def started(transport: str, port: int) -> Iterator[None]:
    if transport == "stdio":
        yield
    else:
        with lab(transport, port):
            yield


@pytest.mark.parametrize("transport", ["http", "sse", "stdio"])
def test_twenty_users_of_one_session_are_told_apart(backend: Path, transport: str) -> None:
    port = free_port()
    with (
        started(transport, port),
        running(backend, env=settings(lab=over(transport, port))) as client,
    ):

        def ask(_: int) -> tuple[str, list[str]]:
            with httpx.Client(base_url=client.base_url, timeout=60) as user:
                cookie = ""
                told = []
                for _ in range(2):
                    told.append(answer(say(user, "whoami?")))
                    cookie = cookie or user.cookies["chatkit_user"]
                return cookie.rpartition(".")[0], told

        with ThreadPoolExecutor(20) as threads:
            users = list(threads.map(ask, range(20)))
        assert len({user for user, _ in users}) == 20
        for user, told in users:
            header, meta = ("nobody", user) if transport == "stdio" else (user, "nobody")
            assert told == [f"The tool says: header={header} meta={meta}"] * 2


@pytest.mark.parametrize("transport", ["http", "stdio"])
def test_a_flood_a_crash_and_a_slow_tool(backend: Path, transport: str) -> None:
    port = free_port()
    with (
        started(transport, port),
        running(backend, env=settings(timeout=4, lab=over(transport, port))) as client,
    ):
        events = say(client, "huge")
        thread = thread_id(events)
        assert len(answer(events)) < 25_000
        assert "left out" in answer(events) or FAILED in answer(events)
        wait_for(lambda: "header=" in answer(say(client, "whoami", thread)))
        assert "The tool says" in answer(broken := say(client, "broken", thread))
        assert "secret" not in json.dumps(broken)
        assert FAILED in answer(say(client, "slow", thread))
        wait_for(lambda: "header=" in answer(say(client, "whoami", thread)))
        assert "Message" in answer(say(client, "wipe it", thread)), "a tool outside the allow-list"
        assert "done" in answer(say(client, "rename", thread))
        assert "error" not in {e["type"] for e in say(client, "rename", thread)}
        wait_for(lambda: "new name" in answer(say(client, "renamed", thread)))


def test_a_server_that_dies_and_comes_back(backend: Path) -> None:
    port = free_port()
    with running(backend, env=settings(timeout=2, lab=over("http", port))) as client:
        assert health(client) == {"lab": "not available"}
        events = say(client, "whoami")
        thread = thread_id(events)
        assert notices(events) == ["lab is not available now. I answer without it."]
        assert "You said" in answer(events)
        with lab("http", port):
            wait_for(lambda: health(client) == {"lab": "ok"})
            events = say(client, "whoami", thread)
            assert notices(events) == []
            assert "header=" in answer(events)
        assert "error" not in {e["type"] for e in say(client, "whoami", thread)}
        wait_for(lambda: health(client) == {"lab": "not available"})
        with lab("http", port):
            wait_for(lambda: "header=" in answer(say(client, "whoami", thread)))


def test_a_server_that_hangs(backend: Path) -> None:
    port, other = free_port(), free_port()
    with lab("http", port) as hung, lab("http", other):
        servers = {"hung": over("http", port), "well": over("http", other)}
        with running(backend, env=settings(timeout=2, **servers)) as client:
            hung.send_signal(signal.SIGSTOP)
            events = say(client, "hung whoami")
            assert FAILED in answer(events)
            assert "header=" in answer(say(client, "well whoami", thread_id(events)))
            wait_for(lambda: health(client) == {"hung": "not available", "well": "ok"})
            hung.send_signal(signal.SIGCONT)
            wait_for(lambda: health(client) == {"hung": "ok", "well": "ok"})
