"""SQLite's file: how it is opened, its tables, and how they came to be what they are."""

import sqlite3
import sys

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
    "CREATE INDEX attachments_in_order ON attachments (user_id, created_at, seq)",
]


def connect(address: str, timeout: float) -> sqlite3.Connection:
    connection = sqlite3.connect(address, timeout=timeout, isolation_level=None, uri=True)
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def migrate(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA journal_mode = WAL")  # which the file remembers
    db.execute("BEGIN IMMEDIATE")  # of several processes that start, one does the work
    version = find_version(db)
    for statement in ";".join(MIGRATIONS[version:]).split(";"):
        db.execute(statement)
    db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    db.execute("COMMIT")


def check(db: sqlite3.Connection) -> None:
    if find_version(db) < len(MIGRATIONS):
        sys.exit("The tables at DATABASE_URL are old or missing: run `python -m app.stores`.")


def find_version(db: sqlite3.Connection) -> int:
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    if version > len(MIGRATIONS):
        sys.exit("The database was written by a newer version of this app.")
    return version
