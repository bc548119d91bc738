"""What a database can do to an app in mid-conversation, done to it: nothing said is lost."""

import json
import os
import resource
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.running import App, answer, body, message, parse, running, say, thread_id
from tests.services import Postgres
from tests.stores.conftest import Database

pytestmark = pytest.mark.matrix

Full = Callable[[App, Path], AbstractContextManager[None]]
SORRY = "Conversations cannot be reached at the moment. Please try again soon."


@contextmanager
def app(backend: Path, database: Database, **env: str) -> Iterator[App]:
    demo = {"LLM_PROVIDER": "demo", "LLM_FALLBACK": ""}
    with running(backend, env=database.env | demo | env) as app:
        yield app


def items(app: httpx.Client, thread: str) -> list[dict[str, Any]]:
    request = body("items.list", thread_id=thread, limit=100, order="asc")
    response = app.post("/chatkit", json=request)
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["data"]
    return found


def threads(app: httpx.Client) -> list[str]:
    response = app.post("/chatkit", json=body("threads.list", limit=100))
    assert response.status_code == 200, response.text
    return [thread["id"] for thread in response.json()["data"]]


def refused(app: httpx.Client) -> None:
    """New threads and lists of them: people are told, and not how the database feels."""
    for request in (body("threads.create", input=message("Hi")), body("threads.list")):
        response = app.post("/chatkit", json=request)
        assert response.status_code == 503, response.text
        assert response.json() == {"error": {"status": 503, "message": SORRY}}


def talk(app: App, saved: dict[str, list[str]]) -> None:
    """Until the app is gone: what it said is saved, by thread, in order."""
    with httpx.Client(base_url=app.base_url, cookies=app.cookies, timeout=30) as client:
        while True:
            thread = ""
            for text in ("One two three.", "What did I say?"):
                op = "threads.add_user_message" if thread else "threads.create"
                request = body(op, thread_id=thread, input=message(text))
                try:
                    with client.stream("POST", "/chatkit", json=request) as response:
                        for line in response.iter_lines():
                            event = json.loads(line.removeprefix("data: ") or "{}")
                            if event.get("type") == "thread.created":
                                thread = event["thread"]["id"]
                                saved[thread] = []
                            elif event.get("type") == "thread.item.done":
                                saved[thread].append(event["item"]["id"])
                except httpx.HTTPError:
                    return


def test_a_killed_app_has_kept_all_it_acknowledged(backend: Path, database: Database) -> None:
    saved: dict[str, list[str]] = {}
    with app(backend, database) as first:
        first.get("/session")  # one visitor, whose cookie the others share
        talkers = [threading.Thread(target=talk, args=(first, saved)) for _ in range(4)]
        for talker in talkers:
            talker.start()
        while sum(map(len, saved.values())) < 30:
            time.sleep(0.01)
        os.killpg(first.pid, signal.SIGKILL)
        for talker in talkers:
            talker.join(30)
        cookies = first.cookies
    assert saved
    with app(backend, database) as second:
        second.cookies = cookies
        assert set(saved) <= set(threads(second))
        for thread in threads(second):
            kept = [item["id"] for item in items(second, thread)]
            known = saved.get(thread, [])
            assert kept[: len(known)] == known
        thread = next(iter(saved))
        assert answer(say(second, "Are you there?", thread))
    if database.store == "sqlite":
        assert database.query("PRAGMA integrity_check") == [("ok",)]


def test_a_conversation_goes_on_after_a_restart_of_the_database(
    backend: Path, postgres: Database, cluster: Postgres
) -> None:
    with app(backend, postgres) as client:
        thread = thread_id(say(client, "My cat is called Miso."))
        request = body("threads.add_user_message", thread_id=thread, input=message("word " * 100))
        with client.stream("POST", "/chatkit", json=request) as response:
            lines = response.iter_lines()
            while "text_delta" not in next(lines):
                pass
            cluster.stop(signal.SIGQUIT)
            try:
                events = parse("\n\n".join(line for line in lines if line.startswith("data: ")))
                assert events[-1]["type"] == "error"
                assert events[-1]["message"] == SORRY
                assert events[-1]["allow_retry"] is True
                refused(client)
            finally:
                cluster.start()
        assert [item["type"] for item in items(client, thread)][:3] == [
            "user_message",
            "assistant_message",
            "user_message",
        ]
        assert "Miso" in answer(say(client, "What did I say?", thread))


def test_a_slow_database_and_an_empty_pool_get_an_answer(
    backend: Path, postgres: Database, cluster: Postgres
) -> None:
    limits = {"POSTGRES_CONNECTIONS": "2", "POSTGRES_TIMEOUT": "1"}
    with app(backend, postgres, **limits) as client:
        thread = thread_id(say(client, "My cat is called Miso."))
        with cluster.session(postgres.env["DATABASE_URL"]) as query:
            query("BEGIN")
            query("LOCK TABLE chatkit_threads")
            # Two hold a connection until their statement is given up; the others wait for one.
            with ThreadPoolExecutor(6) as visitors:
                list(visitors.map(refused, [client] * 6))
            everybody = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            assert query(everybody) <= [(3,)]  # this session is one of them
            query("ROLLBACK")
        assert "Miso" in answer(say(client, "What did I say?", thread))


@contextmanager
def no_growth(client: App, folder: Path) -> Iterator[None]:
    size = (folder / "chat.db-wal").stat().st_size
    limit = resource.prlimit(client.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(client.pid, resource.RLIMIT_FSIZE, (size, limit[1]))
    yield
    resource.prlimit(client.pid, resource.RLIMIT_FSIZE, limit)


@contextmanager
def no_space(_: App, folder: Path) -> Iterator[None]:
    filler = folder / "filler"
    filler.write_bytes(bytes(shutil.disk_usage(folder).free))
    assert shutil.disk_usage(folder).free == 0
    yield
    filler.unlink()


@pytest.fixture
def small_disk(sqlite: Database) -> Iterator[None]:
    folder = sqlite.env["DATA_DIR"]
    Path(folder).mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "none", folder]
    if subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode:
        pytest.skip("only root may make a small disk")
    yield
    subprocess.run(["umount", "--lazy", folder], check=True)


def test_files_that_may_not_grow(backend: Path, sqlite: Database) -> None:
    nothing_can_be_written(backend, sqlite, no_growth)


@pytest.mark.usefixtures("small_disk")
def test_a_full_disk(backend: Path, sqlite: Database) -> None:
    nothing_can_be_written(backend, sqlite, no_space)


def nothing_can_be_written(backend: Path, sqlite: Database, full: Full) -> None:
    """People are told, what was there can be read, and the next turn works once there is room."""
    with app(backend, sqlite) as client:
        thread = thread_id(say(client, "My cat is called Miso."))
        before = items(client, thread)
        with full(client, Path(sqlite.env["DATA_DIR"])):
            response = client.post("/chatkit", json=body("threads.create", input=message("Hi")))
            assert response.status_code == 503
            assert response.json() == {"error": {"status": 503, "message": SORRY}}
            assert items(client, thread) == before
        assert "Miso" in answer(say(client, "What did I say?", thread))
        assert threads(client) == [thread]
    assert sqlite.query("PRAGMA integrity_check") == [("ok",)]


def test_two_apps_share_one_sqlite_file(backend: Path, sqlite: Database) -> None:
    with app(backend, sqlite) as one, app(backend, sqlite) as two:
        thread = thread_id(say(one, "My cat is called Miso."))
        two.cookies = one.cookies
        assert "Miso" in answer(say(two, "What did I say?", thread))
        with ThreadPoolExecutor(8) as visitors:
            turns = list(visitors.map(say, [one, two] * 4, ["Hi"] * 8))
        begun = {thread, *map(thread_id, turns)}
        assert set(threads(one)) == set(threads(two)) == begun
        assert all(items(one, thread) == items(two, thread) for thread in begun)
        assert {len(items(one, thread)) for thread in begun} == {2, 4}
