"""A store around the store, which takes the time of every operation."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from app.stores.chat_store import ChatStore
from app.stores.rows import Row, Table
from app.telemetry.metrics import STORE
from app.telemetry.traces import tracer


@contextmanager
def operation(name: str) -> Iterator[None]:
    with STORE.labels(name).time(), tracer.start_as_current_span(f"store {name}"):
        yield


class WatchedStore(ChatStore):
    def __init__(self, store: ChatStore) -> None:
        self._store = store

    async def get(self, table: Table, **key: str) -> str | None:
        with operation("get"):
            return await self._store.get(table, **key)

    async def put(self, table: Table, created_at: datetime, data: str, **key: str) -> bool:
        with operation("put"):
            return await self._store.put(table, created_at, data, **key)

    async def remove(self, table: Table, **key: str) -> bool:
        with operation("remove"):
            return await self._store.remove(table, **key)

    async def page(
        self, table: Table, limit: int, after: str | None, newest_first: bool, **key: str
    ) -> list[str]:
        with operation("page"):
            return await self._store.page(table, limit, after, newest_first, **key)

    async def rows(self, table: Table, after: int, limit: int) -> list[Row]:
        with operation("rows"):
            return await self._store.rows(table, after, limit)

    async def put_rows(self, table: Table, rows: Sequence[Row]) -> None:
        with operation("put_rows"):
            await self._store.put_rows(table, rows)
