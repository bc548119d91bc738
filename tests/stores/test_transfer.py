"""Conversations on the move between SQLite and PostgreSQL, read back past our own stores."""

import hashlib
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.services import Postgres

pytestmark = pytest.mark.matrix
TABLES = ["threads", "attachments", "items", "feedback"]
Run = Callable[..., subprocess.CompletedProcess[str]]

# Several users, equal times, and threads that grow by turns, as they do where people talk.
FILL = """
import asyncio, sys
from datetime import UTC, datetime, timedelta
from app.config import Settings
from app.stores import open_store
from app.stores.rows import Row

async def fill(url, name, threads, items):
    def row(n, data, **key):
        at = datetime(2026, 1, 2, tzinfo=UTC) + timedelta(microseconds=n // 3)
        return Row(0, at, data, {"user_id": f"{name}-{int(key['id'].split('-')[1]) % 50}"} | key)
    def parts(n):
        return {"thread_id": f"{name}-{n % threads}", "id": f"{name}-{n % threads}-{n}"}
    def rows(table, n):
        if table in ("threads", "attachments"):
            return row(n, '{"title": "Miso \\\\u0000 \U0001f600 %d"}' % n, id=f"{name}-{n}")
        text = '{"id": "%s", "text": "%s"}' % (parts(n)["id"], "words " * 50)
        return row(n, text, **parts(n))
    async with open_store(Settings(database_url=url)) as store:
        sizes = {"threads": threads, "attachments": 10, "items": threads * items, "feedback": 300}
        for table, size in sizes.items():
            for start in range(0, size, 500):
                wanted = range(start, min(start + 500, size))
                await store.put_rows(table, [rows(table, n) for n in wanted])

url, name, threads, items = sys.argv[1:]
asyncio.run(fill(url, name, int(threads), int(items)))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "dätä"


@pytest.fixture
def run(backend: Path, folder: Path) -> Run:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words],
            cwd=backend,
            env={**os.environ, "DATA_DIR": str(folder)},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture
def transfer(run: Run) -> Run:
    return lambda *words: run("-m", "app.stores.transfer", *words)


@pytest.fixture
def fill(run: Run) -> Callable[..., None]:
    def fill(url: str, name: str, threads: int, items: int = 20) -> None:
        done = run("-c", FILL, url, name, str(threads), str(items))
        assert done.returncode == 0, done.stderr

    return fill


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that means something, in the order in which it arrived."""
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        return {
            table: [
                tuple(row[name] for name in row.keys() if name != "seq")  # noqa: SIM118
                for row in db.execute(f"SELECT * FROM {table} ORDER BY rowid")  # noqa: S608
            ]
            for table in TABLES
        }


def start(backend: Path, folder: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "app.stores.transfer", *words],
        cwd=backend,
        env={**os.environ, "DATA_DIR": str(folder)},
        stderr=subprocess.PIPE,
        text=True,
    )


def kill_in_the_middle(backend: Path, folder: Path, *words: str) -> None:
    with start(backend, folder, *words) as process:
        assert process.stderr is not None
        assert next(line for line in process.stderr if line.startswith("items"))
        process.kill()
    assert process.returncode == -signal.SIGKILL


def test_there_and_back_with_a_kill_on_the_way(
    backend: Path, folder: Path, cluster: Postgres, fill: Callable[..., None], transfer: Run
) -> None:
    there = cluster.new_database()
    fill("sqlite:///chat.db", "a", 500)
    before = hashlib.sha256((folder / "chat.db").read_bytes()).digest()
    kill_in_the_middle(backend, folder, "sqlite:///chat.db", there)
    [(moved,)] = cluster.run("SELECT count(*) FROM chatkit_items", there)
    assert 0 < int(str(moved)) < 10_000
    for urls in [("sqlite:///chat.db", there), (there, "sqlite:///back.db")]:
        done = transfer(*urls)
        assert done.returncode == 0, done.stderr
        assert done.stdout.count("  equal") == len(TABLES)
    assert len(content(folder / "back.db")["items"]) == 10_000
    assert content(folder / "back.db") == content(folder / "chat.db")
    assert hashlib.sha256((folder / "chat.db").read_bytes()).digest() == before


def test_a_connection_lost_on_the_way_is_told_and_no_end(
    backend: Path, folder: Path, cluster: Postgres, fill: Callable[..., None], transfer: Run
) -> None:
    there = cluster.new_database()
    fill("sqlite:///chat.db", "a", 300)
    with start(backend, folder, "sqlite:///chat.db", there) as process:
        assert process.stderr is not None
        assert next(line for line in process.stderr if line.startswith("items"))
        others = (
            "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        while process.poll() is None:
            cluster.run(f"SELECT pg_terminate_backend(pid) {others}", there)
        told = process.stderr.read()
    assert process.returncode == 1
    assert "A database failed: " in told, told
    assert "Traceback" not in told
    done = transfer("sqlite:///chat.db", there)
    assert done.returncode == 0, done.stderr


TRY_TO_WRITE = """
import asyncio, sys
from app.config import Settings
from app.stores import open_store

async def change(url):
    async with open_store(Settings(database_url=url), read_only=True) as store:
        rows = await store.rows("threads", 0, 1)
        assert len(rows) == 1
        await store.put_rows("threads", rows)

asyncio.run(change(sys.argv[1]))
"""


@pytest.mark.parametrize("store", ["sqlite", "postgres"])
def test_the_source_cannot_be_changed(
    cluster: Postgres, fill: Callable[..., None], run: Run, store: str
) -> None:
    url = cluster.new_database() if store == "postgres" else "sqlite:///chat.db"
    fill(url, "a", 1)
    done = run("-c", TRY_TO_WRITE, url)
    assert done.returncode == 1
    assert re.search("read-?only (database|transaction)", done.stderr), done.stderr


def test_a_merge_leaves_what_was_there(
    folder: Path, cluster: Postgres, fill: Callable[..., None], transfer: Run
) -> None:
    there = cluster.new_database()
    fill("sqlite:///chat.db", "a", 30)
    fill(there, "b", 30)
    done = transfer("sqlite:///chat.db", there)
    assert done.returncode == 1
    assert "--merge" in done.stderr
    assert cluster.run("SELECT count(*) FROM chatkit_threads", there) == [(30,)]
    for _ in range(2):
        done = transfer("sqlite:///chat.db", there, "--merge")
        assert done.returncode == 0, done.stderr
    assert cluster.run("SELECT count(*) FROM chatkit_items", there) == [(1200,)]
    ours = "SELECT id FROM chatkit_items WHERE user_id LIKE 'a-%' ORDER BY seq"
    with closing(sqlite3.connect(folder / "chat.db")) as db:
        assert (
            cluster.run(ours, there) == db.execute("SELECT id FROM items ORDER BY seq").fetchall()
        )


@pytest.mark.slow
def test_ten_thousand_threads_take_no_more_memory_than_a_hundred(
    backend: Path, folder: Path, cluster: Postgres, fill: Callable[..., None]
) -> None:
    def measure(*urls: str) -> float:
        """Peak MiB; `-s` shows it, and the seconds."""
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "app.stores.transfer", *urls],
            cwd=backend,
            env={**os.environ, "DATA_DIR": str(folder)},
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        peak = usage.ru_maxrss / 1024
        print(f"{time.perf_counter() - start:.1f} s, {peak:.0f} MiB")
        return peak

    peaks = []
    for threads in (100, 10_000):
        here, there, back = f"{threads}.db", cluster.new_database(), f"{threads}-back.db"
        fill(f"sqlite:///{here}", "a", threads)
        if threads > 100:
            kill_in_the_middle(backend, folder, f"sqlite:///{here}", there)
        peaks.append(measure(f"sqlite:///{here}", there))
        peaks.append(measure(there, f"sqlite:///{back}"))
        assert len(content(folder / back)["items"]) == threads * 20
        assert content(folder / back) == content(folder / here)
    assert max(peaks) < 1.2 * min(peaks)


@pytest.mark.parametrize(
    ("urls", "code", "words"),
    [
        (["sqlite:///chat.db"], 2, ["DST_URL"]),
        (["mysql://me:secret@host/x", "sqlite:///a"], 2, ["SRC_URL", "'mysql'", "postgresql"]),
        (["sqlite:///chat.db", "sqlite:///chat.db"], 2, ["same"]),
        (["sqlite:///gone.db", "sqlite:///a.db"], 1, ["gone.db", "cannot be opened"]),
        (["postgresql://me:secret@127.0.0.1:1/x", "sqlite:///a"], 1, ["SRC_URL", "cannot be used"]),
        (["postgresql://me:secret@[x/db", "sqlite:///a"], 1, ["SRC_URL", "address"]),
        (["sqlite:///text.db", "sqlite:///a.db"], 1, ["text.db", "not a database"]),
        (["sqlite:///old.db", "sqlite:///a.db"], 1, ["SRC_URL", "python -m app.stores"]),
    ],
)
def test_what_is_wrong_is_named(
    folder: Path, transfer: Run, urls: list[str], code: int, words: list[str]
) -> None:
    folder.mkdir()
    (folder / "text.db").write_text("not a database" * 100)
    (folder / "old.db").touch()
    done = transfer(*urls)
    assert done.returncode == code, done.stderr
    assert all(word in done.stderr for word in words), done.stderr
    assert "secret" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in folder.glob("*.db")) == ["old.db", "text.db"]
    assert not (folder / "old.db").stat().st_size
