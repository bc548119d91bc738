"""What two stores hold of a table, counted and summed up, in the memory that one batch takes."""

import hashlib
import json
from collections.abc import AsyncIterator
from typing import NamedTuple

from app.stores.chat_store import ChatStore
from app.stores.rows import Row, Table

BATCH = 200  # rows; one may have a megabyte


class Sum:
    """Rows that were read, and a checksum of them in the order they were read in."""

    def __init__(self) -> None:
        self.rows = 0
        self._hash = hashlib.sha256()

    def add(self, *words: str) -> None:
        self.rows += 1
        self._hash.update(json.dumps(words).encode())

    def add_row(self, row: Row) -> None:
        self.add(row.created_at.isoformat(), row.data, *row.key.values())

    @property
    def checksum(self) -> str:
        return self._hash.hexdigest()


class Comparison(NamedTuple):
    source: Sum
    destination: Sum
    start: int  # place of the last row that need not be moved
    begun: bool  # the destination holds the source's first rows and no other

    @property
    def equal(self) -> bool:
        ours, theirs = self.source, self.destination
        return (ours.rows, ours.checksum) == (theirs.rows, theirs.checksum)


async def compare(source: ChatStore, destination: ChatStore, table: Table) -> Comparison:
    """Reads both sides to their ends, in the order in which rows arrived."""
    ours, theirs = Sum(), Sum()
    start, begun = 0, True
    others = each(destination, table)
    async for row in each(source, table):
        ours.add_row(row)
        if other := await anext(others, None):
            theirs.add_row(other)
            begun = begun and row[1:] == other[1:]
            start = row.place
    async for other in others:
        theirs.add_row(other)
        begun = False
    return Comparison(ours, theirs, start, begun)


async def search(source: ChatStore, destination: ChatStore, table: Table) -> Comparison:
    """Looks up the source's rows in a destination that has others, too."""
    ours, theirs = Sum(), Sum()
    if table == "items":
        async for thread in each(source, "threads"):
            key = {"user_id": thread.key["user_id"], "thread_id": thread.key["id"]}
            others = texts(destination, **key)
            async for text in texts(source, **key):
                ours.add(text, *key.values())
                async for other in others:
                    if other == text:
                        theirs.add(other, *key.values())
                        break
    else:
        async for row in each(source, table):
            ours.add(row.data, *row.key.values())
            if data := await destination.get(table, **row.key):
                theirs.add(data, *row.key.values())
    return Comparison(ours, theirs, 0, True)


async def each(store: ChatStore, table: Table) -> AsyncIterator[Row]:
    place = 0
    while rows := await store.rows(table, place, BATCH):
        for row in rows:
            yield row
        place = rows[-1].place


async def texts(store: ChatStore, **thread: str) -> AsyncIterator[str]:
    """A thread's items, in the order in which people read them."""
    after = None
    while page := await store.page("items", BATCH, after, False, **thread):
        for text in page:
            yield text
        after = json.loads(page[-1])["id"]
