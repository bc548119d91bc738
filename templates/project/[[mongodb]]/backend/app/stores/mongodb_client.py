"""The way to MongoDB: its limits, what the database has to know first, and what goes wrong."""

import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import pymongo
from chatkit.errors import CustomStreamError
from pymongo import AsyncMongoClient, IndexModel
from pymongo.errors import BulkWriteError, DocumentTooLarge, OperationFailure, PyMongoError

from app.config import Settings
from app.stores.mongodb_cascade import Database, Document, sweep
from app.stores.rows import unavailable

Given = ParamSpec("Given")
Result = TypeVar("Result")

SELECTION = 5  # seconds to wait for a primary: most elections are over by then
PATIENCE = 600  # seconds that an index over all rows may take
TOO_LARGE = {10334, 17419, 17420}


@asynccontextmanager
async def connect(settings: Settings, read_only: bool) -> AsyncIterator[Database]:
    limit = settings.mongodb_timeout * 1000
    try:
        client = AsyncMongoClient[Document](
            settings.database_url,
            timeoutMS=limit,
            serverSelectionTimeoutMS=min(limit, SELECTION * 1000),
            w="majority",  # what was said to be kept outlives the loss of any one member
        )
        db = client.get_default_database("chat")
    except (PyMongoError, ValueError):  # whose texts may quote the password
        sys.exit("DATABASE_URL is no address of MongoDB. Is its password percent-encoded?")
    async with client:
        try:
            await (check if read_only else migrate)(db)
        except PyMongoError as error:
            reason = str(error).partition(", Timeout:")[0].partition(", full error:")[0]
            sys.exit(f"MongoDB cannot be opened with DATABASE_URL: {reason}")
        yield db


async def add_indexes(db: Database) -> None:
    order = ["created_at", "seq"]
    for table, keys in {
        "threads": ["user_id", *order],
        "items": ["life", *order],
        "feedback": ["life"],
        "attachments": ["user_id", *order],
    }.items():
        await db[f"chatkit_{table}"].create_indexes([IndexModel(keys), IndexModel(["seq"])])


# Each entry brings the database from one version to the next. Processes that start at the same time
# all run it, so each has to bear company, and a second time.
MIGRATIONS: list[Callable[[Database], Awaitable[None]]] = [add_indexes]


async def migrate(db: Database) -> None:
    version = await find_version(db)
    with pymongo.timeout(PATIENCE):
        for step in MIGRATIONS[version:]:
            await step(db)
        now = {"$max": {"number": len(MIGRATIONS)}}
        await db.chatkit_schema.update_one({"_id": "version"}, now, upsert=True)
        await sweep(db)


async def check(db: Database) -> None:
    if await find_version(db) < len(MIGRATIONS):
        sys.exit("The tables at DATABASE_URL are old or missing: run `python -m app.stores`.")


async def find_version(db: Database) -> int:
    schema = await db.chatkit_schema.find_one({"_id": "version"})
    version: int = schema["number"] if schema else 0
    if version > len(MIGRATIONS):
        sys.exit("The database was written by a newer version of this app.")
    return version


def guarded(
    operation: Callable[Given, Awaitable[Result]],
) -> Callable[Given, Coroutine[Any, Any, Result]]:
    """Puts what people may read in place of the driver's errors."""

    @wraps(operation)
    async def run(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        try:
            return await operation(*args, **kwargs)
        except BulkWriteError as error:
            cause = without_rows(error)
        except PyMongoError as error:
            cause = error
        if isinstance(cause, DocumentTooLarge) or getattr(cause, "code", 0) in TOO_LARGE:
            text = "This is too long to be kept: MongoDB takes 16 MB at a time."
            raise CustomStreamError(text, allow_retry=False)
        raise unavailable(cause)

    return run


def without_rows(error: BulkWriteError) -> PyMongoError:
    """The whole of it quotes them, and they have no place in a log."""
    failed = error.details["writeErrors"] or error.details["writeConcernErrors"]
    return OperationFailure(failed[0]["errmsg"], failed[0]["code"])
