"""SQLite: one writing thread and a few reading ones over a single file in WAL mode."""

import asyncio
import sqlite3
import sys
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from app.config import Settings
from app.stores.chat_store import ChatStore, Table

# Each entry brings the file from one version to the next; PRAGMA user_version counts them.
MIGRATIONS = [
    """
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
    CREATE INDEX items_in_order ON items (thread_id, created_at, seq)
    """,
]
Result = TypeVar("Result")


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[ChatStore]:
    store = SQLiteStore(settings.data_dir / settings.database_url.removeprefix("sqlite:///"))
    try:
        await store.migrate()
        yield store
    finally:
        store.close()


class SQLiteStore(ChatStore):
    # Table and column names in the statements below come from chat_store.py, never from a request.

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._local = threading.local()
        self._writer = ThreadPoolExecutor(1, "sqlite-writer")
        self._readers = ThreadPoolExecutor(4, "sqlite-reader")

    async def migrate(self) -> None:
        def run(db: sqlite3.Connection) -> None:
            db.execute("BEGIN IMMEDIATE")  # of several processes that start, one does the work
            (version,) = db.execute("PRAGMA user_version").fetchone()
            if version > len(MIGRATIONS):
                sys.exit(f"{self._path} was written by a newer version of this app.")
            for statement in ";".join(MIGRATIONS[version:]).split(";"):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
            db.execute("COMMIT")

        await self._in(self._writer, run)

    def close(self) -> None:
        self._writer.shutdown()
        self._readers.shutdown()

    async def get(self, table: Table, **key: str) -> str | None:
        sql = f"SELECT data FROM {table} WHERE {where(key)}"  # noqa: S608
        row = await self._in(self._readers, lambda db: db.execute(sql, key).fetchone())
        return row[0] if row else None

    async def put(self, table: Table, created_at: datetime, data: str, **key: str) -> bool:
        values = {**key, "created_at": int(created_at.timestamp() * 1e6), "data": data}
        unique = ", ".join(name for name in key if name != "user_id")
        sql = f"""
            INSERT INTO {table} ({", ".join(values)}) VALUES (:{", :".join(values)})
            ON CONFLICT ({unique}) DO UPDATE SET data = excluded.data
            WHERE user_id = excluded.user_id"""  # noqa: S608
        try:
            return await self._in(self._writer, lambda db: db.execute(sql, values).rowcount) > 0
        except sqlite3.IntegrityError:  # an item of a thread that is not this user's
            return False

    async def remove(self, table: Table, **key: str) -> bool:
        sql = f"DELETE FROM {table} WHERE {where(key)}"  # noqa: S608
        return await self._in(self._writer, lambda db: db.execute(sql, key).rowcount) > 0

    async def page(
        self, table: Table, limit: int, after: str | None, newest_first: bool, **key: str
    ) -> list[str]:
        sign, way = ("<", "DESC") if newest_first else (">", "ASC")
        beyond = f"""AND (created_at, seq) {sign} (
            SELECT created_at, seq FROM {table} WHERE {where(key)} AND id = :after)"""  # noqa: S608
        sql = f"""
            SELECT data FROM {table} WHERE {where(key)} {beyond if after else ""}
            ORDER BY created_at {way}, seq {way} LIMIT {limit}"""  # noqa: S608
        values = {**key, "after": after}
        rows = await self._in(self._readers, lambda db: db.execute(sql, values).fetchall())
        return [row[0] for row in rows]

    async def _in(
        self, threads: ThreadPoolExecutor, work: Callable[[sqlite3.Connection], Result]
    ) -> Result:
        return await asyncio.get_running_loop().run_in_executor(
            threads, lambda: work(self._connection())
        )

    def _connection(self) -> sqlite3.Connection:
        """One for each thread, opened when it is first needed."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._path, isolation_level=None, timeout=5)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            self._local.connection = connection
        return connection


def where(key: dict[str, str]) -> str:
    return " AND ".join(f"{name} = :{name}" for name in key)
