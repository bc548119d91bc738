"""PostgreSQL's tables, and how they came to be what they are."""

import sys

import asyncpg

# Each entry brings the tables from one version to the next; chatkit_schema holds the version.
# Data is TEXT: JSONB refuses the NUL that a message may hold. One UNIQUE is all that a table may
# have: ON CONFLICT sees one, and people who write at once would fail on another, or wait for it.
MIGRATIONS = [
    """
    CREATE TABLE chatkit_threads (
        seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id TEXT NOT NULL,
        id TEXT NOT NULL UNIQUE, created_at TIMESTAMPTZ NOT NULL, data TEXT NOT NULL);
    CREATE TABLE chatkit_items (
        seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id TEXT NOT NULL,
        thread_id TEXT NOT NULL REFERENCES chatkit_threads (id) ON DELETE CASCADE,
        id TEXT NOT NULL, created_at TIMESTAMPTZ NOT NULL, data TEXT NOT NULL,
        UNIQUE (thread_id, id));
    CREATE TABLE chatkit_feedback (LIKE chatkit_items INCLUDING IDENTITY INCLUDING INDEXES,
        FOREIGN KEY (thread_id) REFERENCES chatkit_threads (id) ON DELETE CASCADE);
    CREATE TABLE chatkit_attachments (
        seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id TEXT NOT NULL,
        id TEXT NOT NULL UNIQUE, created_at TIMESTAMPTZ NOT NULL, data TEXT NOT NULL);
    CREATE INDEX chatkit_threads_in_order ON chatkit_threads (user_id, created_at, seq);
    CREATE INDEX chatkit_items_in_order ON chatkit_items (thread_id, created_at, seq);
    CREATE INDEX chatkit_attachments_in_order ON chatkit_attachments (user_id, created_at, seq)
    """,
]
PATIENCE = 3600  # seconds; an index on many rows takes its time, and others wait for it
LOCK = 4_283_901_551  # any number that no other program uses in this database


async def migrate(pool: asyncpg.Pool) -> None:
    async with pool.acquire() as connection, connection.transaction():
        # Of several processes that start, one does the work. PgBouncer knows no locks but these,
        # which last as long as their transaction.
        await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK, timeout=PATIENCE)
        version = await find_version(connection)
        if not version:
            await connection.execute(
                "CREATE TABLE chatkit_schema (version INTEGER NOT NULL);"
                "INSERT INTO chatkit_schema VALUES (0)"
            )
        for statements in MIGRATIONS[version:]:
            await connection.execute(statements, timeout=PATIENCE)
        if version < len(MIGRATIONS):
            await connection.execute("UPDATE chatkit_schema SET version = $1", len(MIGRATIONS))


async def check(pool: asyncpg.Pool) -> None:
    async with pool.acquire() as connection:
        if await find_version(connection) < len(MIGRATIONS):
            sys.exit("The tables at DATABASE_URL are old or missing: run `python -m app.stores`.")


async def find_version(connection: asyncpg.pool.PoolConnectionProxy) -> int:
    if not await connection.fetchval("SELECT to_regclass('chatkit_schema') IS NOT NULL"):
        return 0
    version: int = await connection.fetchval("SELECT version FROM chatkit_schema")
    if version > len(MIGRATIONS):
        sys.exit("The database was written by a newer version of this app.")
    return version
