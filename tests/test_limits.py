"""The extra `limits`, with a real Redis between two processes of one app."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from chatkit_scaffold.tree import create
from tests.rendering import made
from tests.running import App, body, message, running
from tests.services import redis

pytestmark = pytest.mark.matrix
ORIGIN = "https://app.example"


@pytest.fixture(scope="module")
def counts() -> Iterator[str]:
    with redis() as url:
        yield url


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("limits") / "project"
    create(made(extras=["limits"]), folder)
    return folder / "backend"


def env(counts: str, **settings: str) -> dict[str, str]:
    known = {"REDIS_URL": counts, "LLM_PROVIDER": "demo", "ALLOWED_ORIGINS": f'["{ORIGIN}"]'}
    return known | {name.upper(): value for name, value in settings.items()}


def asked(client: App, text: str = "") -> httpx.Response:
    request = body("threads.create", input=message(text)) if text else body("threads.list")
    return client.post("/chatkit", json=request, headers={"Origin": ORIGIN})


def test_its_own_tests_pass_with_redis(backend: Path, counts: str) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-rs", "tests/test_quotas.py"]
    output = subprocess.run(
        command,
        cwd=backend,
        env={**os.environ, "TEST_REDIS_URL": counts},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "skipped" not in output, output


def test_two_processes_count_together_and_one_may_die(backend: Path, counts: str) -> None:
    settings = env(counts, requests_per_minute="100", streams="2", address_share="50")
    with running(backend, env=settings) as one, running(backend, env=settings) as other:
        asked(one)
        other.cookies.update(one.cookies)
        long = body("threads.create", input=message("word " * 200))
        with (
            one.stream("POST", "/chatkit", json=long) as first,
            other.stream("POST", "/chatkit", json=long) as second,
        ):
            assert [first.status_code, second.status_code] == [200, 200]
            refused = asked(one, "a third")
            assert refused.status_code == 429
            assert refused.json()["error"]["status"] == 429
            assert refused.headers["retry-after"] == "5"
            assert refused.headers["access-control-allow-origin"] == ORIGIN
            os.killpg(one.pid, signal.SIGKILL)
        # What the dead process has counted stays counted for a while. There is room besides.
        for _ in range(50):  # until the other has seen its own client leave
            if asked(other, "hello").is_success:
                break
            time.sleep(0.2)
        else:
            pytest.fail("the places of streams that ended are not given back")
        statuses = [asked(other).status_code for _ in range(100)]
        assert statuses[-1] == 429
        with httpx.Client(base_url=other.base_url) as stranger:
            assert stranger.get("/session").status_code == 200
            assert stranger.post("/chatkit", json=body("threads.list")).status_code == 200


def test_a_redis_that_hangs_is_waited_for_once_and_counts_again(backend: Path) -> None:
    """One turn has ten questions for it."""
    with redis() as url, running(backend, env=env(url, requests_per_minute="1")) as client:
        assert [asked(client).status_code for _ in range(2)] == [200, 429]
        assert client.get("/health/ready").json()["redis"] == "ok"
        host, _, port = url.rpartition("/")[2].partition(":")
        with socket.create_connection((host, int(port))) as other:
            other.sendall(b"CLIENT PAUSE 60000 ALL\r\n")
            assert other.recv(100) == b"+OK\r\n"
            assert asked(client, "hello").is_success
            assert client.get("/health/ready").json()["redis"] == "unavailable"
            other.sendall(b"CLIENT UNPAUSE\r\n")
            assert other.recv(100) == b"+OK\r\n"
        log = backend / "test-server.log"
        assert log.read_text("utf-8").count("REDIS_URL does not answer") == 1
        for _ in range(100):
            if asked(client).status_code == 429:
                break
            time.sleep(0.2)
        else:
            pytest.fail("it is back, and nothing is limited")


def test_one_address_has_a_bound_however_many_users_it_makes_up(backend: Path, counts: str) -> None:
    settings = env(counts, requests_per_minute="40", address_share="1")
    with running(backend, env=settings) as client:
        statuses = []
        for _ in range(41):
            client.cookies.clear()
            statuses.append(asked(client).status_code)
        assert statuses[-1] == 429
        assert statuses.count(200) <= 40
