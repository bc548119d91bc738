"""The commands: which fields each may have, what it does, what it answers."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import bson

from tests.mongo.engine import ID_INDEX, Engine
from tests.mongo.refusal import Refusal, unknown
from tests.mongo.wire import Document

ANYWHERE = {"$db", "comment", "lsid", "$clusterTime", "$readPreference", "maxTimeMS"}
WRITE = {"writeConcern", "txnNumber", "ordered"}
FIRST_BATCH = 101
LIMITS = {
    "maxBsonObjectSize": 16 * 1024 * 1024,
    "maxMessageSizeBytes": 48_000_000,
    "maxWriteBatchSize": 100_000,
}

Handler = Callable[["Commands", Document], Document]
Changed = tuple[int, int, Any]


@dataclass(frozen=True)
class Cursor:
    namespace: str
    rows: list[Document]


class Commands:
    def __init__(self, engine: Engine, address: str, replica_set: str, mongos: bool) -> None:
        self.engine = engine
        self.address = address
        self.replica_set = replica_set
        self.mongos = mongos
        self._cursors: dict[int, Cursor] = {}
        self._cursor_ids = itertools.count(1)
        self._written: dict[bytes, tuple[int, Document]] = {}

    def run(self, command: Document) -> Document:
        name = next(iter(command))
        try:
            if name not in COMMANDS:
                raise Refusal(59, f"no such command: '{name}'")
            fields, handler = ANYWHERE | COMMANDS[name][0], COMMANDS[name][1]
            # What newer drivers say about themselves in a greeting is for newer servers.
            if handler is not Commands.hello and (extra := command.keys() - fields - {name}):
                raise Refusal(40415, f"BSON field '{name}.{min(extra)}' is an unknown field.")
            _concern_check(command.get("writeConcern", {}))
            return {**self._once(command, handler), "ok": 1.0}
        except Refusal as refusal:
            return refusal.command_error

    def _once(self, command: Document, handler: Handler) -> Document:
        """A write that a driver sends again, because it got no answer, is not done again."""
        if "txnNumber" not in command:
            return handler(self, command)
        if not (self.replica_set or self.mongos):
            raise Refusal(20, "Transaction numbers are only allowed on a replica set or mongos")
        session, number = bytes(command["lsid"]["id"]), command["txnNumber"]
        with self.engine.lock:
            last, answer = self._written.get(session, (-1, {}))
            if number < last:
                raise Refusal(225, f"Retryable write with txnNumber {number} is prohibited")
            if number > last:
                answer = handler(self, command)
                self._written[session] = (number, answer)
            return answer

    def hello(self, command: Document) -> Document:
        first = "ismaster" if next(iter(command)).lower() == "ismaster" else "isWritablePrimary"
        role: Document = {}
        if self.mongos:
            role = {"msg": "isdbgrid"}
        elif self.replica_set:
            role = {
                "setName": self.replica_set,
                "setVersion": 1,
                "hosts": [self.address],
                "primary": self.address,
                "me": self.address,
                "secondary": False,
            }
        return {
            "helloOk": True,
            first: True,
            **role,
            **LIMITS,
            "logicalSessionTimeoutMinutes": 30,
            "minWireVersion": 0,
            "maxWireVersion": 21,  # MongoDB 7.0
            "readOnly": False,
        }

    def nothing(self, _: Document) -> Document:
        return {}

    def find(self, command: Document) -> Document:
        db, name = _namespace(command)
        rows = self.engine.find(db, name, command)
        size = command.get("batchSize", FIRST_BATCH)
        return self._batch(Cursor(f"{db}.{name}", rows), size, "firstBatch")

    def get_more(self, command: Document) -> Document:
        cursor = self._cursors.pop(command["getMore"], None)
        if cursor is None or cursor.namespace != f"{command['$db']}.{command['collection']}":
            raise Refusal(43, f"cursor id {command['getMore']} not found")
        size = command.get("batchSize", len(cursor.rows))
        return self._batch(cursor, size, "nextBatch", command["getMore"])

    def kill_cursors(self, command: Document) -> Document:
        known = [one for one in command["cursors"] if self._cursors.pop(one, None)]
        lost = [one for one in command["cursors"] if one not in known]
        return {
            "cursorsKilled": known,
            "cursorsNotFound": lost,
            "cursorsAlive": [],
            "cursorsUnknown": [],
        }

    def _batch(self, cursor: Cursor, size: int, name: str, number: int = 0) -> Document:
        batch, rest = cursor.rows[:size], cursor.rows[size:]
        number = (number or next(self._cursor_ids)) if rest else 0
        if rest:
            self._cursors[number] = Cursor(cursor.namespace, rest)
        return {"cursor": {name: batch, "id": bson.Int64(number), "ns": cursor.namespace}}

    def insert(self, command: Document) -> Document:
        db, name = _namespace(command)

        def one(row: Document) -> Changed:
            self.engine.insert(db, name, row)
            return 1, 0, None

        return _statements(command, "documents", one)

    def update(self, command: Document) -> Document:
        db, name = _namespace(command)

        def one(statement: Document) -> Changed:
            if extra := statement.keys() - {"q", "u", "upsert", "multi"}:
                raise unknown(f"an update with {sorted(extra)}")
            where, change = statement["q"], statement["u"]
            upsert, multi = statement.get("upsert", False), statement.get("multi", False)
            return self.engine.update(db, name, where, change, upsert, multi)

        return _statements(command, "updates", one)

    def delete(self, command: Document) -> Document:
        db, name = _namespace(command)

        def one(statement: Document) -> Changed:
            if statement.keys() != {"q", "limit"} or statement["limit"] not in {0, 1}:
                raise unknown(f"a deletion with {sorted(statement)}")
            return self.engine.delete(db, name, statement["q"], bool(statement["limit"])), 0, None

        answer = _statements(command, "deletes", one)
        answer.pop("nModified", None)
        return answer

    def find_and_modify(self, command: Document) -> Document:
        db, name = _namespace(command)
        row, added = self.engine.find_and_modify(db, name, command)
        found = row is not None and added is None
        last: Document = {"n": int(row is not None), "updatedExisting": found}
        return {"lastErrorObject": last | ({"upserted": added} if added else {}), "value": row}

    def create_indexes(self, command: Document) -> Document:
        db, name = _namespace(command)
        before = len(self.engine.indexes(db, name) or [ID_INDEX])
        for index in command["indexes"]:
            if extra := index.keys() - {"key", "name"}:
                raise unknown(f"an index with {sorted(extra)}")
            self.engine.create_index(db, name, index)
        after = len(self.engine.indexes(db, name))
        return {"numIndexesBefore": before, "numIndexesAfter": after}

    def list_indexes(self, command: Document) -> Document:
        db, name = _namespace(command)
        rows = self.engine.indexes(db, name)
        return self._batch(Cursor(f"{db}.{name}", rows), len(rows), "firstBatch")

    def drop_database(self, command: Document) -> Document:
        self.engine.drop_database(command["$db"])
        return {"dropped": command["$db"]}


FIND = {"filter", "projection", "sort", "limit", "batchSize", "singleBatch"}
COMMANDS: dict[str, tuple[set[str], Handler]] = {
    "hello": (set(), Commands.hello),
    "ismaster": (set(), Commands.hello),
    "isMaster": (set(), Commands.hello),
    "ping": (set(), Commands.nothing),
    "endSessions": (set(), Commands.nothing),
    "find": (FIND, Commands.find),
    "getMore": ({"collection", "batchSize"}, Commands.get_more),
    "killCursors": ({"cursors"}, Commands.kill_cursors),
    "insert": (WRITE | {"documents"}, Commands.insert),
    "update": (WRITE | {"updates"}, Commands.update),
    "delete": (WRITE | {"deletes"}, Commands.delete),
    "findAndModify": (WRITE | {"query", "update", "new", "upsert", "fields"},
                      Commands.find_and_modify),
    "createIndexes": ({"indexes", "writeConcern"}, Commands.create_indexes),
    "listIndexes": ({"cursor"}, Commands.list_indexes),
    "dropDatabase": ({"writeConcern"}, Commands.drop_database),
}  # fmt: skip


def _statements(command: Document, name: str, run: Callable[[Document], Changed]) -> Document:
    """Each statement by itself; after an error the rest only when they have no order."""
    found = changed = 0
    added: list[Document] = []
    errors: list[Document] = []
    for index, statement in enumerate(command[name]):
        try:
            here, modified, new_id = run(statement)
        except Refusal as refusal:
            errors.append(refusal.write_error(index))
            if command.get("ordered", True):
                break
            continue
        changed += modified
        found += here + (new_id is not None)
        if new_id is not None:
            added.append({"index": index, "_id": new_id})
    answer: Document = {"n": found, "nModified": changed}
    return (
        answer
        | ({"upserted": added} if added else {})
        | ({"writeErrors": errors} if errors else {})
    )


def _namespace(command: Document) -> tuple[str, str]:
    db, name = command["$db"], next(iter(command.values()))
    if not isinstance(name, str) or not name or "$" in name or "\0" in name:
        raise Refusal(73, f"Invalid namespace specified '{db}.{name}'")
    return db, name


def _concern_check(concern: Document) -> None:
    if extra := concern.keys() - {"w", "j", "wtimeout"}:
        raise unknown(f"the write concern {sorted(extra)}")
    if concern.get("w", 1) not in {1, "majority"}:
        raise Refusal(2, f"this server has no members for a write concern of {concern['w']}")
