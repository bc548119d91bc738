"""Everything in the memory of one process: nothing to set up, and every restart forgets."""

import itertools
from bisect import bisect_left, bisect_right, insort
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from app.config import Settings
from app.stores.chat_store import ChatStore
from app.stores.rows import KEYS, Row, Table, found

Place = tuple[float, int, str]  # time, arrival, id


@asynccontextmanager
async def open_store(settings: Settings, read_only: bool) -> AsyncIterator[ChatStore]:
    yield MemoryStore()


class Shelf:
    """The rows of one user or one thread: found by id, or in order. They are text, so that nobody
    holds an object that somebody else changes."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[Place, str]] = {}
        self.places: list[Place] = []


class MemoryStore(ChatStore):
    def __init__(self) -> None:
        self._shelves: dict[tuple[str, ...], Shelf] = {}
        self._owners: dict[tuple[str, str], str] = {}
        self._arrivals = itertools.count(1)

    def _shelf(self, table: Table, user_id: str, thread_id: str = "", id: str = "") -> Shelf:
        return self._shelves.get((table, user_id, thread_id)) or Shelf()

    async def get(self, table: Table, **key: str) -> str | None:
        _, data = self._shelf(table, **key).rows.get(key["id"], (None, None))
        return data

    async def put(self, table: Table, created_at: datetime, data: str, **key: str) -> bool:
        root = ("threads", key["thread_id"]) if "thread_id" in key else (table, key["id"])
        if "thread_id" not in key:
            self._owners.setdefault(root, key["user_id"])
        if self._owners.get(root) != key["user_id"]:
            return False
        shelf = self._shelf(table, **key)
        self._shelves[table, key["user_id"], key.get("thread_id", "")] = shelf
        place, _ = shelf.rows.get(key["id"], (None, None))
        if place is None:
            place = (created_at.timestamp(), next(self._arrivals), key["id"])
            insort(shelf.places, place)
        shelf.rows[key["id"]] = (place, data)
        return True

    async def remove(self, table: Table, **key: str) -> bool:
        shelf = self._shelf(table, **key)
        place, _ = shelf.rows.pop(key["id"], (None, None))
        if place is None:
            return False
        del shelf.places[bisect_left(shelf.places, place)]
        if table == "threads":
            for inner in ("items", "feedback"):
                self._shelves.pop((inner, key["user_id"], key["id"]), None)
        if "thread_id" not in key:
            del self._owners[table, key["id"]]
        return True

    async def page(
        self, table: Table, limit: int, after: str | None, newest_first: bool, **key: str
    ) -> list[str]:
        shelf = self._shelf(table, **key)
        if after and after not in shelf.rows:
            return []
        places = shelf.places
        if newest_first:
            end = bisect_left(places, shelf.rows[after][0]) if after else len(places)
            places = places[max(0, end - limit) : end][::-1]
        else:
            start = bisect_right(places, shelf.rows[after][0]) if after else 0
            places = places[start : start + limit]
        return [shelf.rows[id][1] for _, _, id in places]

    async def rows(self, table: Table, after: int, limit: int) -> list[Row]:
        rows = [
            Row(arrival, datetime.fromtimestamp(time, UTC), shelf.rows[id][1], key | {"id": id})
            for (kept, *owner), shelf in self._shelves.items()
            if kept == table
            for key in [dict(zip(KEYS[table][:-1], owner, strict=False))]
            for time, arrival, id in shelf.places
            if arrival > after
        ]
        return sorted(rows, key=lambda row: row.place)[:limit]

    async def put_rows(self, table: Table, rows: Sequence[Row]) -> None:
        for row in rows:
            found(await self.put(table, row.created_at, row.data, **row.key))
