"""MongoDB: a collection for each table, and no transaction anywhere, so that any server will do.

Every statement about rows names their owner, who can therefore be the shard key.
"""

import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import ReturnDocument, UpdateOne
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import BulkWriteError

from app.config import Settings
from app.stores.chat_store import ChatStore
from app.stores.mongodb_cascade import Database, Document, find_lives, remove_thread
from app.stores.mongodb_client import connect, guarded
from app.stores.rows import KEYS, Row, Table, found

DUPLICATE = 11000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@asynccontextmanager
async def open_store(settings: Settings, read_only: bool) -> AsyncIterator[ChatStore]:
    async with connect(settings, read_only) as db:
        yield MongoStore(db)


class MongoStore(ChatStore):
    def __init__(self, db: Database) -> None:
        self._db = db

    @guarded
    async def get(self, table: Table, **key: str) -> str | None:
        where = await self._where(**key)
        row = where and await self._rows(table).find_one(where, {"data": 1})
        return row["data"] if row else None

    @guarded
    async def put(self, table: Table, created_at: datetime, data: str, **key: str) -> bool:
        return await self._upsert(table, [Row(0, created_at, data, key)])

    @guarded
    async def remove(self, table: Table, **key: str) -> bool:
        where = await self._where(**key)
        if where is None:
            return False
        if table == "threads":
            return await remove_thread(self._db, where)
        return (await self._rows(table).delete_one(where)).deleted_count > 0

    @guarded
    async def page(
        self, table: Table, limit: int, after: str | None, newest_first: bool, **key: str
    ) -> list[str]:
        where = await self._where(**key)
        if where is None:
            return []
        beyond, way = ("$lt", -1) if newest_first else ("$gt", 1)
        if after:
            last = {**where, "_id": row_id(after, where.get("life"))}
            row = await self._rows(table).find_one(last, {"created_at": 1, "seq": 1})
            if row is None:
                return []
            where["created_at"] = {f"{beyond}e": row["created_at"]}  # where the index begins
            where["$or"] = [{name: {beyond: row[name]}} for name in ("created_at", "seq")]
        order = {"created_at": way, "seq": way}
        cursor = self._rows(table).find(where, {"data": 1}).sort(order).limit(limit)
        return [row["data"] async for row in cursor]

    @guarded
    async def rows(self, table: Table, after: int, limit: int) -> list[Row]:
        cursor = self._rows(table).find({"seq": {"$gt": after}}).sort("seq").limit(limit)
        return [
            Row(
                row["seq"],
                EPOCH + timedelta(microseconds=row["created_at"]),
                row["data"],
                {name: row[name] for name in KEYS[table]},
            )
            async for row in cursor
        ]

    @guarded
    async def put_rows(self, table: Table, rows: Sequence[Row]) -> None:
        found(not rows or await self._upsert(table, rows))

    def _rows(self, table: Table) -> AsyncCollection[Document]:
        return self._db[f"chatkit_{table}"]

    async def _where(
        self, *, user_id: str, thread_id: str | None = None, id: str | None = None
    ) -> Document | None:
        """What finds the rows of a key: one if it has an id, else all of a thread or a user."""
        where: Document = {"user_id": user_id}
        if thread_id is not None:
            lives = await find_lives(self._db, [{"user_id": user_id, "thread_id": thread_id}])
            if not lives:
                return None
            where["life"] = lives[user_id, thread_id]
        if id is not None:
            where["_id"] = row_id(id, where.get("life"))
        return where

    async def _upsert(self, table: Table, rows: Sequence[Row]) -> bool:
        """In their order. False: one of them is not its user's."""
        hanging = "thread_id" in KEYS[table]
        lives = await find_lives(self._db, [row.key for row in rows]) if hanging else {}
        counter: Any = await self._db.chatkit_counters.find_one_and_update(
            {"_id": table},
            {"$inc": {"last": len(rows)}},
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        changes: list[tuple[Document, Document]] = []
        for seq, row in enumerate(rows, counter["last"] - len(rows) + 1):
            life = lives.get((row.key["user_id"], row.key["thread_id"])) if hanging else None
            if hanging and life is None:
                return False
            where = {"_id": row_id(row.key["id"], life), "user_id": row.key["user_id"]}
            new = {name: row.key[name] for name in KEYS[table] if name not in where} | {
                "life": life or uuid.uuid4().hex,
                "created_at": round(row.created_at.timestamp() * 1e6),
                "seq": seq,
            }
            changes.append((where, {"$set": {"data": row.data}, "$setOnInsert": new}))
        return await write(self._rows(table), changes)


async def write(
    rows: AsyncCollection[Document], changes: Sequence[tuple[Document, Document]]
) -> bool:
    """One after the other, so that whatever stops it leaves no gap."""
    done = 0
    while done < len(changes):
        try:
            await rows.bulk_write([UpdateOne(*one, upsert=True) for one in changes[done:]])
            break
        except BulkWriteError as error:
            failed = error.details["writeErrors"]
            if not failed or failed[0]["code"] != DUPLICATE:
                raise
            # Somebody else added this one a moment ago, or it is not this user's.
            done += failed[0]["index"]
            if not (await rows.update_one(*changes[done])).matched_count:
                return False
            done += 1
    return True


def row_id(id: str, life: str | None) -> str:
    return f"{life}/{id}" if life else id
