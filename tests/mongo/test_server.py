"""The real driver, with and without asyncio, against the server that stands in for MongoDB.

Nothing here asks what only our server would answer: CHATKIT_TEST_MONGODB_URL puts a real one in its
place, for all tests but those that break it.
"""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import bson
import pytest
from pymongo import AsyncMongoClient, IndexModel, MongoClient, ReturnDocument, UpdateOne
from pymongo.database import Database
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    DuplicateKeyError,
    ExecutionTimeout,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
)

from tests.mongo.server import URL, Fault, MongoServer, mongo_server

Document = dict[str, Any]
own = pytest.mark.skipif(bool(URL), reason="breaks the server, or looks into it")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    if URL:
        yield URL
    else:
        with mongo_server() as server:
            yield server.url


@pytest.fixture
def db(url: str) -> Iterator[Database[Document]]:
    with MongoClient[Document](url, timeoutMS=10_000, w="majority") as client:
        name = f"test_{uuid4().hex}"
        yield client[name]
        client.drop_database(name)


@pytest.fixture
def server() -> Iterator[MongoServer]:
    with mongo_server() as server:
        yield server


def connect(server: MongoServer, timeout: int = 3000) -> MongoClient[Document]:
    return MongoClient(server.url, timeoutMS=timeout, w="majority")


def test_an_upsert_adds_and_then_changes(db: Database[Document]) -> None:
    change = {"$set": {"data": "a \x00 \U0001f600"}, "$setOnInsert": {"seq": 1 << 40}}
    first = db.t.update_one({"_id": "x", "user_id": "ann"}, change, upsert=True)
    assert (first.upserted_id, first.matched_count) == ("x", 0)
    again = {"$set": {"data": "b"}, "$setOnInsert": {"seq": 2}}
    second = db.t.update_one({"_id": "x", "user_id": "ann"}, again, upsert=True)
    assert (second.upserted_id, second.matched_count, second.modified_count) == (None, 1, 1)
    assert db.t.find_one() == {"_id": "x", "user_id": "ann", "data": "b", "seq": 1 << 40}
    assert db.t.update_one({"_id": "y"}, again).matched_count == 0


def test_an_id_that_is_taken_is_a_duplicate(db: Database[Document]) -> None:
    db.t.insert_one({"_id": "x", "user_id": "ann"})
    change = {"$set": {"data": "forged"}}
    with pytest.raises(DuplicateKeyError) as one:
        db.t.update_one({"_id": "x", "user_id": "bob"}, change, upsert=True)
    assert one.value.code == 11000
    assert one.value.details is not None
    assert one.value.details["keyValue"] == {"_id": "x"}
    taken = UpdateOne({"_id": "x", "user_id": "bob"}, change, upsert=True)
    new = UpdateOne({"_id": "y", "user_id": "bob"}, change, upsert=True)
    with pytest.raises(BulkWriteError) as several:
        db.t.bulk_write([taken, new], ordered=False)
    errors = several.value.details["writeErrors"]
    assert [(error["index"], error["code"]) for error in errors] == [(0, 11000)]
    assert [row["_id"] for row in db.t.find().sort("_id")] == ["x", "y"]
    with pytest.raises(BulkWriteError):
        db.t.bulk_write([taken, UpdateOne({"_id": "z"}, change, upsert=True)], ordered=True)
    assert db.t.find_one({"_id": "z"}) is None


def test_a_counter_counts(db: Database[Document]) -> None:
    def count(by: int, when: bool) -> Document | None:
        more = {"$inc": {"last": by}}
        return db.t.find_one_and_update({"_id": "n"}, more, upsert=True, return_document=when)

    assert count(2, ReturnDocument.AFTER) == {"_id": "n", "last": 2}
    assert count(3, ReturnDocument.BEFORE) == {"_id": "n", "last": 2}
    assert count(1, ReturnDocument.AFTER) == {"_id": "n", "last": 6}
    for number in (9, 4):
        db.t.update_one({"_id": "max"}, {"$max": {"number": number}}, upsert=True)
    assert db.t.find_one({"_id": "max"}) == {"_id": "max", "number": 9}


def test_rows_are_found_in_order(db: Database[Document]) -> None:
    db.t.insert_many([{"_id": str(n), "at": n // 2, "seq": n, "u": "ann"} for n in range(300)])

    def ids(where: Document, way: int, limit: int) -> list[str]:
        order = {"at": way, "seq": way}
        return [row["_id"] for row in db.t.find(where, {"at": 1}).sort(order).limit(limit)]

    assert ids({"u": "ann"}, 1, 3) == ["0", "1", "2"]
    assert ids({"u": "bob"}, 1, 3) == []
    below = {"u": "ann", "at": {"$lte": 2}, "$or": [{"at": {"$lt": 2}}, {"seq": {"$lt": 5}}]}
    assert ids(below, -1, 9) == ["4", "3", "2", "1", "0"]
    assert len(list(db.t.find({"u": "ann"}, batch_size=50))) == 300  # several batches
    assert ids({"_id": {"$in": ["7", "8", "no"]}}, 1, 0) == ["7", "8"]
    assert db.t.find_one({"_id": "7"}, {"seq": 1}) == {"_id": "7", "seq": 7}


def test_deletions_count(db: Database[Document]) -> None:
    db.t.insert_many([{"_id": n, "u": "ann"} for n in range(3)])
    assert db.t.delete_one({"u": "ann"}).deleted_count == 1
    assert db.t.delete_many({"u": "ann"}).deleted_count == 2
    assert db.t.delete_many({"u": "ann"}).deleted_count == 0


def test_an_index_may_be_made_again_but_not_otherwise(db: Database[Document]) -> None:
    for _ in range(2):
        db.t.create_indexes([IndexModel(["user_id", "seq"]), IndexModel(["seq"])])
    assert set(db.t.index_information()) == {"_id_", "user_id_1_seq_1", "seq_1"}
    with pytest.raises(OperationFailure) as refused:
        db.t.create_index(["other"], name="seq_1")
    assert refused.value.code == 86


def test_a_document_has_at_most_16_megabytes(db: Database[Document]) -> None:
    text = "x" * (16 * 1024 * 1024 - 20)  # the driver lets it pass; the document is larger
    db.t.insert_one({"_id": "y", "data": "kept"})
    for row in ("x", "y"):
        with pytest.raises(OperationFailure) as refused:
            db.t.update_one({"_id": row}, {"$set": {"data": text}}, upsert=True)
        assert refused.value.code in {10334, 17419, 17420}
    assert list(db.t.find()) == [{"_id": "y", "data": "kept"}]


def test_what_is_unknown_is_refused(db: Database[Document]) -> None:
    with pytest.raises(OperationFailure) as command:
        db.command("noSuchCommand")
    assert command.value.code == 59
    with pytest.raises(OperationFailure) as field:
        db.command({"find": "t", "nonsense": 1})
    assert field.value.code in {40415, 9}
    with pytest.raises(PyMongoError):
        list(db.t.find({"a": {"$nonsense": 1}}))
    with pytest.raises(PyMongoError):
        db.t.update_one({"_id": 1}, {"$nonsense": {"a": 1}})
    db.t.insert_one({"_id": 1})
    with pytest.raises(OperationFailure) as fixed:
        db.t.update_one({"_id": 1}, {"$set": {"_id": 2}})
    assert fixed.value.code == 66


def test_writers_at_once_lose_nothing(url: str, db: Database[Document]) -> None:
    async def run() -> list[int]:
        async with AsyncMongoClient[Document](url, timeoutMS=10_000) as client:
            rows = client[db.name].t

            async def add(number: int) -> int:
                row = await rows.find_one_and_update(
                    {"_id": "n"},
                    {"$inc": {"last": 1}},
                    upsert=True,
                    return_document=ReturnDocument.AFTER,
                )
                assert row is not None
                return int(row["last"])

            return await asyncio.gather(*(add(n) for n in range(40)))

    assert sorted(asyncio.run(run())) == list(range(1, 41))


@own
def test_a_write_whose_answer_was_lost_is_done_once(server: MongoServer) -> None:
    with connect(server) as client:
        server.fail(Fault("findAndModify", times=1, lost=True))
        row = client.test.t.find_one_and_update(
            {"_id": "n"}, {"$inc": {"last": 1}}, upsert=True, return_document=ReturnDocument.AFTER
        )
        assert row == {"_id": "n", "last": 1}
    assert len(server.commands("findAndModify")) == 2


@own
def test_a_server_alone_takes_no_retries() -> None:
    with mongo_server(replica_set="") as alone, connect(alone) as client:
        alone.fail(Fault("update", times=1, lost=True))
        with pytest.raises(AutoReconnect):
            client.test.t.update_one({"_id": "n"}, {"$set": {"a": 1}}, upsert=True)
        assert client.test.t.find_one() == {"_id": "n", "a": 1}
        assert len(alone.commands("update")) == 1


@own
def test_a_stop_and_a_start_keep_what_was_acknowledged(server: MongoServer) -> None:
    with connect(server, timeout=1500) as client:
        client.test.t.insert_one({"_id": 1})
        server.stop()
        with pytest.raises((AutoReconnect, ServerSelectionTimeoutError)):
            client.test.t.find_one()
        server.start()
        assert client.test.t.find_one() == {"_id": 1}


@own
@pytest.mark.parametrize("fault", [Fault("find", delay=60), Fault("find", silent=True)])
def test_a_slow_answer_is_given_up(server: MongoServer, fault: Fault) -> None:
    with connect(server, timeout=400) as client:
        client.test.command("ping")
        server.fail(fault)
        with pytest.raises((ExecutionTimeout, AutoReconnect)) as slow:
            client.test.t.find_one()
        assert slow.value.timeout


@own
def test_a_cluster_wants_its_shard_key() -> None:
    with mongo_server(mongos=True, shard_keys={"t": "u"}) as cluster, connect(cluster) as client:
        rows = client.test.t
        for missing in (
            lambda: rows.update_one({"_id": 1}, {"$set": {"a": 1}}, upsert=True),
            lambda: rows.find_one_and_update({"_id": 1}, {"$set": {"a": 1}}),
            lambda: rows.delete_one({"_id": 1, "u": {"$in": ["ann"]}}),
        ):
            with pytest.raises(OperationFailure) as refused:
                missing()
            assert refused.value.code == 61
        rows.update_one({"_id": 1, "u": "ann"}, {"$set": {"a": 1}}, upsert=True)
        assert rows.delete_many({"a": 1}).deleted_count == 1


@own
@pytest.mark.parametrize(
    "message",
    [
        struct.pack("<iiii", 8, 1, 0, 2013),
        struct.pack("<iiii", 1 << 30, 1, 0, 2013),
        struct.pack("<iiii", 16, 1, 0, 2002),
        struct.pack("<iiiiI", 20, 1, 0, 2013, 2),
        struct.pack("<iiiiIB", 21 + 5, 1, 0, 2013, 0, 7) + bson.encode({}),
    ],
    ids=["too short", "too long", "an old opcode", "unacknowledged", "a strange section"],
)
def test_what_is_no_message_ends_the_connection(server: MongoServer, message: bytes) -> None:
    host, port = server.address.split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(message)
        with contextlib.suppress(ConnectionResetError):
            assert connection.recv(1) == b""
