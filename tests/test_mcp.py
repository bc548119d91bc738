"""MCP servers that die, hang, dawdle, flood and change: the chat goes on and says so.

One app for all of these tests, with a server for each way to fail: `web`, `sse` and `pipe` are
patient, `hasty` (over HTTP) and `brisk` (over a pipe) are not, `mortal` is not there at first."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
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
TOOLS = ["whoami", "slow", "huge", "broken", "rename", "renamed", "die"]
FAILED = "failed or took too long"


@dataclass(frozen=True)
class Chat:
    client: httpx.Client
    ports: dict[str, int]

    def say(self, text: str, thread: str | None = None) -> list[dict[str, Any]]:
        return say(self.client, text, thread)

    def health(self, *names: str) -> list[str]:
        states = self.client.get("/health").json()["mcp"]
        return [states[name] for name in names]


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory, menu: Menu) -> Iterator[Chat]:
    project = tmp_path_factory.mktemp("mcp") / "project"
    create(render(TEMPLATE, menu.resolve({"frontend": "none", "tools": ["mcp"]})), project)
    servers = project / "backend/app/tools/mcp_servers.py"
    text = servers.read_text("utf-8")
    assert "CHECK_EVERY = 30.0" in text
    servers.write_text(text.replace("CHECK_EVERY = 30.0", "CHECK_EVERY = 0.5"))
    ports = {name: free_port() for name in ("web", "sse", "mortal")}
    pipe = {"command": ["", str(LAB), "stdio"], "user": "user"}
    entries = {
        "web": over("http", ports["web"]),
        "sse": over("sse", ports["sse"]),
        "pipe": pipe,
        "hasty": over("http", ports["web"]) | {"timeout": 4},
        "brisk": pipe | {"timeout": 4},
        "mortal": over("http", ports["mortal"]) | {"timeout": 2},
    }
    wanted = {name: {"tools": TOOLS, "timeout": 20} | entry for name, entry in entries.items()}
    env = {"LLM_PROVIDER": "demo", "LLM_FALLBACK": "", "MCP_SERVERS": json.dumps(wanted)}
    with ExitStack() as stack:
        for name, transport in (("web", "http"), ("sse", "sse")):
            stack.enter_context(lab(transport, ports[name]))
        yield Chat(stack.enter_context(running(project / "backend", env=env)), ports)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def lab(transport: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Not waited for: the app finds out by itself when it is there."""
    server = subprocess.Popen(
        [sys.executable, str(LAB), transport, str(port)], stderr=subprocess.DEVNULL
    )
    try:
        yield server
    finally:
        server.kill()
        server.wait()


def over(transport: str, port: int) -> dict[str, Any]:
    path = "/sse" if transport == "sse" else "/mcp"
    return {"url": f"http://127.0.0.1:{port}{path}", "transport": transport, "user": "X-User-Id"}


def wait_for(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def notices(events: list[dict[str, Any]]) -> list[str]:
    return [event["message"] for event in events if event["type"] == "notice"]


@pytest.mark.parametrize("server", ["web", "sse", "pipe"])
def test_twenty_users_of_one_session_are_told_apart(chat: Chat, server: str) -> None:
    wait_for(lambda: chat.health(server) == ["ok"])

    def ask(_: int) -> tuple[str, list[str]]:
        with httpx.Client(base_url=chat.client.base_url, timeout=60) as user:
            cookie = ""
            told = []
            for _ in range(2):
                told.append(answer(say(user, f"{server} whoami?")))
                cookie = cookie or user.cookies["chatkit_user"]
            return cookie.rpartition(".")[0], told

    with ThreadPoolExecutor(20) as threads:
        users = list(threads.map(ask, range(20)))
    assert len({user for user, _ in users}) == 20
    for user, told in users:
        header, meta = ("nobody", user) if server == "pipe" else (user, "nobody")
        assert told == [f"The tool says: header={header} meta={meta}"] * 2


@pytest.mark.parametrize("server", ["hasty", "brisk"])
def test_a_flood_a_crash_and_a_slow_tool(chat: Chat, server: str) -> None:
    wait_for(lambda: chat.health(server) == ["ok"])
    events = chat.say(f"{server} huge")
    thread = thread_id(events)

    def ask(tool: str) -> str:
        return answer(chat.say(f"{server} {tool}", thread))

    assert len(answer(events)) < 25_000
    assert "left out" in answer(events) or FAILED in answer(events)
    wait_for(lambda: "header=" in ask("whoami"))
    broken = chat.say(f"{server} broken", thread)
    assert "The tool says" in answer(broken)
    assert "secret" not in json.dumps(broken)
    assert FAILED in ask("slow")
    wait_for(lambda: "header=" in ask("whoami"))
    assert "Message" in answer(chat.say("wipe it", thread)), "a tool outside the allow-list"
    assert "done" in ask("rename")
    assert "error" not in {e["type"] for e in chat.say(f"{server} rename", thread)}
    wait_for(lambda: "new name" in ask("renamed"))


def test_a_command_that_dies_is_started_again(chat: Chat) -> None:
    wait_for(lambda: FAILED in answer(chat.say("brisk die")))
    wait_for(lambda: "header=" in answer(chat.say("brisk whoami")))


def test_a_server_that_dies_comes_back_and_hangs(chat: Chat) -> None:
    others = ["web", "sse", "pipe", "hasty", "brisk"]  # which an earlier test may have killed

    def gone() -> bool:
        return chat.health("mortal", *others) == ["not available", *["ok"] * 5]

    def back() -> bool:
        return chat.health("mortal", *others) == ["ok"] * 6

    wait_for(gone)
    events = chat.say("mortal whoami")
    thread = thread_id(events)

    def ask() -> list[dict[str, Any]]:
        return chat.say("mortal whoami", thread)

    assert notices(events) == ["mortal is not available now. I answer without it."]
    assert "error" not in {event["type"] for event in events}
    with lab("http", chat.ports["mortal"]):
        wait_for(back)
        events = ask()
        assert notices(events) == []
        assert "header=" in answer(events)
    assert "error" not in {event["type"] for event in ask()}
    wait_for(gone)
    with lab("http", chat.ports["mortal"]) as hung:
        wait_for(lambda: back() and "header=" in answer(ask()))
        hung.send_signal(signal.SIGSTOP)
        assert FAILED in answer(ask())
        assert "header=" in answer(chat.say("pipe whoami", thread))
        wait_for(gone)
        hung.send_signal(signal.SIGCONT)
        wait_for(back)
