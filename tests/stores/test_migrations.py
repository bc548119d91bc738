"""Tables change with the app: once, whole, by whoever comes first, and never back."""

import sqlite3
from pathlib import Path

import pytest

from chatkit_scaffold.tree import Tree, create
from tests.services import Postgres
from tests.stores.conftest import Database

pytestmark = pytest.mark.matrix

START_TEN = """
import asyncio, multiprocessing, sys
from app.config import Settings
from app.stores import open_store

async def start():
    async with open_store(Settings()):
        pass

def run(barrier):
    barrier.wait()
    asyncio.run(start())

context = multiprocessing.get_context("fork")  # ten processes, one import
barrier = context.Barrier(10)
ten = [context.Process(target=run, args=[barrier]) for _ in range(10)]
for process in ten:
    process.start()
for process in ten:
    process.join()
sys.exit(sum(process.exitcode != 0 for process in ten))
"""
ACT = """
import asyncio, datetime
from chatkit.types import EndOfTurnItem, ThreadMetadata
from app.config import Settings
from app.identity import User
from app.stores import open_store

async def act():
    async with open_store(Settings()) as store:
        now, ann = datetime.datetime(2026, 1, 2), User("ann")
        {}

asyncio.run(act())
"""
SAVE = ACT.format("""
        await store.save_thread(ThreadMetadata(id="t", title="Old", created_at=now), ann)
        await store.save_item("t", EndOfTurnItem(id="i", thread_id="t", created_at=now), ann)
""")
LOAD = ACT.format("""
        print((await store.load_thread("t", ann)).title)
        page = await store.load_thread_items("t", None, 10, "asc", ann)
        feedback = await store.get("feedback", user_id="ann", thread_id="t", id="i")
        print([item.id for item in page.data], feedback)
""")
# SQLite's tables as the first release made them, with a row in each.
VERSION_1 = """
    CREATE TABLE threads (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, user_id TEXT NOT NULL, id TEXT NOT NULL UNIQUE,
        created_at INTEGER NOT NULL, data TEXT NOT NULL, UNIQUE (id, user_id));
    CREATE TABLE items (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, user_id TEXT NOT NULL, thread_id TEXT NOT NULL,
        id TEXT NOT NULL, created_at INTEGER NOT NULL, data TEXT NOT NULL, UNIQUE (thread_id, id),
        FOREIGN KEY (thread_id, user_id) REFERENCES threads (id, user_id) ON DELETE CASCADE);
    CREATE TABLE attachments (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, user_id TEXT NOT NULL, id TEXT NOT NULL UNIQUE,
        created_at INTEGER NOT NULL, data TEXT NOT NULL);
    CREATE TABLE feedback (
        user_id TEXT NOT NULL, thread_id TEXT NOT NULL, id TEXT NOT NULL,
        created_at INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY (thread_id, id),
        FOREIGN KEY (thread_id, user_id) REFERENCES threads (id, user_id) ON DELETE CASCADE);
    CREATE INDEX threads_in_order ON threads (user_id, created_at, seq);
    CREATE INDEX items_in_order ON items (thread_id, created_at, seq);
    PRAGMA user_version = 1;
    INSERT INTO threads VALUES (7, 'ann', 't', 1767312000000000,
        '{"title": "Old", "id": "t", "created_at": "2026-01-02T00:00:00"}');
    INSERT INTO items VALUES (9, 'ann', 't', 'i', 1767312000000000, '{"id": "i",
        "thread_id": "t", "created_at": "2026-01-02T00:00:00", "type": "end_of_turn"}');
    INSERT INTO feedback VALUES ('ann', 't', 'i', 1767312000000000, 'positive');
    INSERT INTO attachments VALUES (3, 'ann', 'f', 1767312000000000, '{}');
"""


def version(database: Database) -> int:
    sqlite = database.store == "sqlite"
    sql = "PRAGMA user_version" if sqlite else "SELECT version FROM chatkit_schema"
    return int(str(database.query(sql)[0][0]))


def next_release(tree: Tree, database: Database, migration: str, folder: Path) -> Path:
    path = f"backend/app/stores/{database.store}_schema.py"
    text = str(tree[path])
    assert text.count("\n]\n") == 1
    create({**tree, path: text.replace("\n]\n", f"\n    {migration!r},\n]\n")}, folder)
    return folder / "backend"


def test_ten_processes_may_start_at_once(backend: Path, database: Database) -> None:
    done = database.run(backend, "-c", START_TEN)
    assert done.returncode == 0, done.stderr
    saved = database.run(backend, "-c", SAVE)
    assert saved.returncode == 0, saved.stderr


def test_the_first_releases_database_still_opens(backend: Path, sqlite: Database) -> None:
    folder = Path(sqlite.env["DATA_DIR"])
    folder.mkdir()
    with sqlite3.connect(folder / "chat.db") as db:
        db.executescript(VERSION_1)
    db.close()
    done = sqlite.run(backend, "-c", LOAD)
    assert done.stdout == "Old\n['i'] positive\n", done.stderr
    assert sqlite.query("SELECT seq, data FROM attachments") == [(3, "{}")]
    indexes = sqlite.query("SELECT name FROM sqlite_master WHERE type = 'index'")
    assert ("attachments_in_order",) in indexes


def test_a_new_release_keeps_what_is_there_and_the_old_one_refuses(
    tree: Tree, backend: Path, database: Database, tmp_path: Path
) -> None:
    assert database.run(backend, "-c", SAVE).returncode == 0
    table = f"{database.prefix}threads"
    change = f"ALTER TABLE {table} ADD COLUMN note TEXT"
    newer = next_release(tree, database, change, tmp_path / "newer")
    before = version(database)
    done = database.run(newer, "-m", "app.stores")
    assert done.returncode == 0, done.stderr
    assert "up to date" in done.stdout
    assert database.query(f"SELECT id, note FROM {table}") == [("t", None)]  # noqa: S608
    assert version(database) == before + 1
    assert database.run(newer, "-c", LOAD).stdout == "Old\n['i'] None\n"
    for command in (["app.stores"], ["app", "--port", "0"]):
        refused = database.run(backend, "-m", *command)
        assert refused.returncode != 0
        assert "The database was written by a newer version of this app." in refused.stderr
        assert "Traceback" not in refused.stderr


def test_a_migration_that_fails_changes_nothing(
    tree: Tree, backend: Path, database: Database, tmp_path: Path
) -> None:
    assert database.run(backend, "-c", SAVE).returncode == 0
    table = f"{database.prefix}threads"
    change = f"ALTER TABLE {table} ADD COLUMN note TEXT; ALTER TABLE {table} NONSENSE"
    broken = next_release(tree, database, change, tmp_path / "broken")
    before = version(database)
    assert database.run(broken, "-m", "app.stores").returncode != 0
    assert version(database) == before
    with pytest.raises(Exception, match="note"):
        database.query(f"SELECT note FROM {table}")  # noqa: S608
    assert database.run(backend, "-c", LOAD).stdout == "Old\n['i'] None\n"


def test_the_app_needs_no_right_to_change_tables(
    backend: Path, postgres: Database, cluster: Postgres
) -> None:
    assert postgres.run(backend, "-m", "app.stores").returncode == 0
    postgres.query("CREATE ROLE app LOGIN")
    postgres.query("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO app")
    postgres.env["DATABASE_URL"] = postgres.env["DATABASE_URL"].replace("postgres@", "app@")
    saved = postgres.run(backend, "-c", SAVE)
    assert saved.returncode == 0, saved.stderr
