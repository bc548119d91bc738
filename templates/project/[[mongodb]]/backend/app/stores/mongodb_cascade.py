"""How a thread goes with all that hangs on it, on servers that know no transactions.

Rows hang on the thread's life, a random name it gets when added, and are found through the thread
alone: deleting it is one write, and what follows, noted beforehand, only frees the space.
"""

from collections.abc import Iterable, Mapping
from time import time
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase

Document = dict[str, Any]
Database = AsyncDatabase[Document]

HOUR = 3600  # seconds; no write is under way for longer


async def find_lives(db: Database, keys: Iterable[Mapping[str, str]]) -> dict[tuple[str, str], str]:
    """By the user and the id of the thread."""
    names = {"user_id": "user_id", "_id": "thread_id"}
    where = {field: {"$in": list({key[name] for key in keys})} for field, name in names.items()}
    threads = db.chatkit_threads.find(where, {"user_id": 1, "life": 1})
    return {(thread["user_id"], thread["_id"]): thread["life"] async for thread in threads}


async def remove_thread(db: Database, where: Document) -> bool:
    thread = await db.chatkit_threads.find_one(where, {"user_id": 1, "life": 1})
    if thread is None:
        return False
    life = thread["life"]
    note = {"$set": {"thread_id": thread["_id"], "at": time()}}
    await db.chatkit_deletions.update_one({"_id": life}, note, upsert=True)
    done = await db.chatkit_threads.delete_one({**where, "life": life})
    await _clear(db, {"life": life, "user_id": thread["user_id"]})
    return done.deleted_count > 0


async def sweep(db: Database) -> None:
    notes = db.chatkit_deletions.find()
    while batch := await notes.to_list(1000):
        noted = {"_id": {"$in": [note["thread_id"] for note in batch]}}
        alive = {thread["life"] async for thread in db.chatkit_threads.find(noted, {"life": 1})}
        await _clear(db, {"life": {"$in": [n["_id"] for n in batch if n["_id"] not in alive]}})
        old = [note["_id"] for note in batch if note["at"] < time() - HOUR]
        await db.chatkit_deletions.delete_many({"_id": {"$in": old}})


async def _clear(db: Database, hanging: Document) -> None:
    await db.chatkit_items.delete_many(hanging)
    await db.chatkit_feedback.delete_many(hanging)
