"""The store of a generated project against MongoDB, or its stand-in, when things go wrong."""

import asyncio
import importlib
import logging
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from time import time
from types import SimpleNamespace
from typing import Any

import pytest
from chatkit.errors import CustomStreamError
from chatkit.store import NotFoundError
from pymongo import MongoClient

from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.render import render
from chatkit_scaffold.tree import create
from tests.conftest import TEMPLATE
from tests.mongo.server import URL, Fault, MongoServer, mongo_database, mongo_server
from tests.mongo.test_server import own
from tests.running import answer, body, running, say, thread_id
from tests.stores.test_migrations import START_TEN

pytestmark = [
    pytest.mark.matrix,
    # pymongo leaves a socket to the collector when it is closed while it connects.
    pytest.mark.filterwarnings(
        "ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning"
    ),
]
TABLES = ["threads", "items", "feedback", "attachments"]
SHARDED = {f"chatkit_{table}": "user_id" for table in TABLES}
NOW = datetime(2026, 1, 2, 3, 4, 5)
Document = dict[str, Any]


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory, menu: Menu) -> Path:
    project = tmp_path_factory.mktemp("mongodb") / "project"
    create(render(TEMPLATE, menu.resolve({"stores": "mongodb"})), project)
    return project / "backend"


@pytest.fixture(scope="module")
def app(backend: Path) -> Iterator[Any]:
    """The project's own modules, in this process."""
    names = ("app.config", "app.identity", "app.stores", "app.stores.rows")
    sys.path.insert(0, str(backend))
    try:
        modules = {name.rpartition(".")[2]: importlib.import_module(name) for name in names}
    finally:
        sys.path.remove(str(backend))  # it has a package called tests, too
    yield SimpleNamespace(**modules)
    for name in [name for name in sys.modules if name.partition(".")[0] == "app"]:
        del sys.modules[name]


@pytest.fixture
def server() -> Iterator[MongoServer]:
    with mongo_server() as server:
        yield server


@pytest.fixture
def opened(app: Any, server: MongoServer) -> Callable[..., Any]:
    """`async with opened() as store`; the owner of all rows is `opened.ann`."""

    def open_store(timeout: float = 5) -> Any:
        url = f"{server.url}/chat"
        settings = app.config.Settings(database_url=url, mongodb_timeout=timeout)
        return app.stores.open_store(settings)

    open_store.ann = app.identity.User("ann")  # type: ignore[attr-defined]
    return open_store


def run(work: Callable[[], Awaitable[None]]) -> None:
    async def all_of_it() -> None:
        await work()

    asyncio.run(all_of_it())


def put(store: Any, id: str, thread: str | None = "t", data: str = "{}") -> Any:  # noqa: A002
    if thread is None:
        return store.put("threads", NOW, data, user_id="ann", id=id)
    return store.put("items", NOW, data, user_id="ann", thread_id=thread, id=id)


def left(server: MongoServer, table: str) -> list[Document]:
    with MongoClient[Document](server.url) as client:
        return list(client.chat[f"chatkit_{table}"].find())


@contextmanager
def sharded() -> Iterator[str]:
    with mongo_server(mongos=True, shard_keys=SHARDED) as cluster:
        yield f"{cluster.url}/chat"


def test_the_contract_that_ships_with_the_project_holds(backend: Path) -> None:
    """On the server that was asked for, or else with the rules of a cluster sharded by user."""
    with mongo_database() if URL else sharded() as url:
        tests = ["tests/test_store.py", "tests/test_pages.py"]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests],
            cwd=backend,
            env={"TEST_MONGODB_URL": url, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout
    assert "skipped" not in done.stdout


@own
def test_every_search_has_an_index_to_start_from(opened: Any, server: MongoServer) -> None:
    async def work() -> None:
        async with opened() as store:
            server.engine.notablescan = True
            await put(store, "t", None)
            for name in "abc":
                assert await put(store, name)
            key = {"user_id": "ann", "thread_id": "t"}
            assert len(await store.page("items", 9, "a", False, **key)) == 2
            assert len(await store.page("threads", 9, "t", True, user_id="ann")) == 0
            assert [row.key["id"] for row in await store.rows("items", 0, 9)] == ["a", "b", "c"]
            assert await store.remove("items", **key, id="a")
            assert await store.remove("threads", user_id="ann", id="t")

    run(work)
    server.engine.notablescan = False
    assert left(server, "items") == []


@own
def test_an_empty_id_is_nobodys(opened: Any, server: MongoServer) -> None:
    async def work() -> None:
        async with opened() as store:
            await put(store, "t", None)
            await put(store, "a")
            assert await store.get("threads", user_id="ann", id="") is None
            assert await store.get("items", user_id="ann", thread_id="t", id="") is None
            assert not await store.remove("threads", user_id="ann", id="")
            assert not await put(store, "b", thread="")

    run(work)
    assert len(left(server, "items")) == 1


def test_what_is_put_after_a_row_that_is_refused_is_not_there(
    app: Any, server: MongoServer, opened: Callable[..., Any]
) -> None:
    """A gap would be found by no transfer that goes on where another stopped."""

    def row(place: int, user: str, name: str) -> Any:
        return app.rows.Row(place, NOW, "{}", {"user_id": user, "id": name})

    async def work() -> None:
        async with opened() as store:
            await put(store, "taken", None)
            with pytest.raises(NotFoundError):
                await store.put_rows(
                    "threads", [row(1, "ann", "one"), row(2, "eve", "taken"), row(3, "ann", "two")]
                )

    run(work)
    assert [document["_id"] for document in left(server, "threads")] == ["taken", "one"]


@own
def test_ten_that_start_at_once_make_one_schema(backend: Path, server: MongoServer) -> None:
    command = [sys.executable, "-c", START_TEN]
    env = {"DATABASE_URL": f"{server.url}/chat", "PATH": "/usr/bin:/bin"}
    subprocess.run(command, cwd=backend, env=env, check=True)
    assert left(server, "schema") == [{"_id": "version", "number": 1}]
    names = [index["name"] for index in server.engine.indexes("chat", "chatkit_items")]
    assert names == ["_id_", "life_1_created_at_1_seq_1", "seq_1"]


@own
def test_writers_of_several_processes_get_a_place_each(opened: Any, server: MongoServer) -> None:
    async def work() -> None:
        async with opened() as one, opened() as two:
            await put(one, "t", None)
            names = [f"{n:02}" for n in range(30)]
            await asyncio.gather(*(put((one, two)[n % 2], name) for n, name in enumerate(names)))
            await put(two, "last")
            rows = await one.rows("items", 0, 99)
            assert sorted(row.key["id"] for row in rows[:-1]) == names
            assert rows[-1].key["id"] == "last"
            assert len({row.place for row in rows}) == 31

    run(work)


@own
def test_a_newer_schema_is_refused(opened: Any, server: MongoServer) -> None:
    with MongoClient[Document](server.url) as client:
        client.chat.chatkit_schema.insert_one({"_id": "version", "number": 2})

    async def work() -> None:
        with pytest.raises(SystemExit, match="newer version of this app"):
            async with opened():
                pass

    run(work)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mongodb://ann:se/cret@127.0.0.1/chat", "percent-encoded"),
        ("mongodb://ann:secret@127.0.0.1:1/chat", "127.0.0.1:1"),
    ],
)
def test_an_address_without_a_server_ends_the_start(app: Any, url: str, words: str) -> None:
    settings = app.config.Settings(database_url=url, mongodb_timeout=0.5)

    async def work() -> None:
        with pytest.raises(SystemExit) as stopped:
            async with app.stores.open_store(settings):
                pass
        assert words in str(stopped.value)
        assert "cret" not in str(stopped.value)

    run(work)


@own
@pytest.mark.parametrize("table", ["items", "feedback"])
def test_a_process_that_dies_while_it_deletes_leaves_nothing(
    backend: Path, opened: Any, server: MongoServer, table: str
) -> None:
    async def fill() -> None:
        async with opened() as store:
            for thread in ("t", "other"):
                await put(store, thread, None)
                await put(store, "a", thread)
                key = {"user_id": "ann", "thread_id": thread, "id": "a"}
                await store.put("feedback", NOW, "positive", **key)

    run(fill)
    hold = server.fail(Fault("delete", collection=f"chatkit_{table}", times=1, silent=True))
    script = """
import asyncio
from app.config import Settings
from app.stores import open_store

async def main():
    async with open_store(Settings()) as store:
        await store.remove("threads", user_id="ann", id="t")

asyncio.run(main())
"""
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=backend,
        env={"DATABASE_URL": f"{server.url}/chat", "PATH": "/usr/bin:/bin"},
    )
    assert hold.reached.wait(60)
    process.kill()
    process.wait()
    assert len(left(server, table)) == 2

    async def again() -> None:
        async with opened() as store:
            key = {"user_id": "ann", "thread_id": "t"}
            assert await store.get("threads", user_id="ann", id="t") is None
            assert await store.page("items", 9, None, False, **key) == []
            assert await store.get("items", **key, id="a") is None
            assert await put(store, "t", None)
            assert await store.page("items", 9, None, False, **key) == []

    run(again)
    assert [row["thread_id"] for row in left(server, table)] == ["other"]


@own
def test_a_late_writer_adds_nothing_to_a_deleted_thread(opened: Any, server: MongoServer) -> None:
    async def work() -> None:
        async with opened() as store:
            await put(store, "t", None)
            slow = server.fail(Fault("update", collection="chatkit_items", times=1, delay=0.5))
            late = asyncio.create_task(put(store, "late"))
            await asyncio.to_thread(slow.reached.wait, 10)
            assert await store.remove("threads", user_id="ann", id="t")
            await late
            assert await put(store, "t", None)
            key = {"user_id": "ann", "thread_id": "t"}
            assert await store.page("items", 9, None, False, **key) == []

    run(work)
    assert len(left(server, "items")) == 1

    async def again() -> None:
        async with opened():
            pass

    run(again)
    assert left(server, "items") == []
    assert len(left(server, "deletions")) == 1
    with MongoClient[Document](server.url) as client:
        long_ago = {"$set": {"at": time() - 10_000}}
        client.chat.chatkit_deletions.update_many({"at": {"$gt": 0}}, long_ago)
    run(again)
    assert left(server, "deletions") == []


@own
def test_a_deletion_that_never_happened_is_not_done_later(opened: Any, server: MongoServer) -> None:
    """The user saw it fail, and went on writing."""

    async def work() -> None:
        async with opened(timeout=0.5) as store:
            await put(store, "t", None)
            server.fail(Fault("delete", collection="chatkit_threads", times=1, silent=True))
            with pytest.raises(Exception, match="cannot be reached"):
                await store.remove("threads", user_id="ann", id="t")
            assert await put(store, "a")
        async with opened() as store:
            assert await store.get("items", user_id="ann", thread_id="t", id="a") == "{}"
            assert await store.remove("threads", user_id="ann", id="t")

    run(work)
    assert left(server, "items") == []


@own
@pytest.mark.parametrize("fault", [Fault(delay=60), Fault(silent=True)], ids=["slow", "silent"])
def test_a_slow_server_is_a_clear_error(
    app: Any,
    opened: Any,
    server: MongoServer,
    fault: Fault,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def work() -> None:
        async with opened(timeout=0.5) as store:
            await put(store, "t", None)
            server.fail(fault)
            for doing in (put(store, "a", data="private"), store.page("threads", 9, None, True,
                                                                     user_id="ann")):  # fmt: skip
                with pytest.raises(app.rows.Unavailable) as slow:
                    await doing
                assert slow.value.allow_retry
            server.faults.clear()
            assert await put(store, "a")

    with caplog.at_level(logging.ERROR):
        run(work)
    assert "private" not in caplog.text
    assert "The database failed" in caplog.text


@own
def test_what_is_too_long_is_said_and_never_logged(
    opened: Any, server: MongoServer, caplog: pytest.LogCaptureFixture
) -> None:
    async def work() -> None:
        async with opened() as store:
            await put(store, "t", None)
            for size in (16 * 1024 * 1024 - 100, 17 * 1024 * 1024):
                with pytest.raises(CustomStreamError, match="16 MB"):
                    await put(store, "a", data="x" * size)
            assert await store.get("items", user_id="ann", thread_id="t", id="a") is None

    run(work)
    assert "xxx" not in caplog.text


@own
def test_a_conversation_survives_a_restart_of_the_server(
    backend: Path, server: MongoServer
) -> None:
    env = {"LLM_PROVIDER": "demo", "DATABASE_URL": f"{server.url}/chat", "MONGODB_TIMEOUT": "2"}
    with running(backend, env=env) as client:
        thread = thread_id(say(client, "My cat is called Miso."))
        server.stop()
        refused = client.post("/chatkit", json=body("threads.list"))
        assert refused.status_code == 503
        assert "again" in refused.json()["error"]["message"]
        server.start()
        assert "Miso" in answer(say(client, "What did I say?", thread))

        def again() -> list[Document]:
            return say(client, "And again?", thread)

        hold = server.fail(Fault("update", collection="chatkit_items", delay=30))
        with ThreadPoolExecutor(1) as pool:
            turn = pool.submit(again)
            assert hold.reached.wait(30)
            server.stop()
            server.faults.clear()
            server.start()
            assert "And again?" in answer(turn.result())
        listed = client.post("/chatkit", json=body("items.list", thread_id=thread)).json()["data"]
        assert [item["type"] for item in listed] == ["assistant_message", "user_message"] * 3
