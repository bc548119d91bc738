"""SQLite: one writing thread and a few reading ones over a single file in WAL mode."""

import asyncio
import sqlite3
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from chatkit.store import NotFoundError

from app.config import Settings
from app.stores.chat_store import ChatStore
from app.stores.rows import KEYS, Row, Table, unavailable
from app.stores.sqlite_schema import check, connect, migrate

TIMEOUT = 5  # seconds to wait for another process that writes
PATIENCE = 3600  # seconds to wait for one that brings the tables up to date
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
Result = TypeVar("Result")


@asynccontextmanager
async def open_store(settings: Settings, read_only: bool) -> AsyncIterator[ChatStore]:
    path = settings.data_dir / settings.database_url.removeprefix("sqlite:///")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        address = f"{path.resolve().as_uri()}?mode={'ro' if read_only else 'rwc'}"
        with closing(connect(address, PATIENCE)) as db:
            (check if read_only else migrate)(db)
    except (OSError, sqlite3.Error) as error:
        sys.exit(f"{path} cannot be opened: {error}")
    store = SQLiteStore(address)
    try:
        yield store
    finally:
        store.close()


class SQLiteStore(ChatStore):
    # Table and column names in the statements below come from rows.py, never from a request.

    def __init__(self, address: str) -> None:
        self._address = address
        self._local = threading.local()
        self._writer = ThreadPoolExecutor(1, "sqlite-writer")
        self._readers = ThreadPoolExecutor(4, "sqlite-reader")

    def close(self) -> None:
        self._writer.shutdown()
        self._readers.shutdown()

    async def get(self, table: Table, **key: str) -> str | None:
        sql = f"SELECT data FROM {table} WHERE {where(key)}"  # noqa: S608
        row = await self._read(lambda db: db.execute(sql, key).fetchone())
        return row[0] if row else None

    async def put(self, table: Table, created_at: datetime, data: str, **key: str) -> bool:
        sql, row = upsert(table), values(created_at, data, key)
        try:
            return await self._write(lambda db: db.execute(sql, row).rowcount) > 0
        except sqlite3.IntegrityError:  # an item of a thread that is not this user's
            return False

    async def remove(self, table: Table, **key: str) -> bool:
        sql = f"DELETE FROM {table} WHERE {where(key)}"  # noqa: S608
        return await self._write(lambda db: db.execute(sql, key).rowcount) > 0

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
        rows = await self._read(lambda db: db.execute(sql, values).fetchall())
        return [row[0] for row in rows]

    async def rows(self, table: Table, after: int, limit: int) -> list[Row]:
        keys = KEYS[table]
        sql = f"""
            SELECT rowid, created_at, data, {", ".join(keys)} FROM {table}
            WHERE rowid > ? ORDER BY rowid LIMIT ?"""  # noqa: S608
        rows = await self._read(lambda db: db.execute(sql, (after, limit)).fetchall())
        return [
            Row(place, EPOCH + time * MICROSECOND, data, dict(zip(keys, key, strict=True)))
            for place, time, data, *key in rows
        ]

    async def put_rows(self, table: Table, rows: Sequence[Row]) -> None:
        all_values = [values(row.created_at, row.data, row.key) for row in rows]

        def run(db: sqlite3.Connection) -> None:
            with db:  # commits, or rolls back
                db.execute("BEGIN IMMEDIATE")
                db.executemany(upsert(table), all_values)

        try:
            await self._write(run)
        except sqlite3.IntegrityError as error:
            raise NotFoundError from error

    async def _write(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        return await self._in(self._writer, work)

    async def _read(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        return await self._in(self._readers, work)

    async def _in(
        self, threads: ThreadPoolExecutor, work: Callable[[sqlite3.Connection], Result]
    ) -> Result:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(threads, lambda: work(self._connection()))
        except sqlite3.OperationalError as error:  # the disk is full, or another process slow
            raise unavailable(error) from error

    def _connection(self) -> sqlite3.Connection:
        """One for each thread, opened when it is first needed."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = connect(self._address, TIMEOUT)
            self._local.connection = connection
        return connection


def where(key: Iterable[str]) -> str:
    return " AND ".join(f"{name} = :{name}" for name in key)


def upsert(table: Table) -> str:
    keys = KEYS[table]
    unique = ", ".join(name for name in keys if name != "user_id")
    return f"""
        INSERT INTO {table} (created_at, data, {", ".join(keys)})
        VALUES (:time, :data, :{", :".join(keys)})
        ON CONFLICT ({unique}) DO UPDATE SET data = excluded.data
        WHERE user_id = excluded.user_id"""  # noqa: S608


def values(created_at: datetime, data: str, key: dict[str, str]) -> dict[str, object]:
    return {"time": (created_at.astimezone() - EPOCH) // MICROSECOND, "data": data, **key}
