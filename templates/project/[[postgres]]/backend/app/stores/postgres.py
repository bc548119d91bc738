"""PostgreSQL: a pool of connections, and one statement for each operation."""

import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import asyncpg
from chatkit.store import NotFoundError

from app.config import Settings
from app.stores.chat_store import ChatStore
from app.stores.postgres_schema import check, migrate
from app.stores.rows import KEYS, Row, Table, unavailable

IDLE = 60  # seconds until a connection is closed: before a proxy in between drops it silently
READ_ONLY = {"default_transaction_read_only": "on"}  # PgBouncer refuses such settings

# So the database refuses what would hang on a thread that is not this user's, or is gone by now.
ORPHAN = (asyncpg.NotNullViolationError, asyncpg.ForeignKeyViolationError)

# Not the fault of a statement: the server is gone, busy, full or being stopped.
TROUBLE = (
    OSError,  # a TimeoutError is one
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # so executemany tells that the connection is lost
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresIOError,
)


@asynccontextmanager
async def open_store(settings: Settings, read_only: bool) -> AsyncIterator[ChatStore]:
    try:
        pool = await asyncpg.create_pool(
            settings.database_url,
            min_size=1,
            max_size=settings.postgres_connections,
            timeout=settings.postgres_timeout,
            command_timeout=settings.postgres_timeout,
            max_inactive_connection_lifetime=IDLE,
            statement_cache_size=0 if settings.postgres_pgbouncer else 100,
            reset=leave,
            server_settings=READ_ONLY if read_only and not settings.postgres_pgbouncer else None,
        )
        await (check if read_only else migrate)(pool)
    except ValueError:  # whose text may quote a part of the password
        sys.exit("DATABASE_URL is no address of PostgreSQL. Are special characters %-encoded?")
    except (*TROUBLE, asyncpg.PostgresError) as error:
        sys.exit(f"The database at DATABASE_URL cannot be used: {error or 'no answer'}")
    async with pool:
        yield PostgresStore(pool, settings.postgres_timeout)


async def leave(connection: asyncpg.Connection) -> None:
    """Instead of a reset, a journey to the server: no statement here changes its session."""


class PostgresStore(ChatStore):
    # Table and column names in the statements below come from rows.py, never from a request.

    def __init__(self, pool: asyncpg.Pool, timeout: float) -> None:
        self._pool = pool
        self._timeout = timeout

    async def get(self, table: Table, **key: str) -> str | None:
        sql = f"SELECT data FROM chatkit_{table} WHERE {where(key)}"  # noqa: S608
        rows = await self._fetch(sql, *key.values())
        return rows[0]["data"] if rows else None

    async def put(self, table: Table, created_at: datetime, data: str, **key: str) -> bool:
        sql = f"{upsert(table)} RETURNING 1"
        try:
            return bool(await self._fetch(sql, *values(table, created_at, data, key)))
        except ORPHAN:
            return False

    async def remove(self, table: Table, **key: str) -> bool:
        sql = f"DELETE FROM chatkit_{table} WHERE {where(key)} RETURNING 1"  # noqa: S608
        return bool(await self._fetch(sql, *key.values()))

    async def page(
        self, table: Table, limit: int, after: str | None, newest_first: bool, **key: str
    ) -> list[str]:
        sign, way = ("<", "DESC") if newest_first else (">", "ASC")
        beyond = f"""AND (created_at, seq) {sign} (
            SELECT created_at, seq FROM chatkit_{table}
            WHERE {where(key)} AND id = ${len(key) + 1})"""  # noqa: S608
        sql = f"""
            SELECT data FROM chatkit_{table} WHERE {where(key)} {beyond if after else ""}
            ORDER BY created_at {way}, seq {way} LIMIT {limit}"""  # noqa: S608
        rows = await self._fetch(sql, *key.values(), *([after] if after else []))
        return [row["data"] for row in rows]

    async def rows(self, table: Table, after: int, limit: int) -> list[Row]:
        sql = f"SELECT * FROM chatkit_{table} WHERE seq > $1 ORDER BY seq LIMIT {limit}"  # noqa: S608
        rows = await self._fetch(sql, after)
        key = KEYS[table]
        return [
            Row(row["seq"], row["created_at"], row["data"], {name: row[name] for name in key})
            for row in rows
        ]

    async def put_rows(self, table: Table, rows: Sequence[Row]) -> None:
        all_values = [values(table, row.created_at, row.data, row.key) for row in rows]
        async with self._connection() as connection:
            try:
                await connection.executemany(upsert(table), all_values)  # in one transaction
            except ORPHAN as error:
                raise NotFoundError from error

    async def _fetch(self, sql: str, *values: object) -> list[asyncpg.Record]:
        async with self._connection() as connection:
            try:
                return await connection.fetch(sql, *values)
            except asyncpg.CharacterNotInRepertoireError:
                return []  # an id with a NUL, which no row can have

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[asyncpg.pool.PoolConnectionProxy]:
        try:
            async with self._pool.acquire(timeout=self._timeout) as connection:
                yield connection
        except TROUBLE as error:
            raise unavailable(error) from error


def where(key: Iterable[str]) -> str:
    return " AND ".join(f"{name} = ${n}" for n, name in enumerate(key, 1))


def values(table: Table, created_at: datetime, data: str, key: dict[str, str]) -> list[object]:
    return [created_at.astimezone(), data, *(key[name] for name in KEYS[table])]


def upsert(table: Table) -> str:
    columns = ["created_at", "data", *KEYS[table]]
    places = {name: f"${n}" for n, name in enumerate(columns, 1)}
    unique = ", ".join(name for name in KEYS[table] if name != "user_id")
    if "thread_id" in places:
        mine = f"id = {places['thread_id']} AND user_id = {places['user_id']}"
        places["thread_id"] = f"(SELECT id FROM chatkit_threads WHERE {mine})"  # noqa: S608
    return f"""
        INSERT INTO chatkit_{table} ({", ".join(columns)}) VALUES ({", ".join(places.values())})
        ON CONFLICT ({unique}) DO UPDATE SET data = excluded.data
        WHERE chatkit_{table}.user_id = excluded.user_id"""  # noqa: S608
