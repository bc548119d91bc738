"""The nearest neighbours, each in its own terms: none of them keeps ChatKit's threads."""

import json
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from subjects import LONG, PAGE, Subject, batches, text, threads_beside


class Session:
    """A session of the Agents SDK: the last items, no cursor, no list of conversations."""

    def __init__(self, session: Any) -> None:
        self.session = session

    async def fill(self, items: int) -> None:
        for batch in batches(items):
            await self.session.add_items([self._message(n) for n in batch])

    def _message(self, n: int) -> dict[str, str]:
        return {"role": "assistant", "content": text(n)}

    async def append(self, n: int) -> None:
        await self.session.add_items([self._message(n)])

    async def page(self) -> Sequence[object]:
        items: list[object] = await self.session.get_items(limit=PAGE)
        return items


class Checkpointer:
    """A saver of langgraph. It keeps the state of a conversation whole: a step writes all of it.

    Measured is one `aput`, of the several in a turn, and without the read before it.
    """

    def __init__(self, saver: Any) -> None:
        self.saver = saver
        self.config = {"configurable": {"thread_id": LONG, "checkpoint_ns": ""}}

    async def fill(self, items: int) -> None:
        self.messages = [self._message(n) for n in range(items)]
        await self._put(items)

    def _message(self, n: int) -> dict[str, str]:
        return {"role": "assistant", "content": text(n), "id": f"m{n}"}

    async def _put(self, n: int) -> None:
        from langgraph.checkpoint.base import empty_checkpoint

        versions = {"messages": f"{n:032}"}
        checkpoint = empty_checkpoint() | {
            "channel_values": {"messages": self.messages},
            "channel_versions": versions,
        }
        self.config = await self.saver.aput(self.config, checkpoint, {"step": n}, versions)

    async def append(self, n: int) -> None:
        self.messages.append(self._message(n))
        await self._put(n)

    async def page(self) -> Sequence[object]:
        found = await self.saver.aget_tuple(self.config)
        messages: list[object] = found.checkpoint["channel_values"]["messages"]
        return messages[-PAGE:]


# The columns that its queries name. The index is ours, in its favour.
CHAINLIT_TABLES = [
    'CREATE TABLE users (id TEXT PRIMARY KEY, identifier TEXT, metadata TEXT, "createdAt" TEXT)',
    """CREATE TABLE threads (id TEXT PRIMARY KEY, "createdAt" TEXT, name TEXT, "userId" TEXT,
        "userIdentifier" TEXT, tags TEXT, metadata TEXT)""",
    """CREATE TABLE steps (id TEXT PRIMARY KEY, name TEXT, type TEXT, "threadId" TEXT,
        "parentId" TEXT, streaming BOOLEAN, "waitForAnswer" BOOLEAN, "isError" BOOLEAN,
        metadata TEXT, tags TEXT, input TEXT, output TEXT, "createdAt" TEXT, start TEXT,
        "end" TEXT, generation TEXT, "showInput" TEXT, language TEXT)""",
    """CREATE TABLE elements (id TEXT PRIMARY KEY, "threadId" TEXT, "chainlitKey" TEXT, url TEXT,
        "objectKey" TEXT, name TEXT, display TEXT, size TEXT, language TEXT, page INTEGER,
        "forId" TEXT, mime TEXT, props TEXT, type TEXT)""",
    """CREATE TABLE feedbacks (id TEXT PRIMARY KEY, "forId" TEXT, value INTEGER, comment TEXT)""",
    'CREATE INDEX steps_of_threads ON steps ("threadId")',
]
ANN = "ann-id"
NOW = "2026-01-02T03:04:05.000000Z"


class Chainlit:
    """Its data layer reads a thread whole, and the steps of up to 1,000 threads for a list."""

    def __init__(self, layer: Any) -> None:
        self.layer = layer

    async def fill(self, items: int) -> None:
        from sqlalchemy import text as sql

        async with self.layer.engine.begin() as connection:
            for statement in CHAINLIT_TABLES:
                await connection.execute(sql(statement))
            person = {"id": ANN, "name": "ann", "at": NOW, "meta": json.dumps({})}
            await connection.execute(
                sql("INSERT INTO users VALUES (:id, :name, :meta, :at)"), person
            )
            await connection.execute(
                sql("""INSERT INTO threads (id, name, "userId", "userIdentifier", "createdAt")
                    VALUES (:id, :id, :user, 'ann', :at)"""),
                [
                    {"id": f"t{n}" if n else LONG, "user": ANN, "at": NOW}
                    for n in range(threads_beside(items))
                ],
            )
            for batch in batches(items):
                await connection.execute(
                    sql("""INSERT INTO steps (id, name, type, "threadId", output, "createdAt")
                        VALUES (:id, 'a', 'assistant_message', :thread, :output, :at)"""),
                    [{"id": f"m{n}", "thread": LONG, "output": text(n), "at": NOW} for n in batch],
                )

    async def append(self, n: int) -> None:
        known = {"id": str(uuid.uuid4()), "name": "a", "type": "assistant_message"}
        await self.layer.create_step(
            known | {"threadId": LONG, "output": text(n), "createdAt": NOW}
        )

    async def page(self) -> Sequence[object]:
        found: dict[str, list[object]] = await self.layer.get_thread(LONG)
        return found["steps"][-PAGE:]

    async def threads(self) -> Sequence[object]:
        from chainlit.types import Pagination, ThreadFilter

        found = await self.layer.list_threads(Pagination(first=PAGE), ThreadFilter(userId=ANN))
        threads: list[object] = found.data
        return threads


@asynccontextmanager
async def open_peer(name: str, url: str, folder: Path) -> AsyncIterator[Subject | Any]:
    lite = url.startswith("sqlite")
    path = str(folder / "peer.db")
    engine_url = f"sqlite+aiosqlite:///{path}" if lite else url.replace("://", "+asyncpg://")
    match name:
        case "SQLiteSession":
            from agents import SQLiteSession

            yield Session(SQLiteSession(LONG, path))
        case "SQLAlchemySession":
            from agents.extensions.memory import SQLAlchemySession

            session = SQLAlchemySession.from_url(LONG, url=engine_url, create_tables=True)
            yield Session(session)
            await session.engine.dispose()
        case "langgraph":
            if lite:
                from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver as Saver
            else:
                from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver as Saver
            async with Saver.from_conn_string(path if lite else url) as saver:
                await saver.setup()
                yield Checkpointer(saver)
        case "Chainlit":
            from chainlit.context import init_http_context
            from chainlit.data.sql_alchemy import SQLAlchemyDataLayer

            init_http_context()  # without one it writes nothing
            layer = SQLAlchemyDataLayer(conninfo=engine_url)
            yield Chainlit(layer)
            await layer.engine.dispose()
