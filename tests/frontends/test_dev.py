"""`make dev`: backend and page side by side, and neither left behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.browser.conftest import App, Built
from tests.frontends.conftest import REACT_FIRST, copy
from tests.node import ENV
from tests.running import answer, say

pytestmark = pytest.mark.matrix


@contextmanager
def developing(app: App) -> Iterator[tuple[str, str]]:
    """The addresses of the page and of the backend."""
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = str(unused.getsockname()[1])
    command = [sys.executable, "-m", "app.dev", "--port", port]
    process = subprocess.Popen(
        command,
        cwd=app.folder / "backend",
        env={**os.environ, **ENV, **app.env()},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout
        found = ""
        for line in process.stdout:
            found += line
            if page := re.search(r"^frontend \| .*Local:\s+(http://localhost:\d+)", line):
                break
        assert page, found
        assert re.search(r"^backend  \| ", found, re.MULTILINE), found
        backend = re.search(r"Backend: (http://localhost:\d+)", found)
        assert backend, found
        yield page[1], backend[1]
    finally:
        process.send_signal(signal.SIGINT)
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)  # as uv does, and people who are in a hurry
        rest, _ = process.communicate(timeout=60)
    assert "Traceback" not in rest


def free(url: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(url.rpartition(":")[2]))) != 0


@REACT_FIRST
def test_both_start_are_one_origin_and_stop_together(built: Built, tmp_path: Path) -> None:
    with (
        developing(App(copy(built(style="both").folder, tmp_path), "")) as (page, backend),
        httpx.Client(base_url=page, timeout=60) as client,
    ):
        assert client.get("/session").json() == {}  # its key is part of the page
        assert "Hello" in answer(say(client, "Hello"))
        assert client.get("/").is_success
    assert free(page)
    assert free(backend)
