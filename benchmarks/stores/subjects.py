"""What is measured: a long conversation and a list of conversations, in a store of each kind.

Runs where the generated project and its peers are installed, one subject in a process of its own.
"""

import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import asyncpg
from app.config import Settings
from app.identity import User
from app.stores import open_store
from app.stores.rows import Row
from chatkit.types import AssistantMessageContent, AssistantMessageItem, Page, ThreadMetadata

PAGE = 20
BATCH = 1000
LONG = "long"
ANN = User("ann")
BEGIN = datetime(2026, 1, 2, tzinfo=UTC)


def threads_beside(items: int) -> int:
    return PAGE + items // 100


def text(n: int) -> str:
    return f"Message number {n}, about as long as people write them: " + "more words " * 8


def batches(size: int) -> list[range]:
    return [range(start, min(start + BATCH, size)) for start in range(0, size, BATCH)]


class Subject(Protocol):
    """`middle`, a page behind the middle, and `threads` are for those that have such a thing."""

    async def fill(self, items: int) -> None: ...
    async def append(self, n: int) -> None: ...
    async def page(self) -> Sequence[object]: ...


def item(n: int) -> AssistantMessageItem:
    return AssistantMessageItem(
        id=f"m{n}",
        thread_id=LONG,
        created_at=BEGIN + timedelta(milliseconds=n),
        content=[AssistantMessageContent(text=text(n))],
    )


def thread(n: int) -> ThreadMetadata:
    name = f"t{n}" if n else LONG
    return ThreadMetadata(id=name, created_at=BEGIN + timedelta(milliseconds=n), title=name)


class ChatKitStore:
    """Any implementation of the SDK's Store."""

    def __init__(self, store: Any) -> None:
        self.store = store

    async def fill(self, items: int) -> None:
        self.half = f"m{items // 2}"
        for n in range(threads_beside(items)):
            await self.store.save_thread(thread(n), ANN)
        for batch in batches(items):
            await self.add(batch)

    async def add(self, batch: range) -> None:
        for n in batch:
            await self.store.add_thread_item(LONG, item(n), ANN)

    async def append(self, n: int) -> None:
        await self.store.add_thread_item(LONG, item(n), ANN)

    async def page(self) -> Sequence[object]:
        return await self._items(None)

    async def middle(self) -> Sequence[object]:
        return await self._items(self.half)

    async def threads(self) -> Sequence[object]:
        page: Page[ThreadMetadata] = await self.store.load_threads(PAGE, None, "desc", ANN)
        return page.data

    async def _items(self, after: str | None) -> Sequence[object]:
        page = await self.store.load_thread_items(LONG, after, PAGE, "desc", ANN)
        return page.data  # type: ignore[no-any-return]


class Ours(ChatKitStore):
    async def add(self, batch: range) -> None:
        key = {"user_id": ANN.id, "thread_id": LONG}
        rows = [
            Row(0, one.created_at, one.model_dump_json(), key | {"id": one.id})
            for one in map(item, batch)
        ]
        await self.store.put_rows("items", rows)


class ListStore:
    """What the official samples keep conversations in, written anew: every page sorts a list."""

    def __init__(self) -> None:
        self.known: dict[str, ThreadMetadata] = {}
        self.items: dict[str, list[AssistantMessageItem]] = {}

    async def save_thread(self, thread: ThreadMetadata, _user: User) -> None:
        self.known[thread.id] = thread

    async def add_thread_item(self, name: str, item: AssistantMessageItem, _user: User) -> None:
        self.items.setdefault(name, []).append(item)

    async def load_thread_items(
        self, name: str, after: str | None, limit: int, order: str, _user: User
    ) -> Page[Any]:
        return self._page(self.items.get(name, []), after, limit, order)

    async def load_threads(
        self, limit: int, after: str | None, order: str, _user: User
    ) -> Page[Any]:
        return self._page(list(self.known.values()), after, limit, order)

    def _page(self, rows: list[Any], after: str | None, limit: int, order: str) -> Page[Any]:
        rows = sorted(rows, key=lambda row: row.created_at, reverse=order == "desc")
        places = (n for n, row in enumerate(rows, 1) if row.id == after)
        start = next(places, 0) if after else 0
        data = rows[start : start + limit]
        more = len(rows) > start + limit
        return Page(data=data, has_more=more, after=data[-1].id if data else None)


class SQLiteFloor:
    """One table with a number for a key, and no thread, user, time or parsing."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    async def fill(self, items: int) -> None:
        self.half = items // 2
        self.db.executescript("""
            PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
            CREATE TABLE items (seq INTEGER PRIMARY KEY, data TEXT);
            CREATE TABLE threads (seq INTEGER PRIMARY KEY, data TEXT)""")
        self.db.executemany("INSERT INTO items VALUES (?, ?)", self._rows(items))
        self.db.executemany("INSERT INTO threads VALUES (?, ?)", self._rows(threads_beside(items)))
        self.db.commit()

    def _rows(self, size: int) -> list[tuple[int, str]]:
        return [(n, text(n)) for n in range(size)]

    async def append(self, n: int) -> None:
        self.db.execute("INSERT INTO items VALUES (?, ?)", (n, text(n)))
        self.db.commit()

    async def page(self) -> Sequence[object]:
        return self.db.execute("SELECT data FROM items ORDER BY seq DESC LIMIT 20").fetchall()

    async def middle(self) -> Sequence[object]:
        sql = "SELECT data FROM items WHERE seq < ? ORDER BY seq DESC LIMIT 20"
        return self.db.execute(sql, (self.half,)).fetchall()

    async def threads(self) -> Sequence[object]:
        return self.db.execute("SELECT data FROM threads ORDER BY seq DESC LIMIT 20").fetchall()


class PostgresFloor(SQLiteFloor):
    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection

    async def fill(self, items: int) -> None:
        self.half = items // 2
        for table, size in {"items": items, "threads": threads_beside(items)}.items():
            await self.connection.execute(f"CREATE TABLE {table} (seq int PRIMARY KEY, data text)")
            await self.connection.copy_records_to_table(table, records=self._rows(size))

    async def append(self, n: int) -> None:
        await self.connection.execute("INSERT INTO items VALUES ($1, $2)", n, text(n))

    async def page(self) -> Sequence[object]:
        sql = "SELECT data FROM items ORDER BY seq DESC LIMIT 20"
        return await self.connection.fetch(sql)  # type: ignore[no-any-return]

    async def middle(self) -> Sequence[object]:
        sql = "SELECT data FROM items WHERE seq < $1 ORDER BY seq DESC LIMIT 20"
        return await self.connection.fetch(sql, self.half)  # type: ignore[no-any-return]

    async def threads(self) -> Sequence[object]:
        sql = "SELECT data FROM threads ORDER BY seq DESC LIMIT 20"
        return await self.connection.fetch(sql)  # type: ignore[no-any-return]


@asynccontextmanager
async def open_subject(name: str, url: str, folder: Path) -> AsyncIterator[Subject]:
    """The names are those in __main__.py."""
    match name:
        case "ours":
            async with open_store(Settings(database_url=url, data_dir=folder)) as store:
                yield Ours(store)
        case "lists, as in the samples":
            yield ChatKitStore(ListStore())
        case "floor" if url.startswith("sqlite"):
            db = sqlite3.connect(folder / "floor.db")
            yield SQLiteFloor(db)
            db.close()
        case "floor":
            connection = await asyncpg.connect(url)
            yield PostgresFloor(connection)
            await connection.close()
        case peer:
            from peers import open_peer

            async with open_peer(peer, url, folder) as subject:
                yield subject
