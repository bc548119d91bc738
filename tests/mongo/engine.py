"""Documents, kept by mongomock-ng, behind as much of the query language as was checked for it."""

import threading
from collections.abc import Iterable, Mapping
from typing import Any

import bson
import mongomock_ng
from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from tests.mongo.refusal import Refusal, unknown
from tests.mongo.wire import Document

COMPARISONS = {"$lt", "$lte", "$gt", "$gte", "$in"}
CHANGES = {"$set", "$setOnInsert", "$inc", "$max"}
MAX_DOCUMENT = 16 * 1024 * 1024
ID_INDEX: Document = {"v": 2, "key": {"_id": 1}, "name": "_id_"}


class Engine:
    def __init__(self, shard_keys: Mapping[str, str] | None = None) -> None:
        self.lock = threading.RLock()
        self.notablescan = False
        self._shard_keys = shard_keys or {}
        self._client: mongomock_ng.MongoClient[Document] = mongomock_ng.MongoClient()
        self._indexes: dict[str, list[Document]] = {}

    def find(self, db: str, name: str, command: Document) -> list[Document]:
        where = self._checked(db, name, command.get("filter", {}))
        with self.lock:
            cursor = self._client[db][name].find(where, command.get("projection"))
            if order := command.get("sort"):
                cursor = cursor.sort(list(order.items()))
            return [dict(row) for row in cursor.limit(command.get("limit", 0))]

    def insert(self, db: str, name: str, document: Document) -> None:
        with self.lock:
            try:
                self._client[db][name].insert_one(document)
            except DuplicateKeyError:
                raise duplicate(db, name, document["_id"]) from None

    def update(
        self, db: str, name: str, where: Document, change: Document, upsert: bool, multi: bool
    ) -> tuple[int, int, Any]:
        """How many it found, how many it changed, and the `_id` of what it added."""
        self._change_check(db, name, where, change, one=not multi)
        with self.lock:
            collection = self._client[db][name]
            before = list(collection.find(where).limit(0 if multi else 1))
            run = collection.update_many if multi else collection.update_one
            try:
                result = run(where, change, upsert=upsert)
            except DuplicateKeyError:
                raise duplicate(db, name, where["_id"]) from None
            self._size_check(db, name, before, result.upserted_id)
            added = result.upserted_id
            return (0 if added is not None else result.matched_count), result.modified_count, added

    def find_and_modify(self, db: str, name: str, command: Document) -> tuple[Document | None, Any]:
        """The document, and the `_id` of what was added."""
        where, upsert = command["query"], command.get("upsert", False)
        self._change_check(db, name, where, command["update"], one=True)
        with self.lock:
            collection = self._client[db][name]
            before = list(collection.find(where).limit(1))
            try:
                row = collection.find_one_and_update(
                    where,
                    command["update"],
                    command.get("fields"),
                    upsert=upsert,
                    return_document=ReturnDocument.AFTER if command.get("new") else
                    ReturnDocument.BEFORE,
                )  # fmt: skip
            except DuplicateKeyError:
                raise duplicate(db, name, where["_id"]) from None
            self._size_check(db, name, before, None)
            return row, where.get("_id") if upsert and not before else None

    def delete(self, db: str, name: str, where: Document, one: bool) -> int:
        self._checked(db, name, where)
        if one:
            self._shard_check(name, where)
        with self.lock:
            collection = self._client[db][name]
            run = collection.delete_one if one else collection.delete_many
            return int(run(where).deleted_count)

    def create_index(self, db: str, name: str, index: Document) -> bool:
        """Whether it is new."""
        with self.lock:
            known = self.indexes(db, name) or [ID_INDEX]
            for other in known:
                same = list(other["key"].items()) == list(index["key"].items())
                if other["name"] == index["name"] and same:
                    return False
                if other["name"] == index["name"] or same:
                    raise Refusal(
                        86, f"An index with the same {'key' if same else 'name'} already exists"
                    )
            self._indexes[f"{db}.{name}"] = [*known, {"v": 2, **index}]
            return True

    def indexes(self, db: str, name: str) -> list[Document]:
        return self._indexes.get(f"{db}.{name}", [])

    def drop_database(self, db: str) -> None:
        with self.lock:
            self._client.drop_database(db)
            self._indexes = {
                name: indexes
                for name, indexes in self._indexes.items()
                if not name.startswith(f"{db}.")
            }

    def _checked(self, db: str, name: str, where: Document) -> Document:
        query_check(where)
        started = {"_id"} | {next(iter(index["key"])) for index in self.indexes(db, name)}
        if self.notablescan and not started & where.keys():
            raise Refusal(
                291,
                f"error processing query: ns={db}.{name}: No indexed plans available, "
                "and running with 'notablescan' :: caused by :: No query solutions",
            )
        return where

    def _change_check(
        self, db: str, name: str, where: Document, change: Document, one: bool
    ) -> None:
        self._checked(db, name, where)
        if one:
            self._shard_check(name, where)
        if not change or change.keys() - CHANGES:
            raise unknown(f"an update of {sorted(change)}")
        fields = [field for changes in change.values() for field in changes]
        if len(set(fields)) < len(fields) or any("." in f or f.startswith("$") for f in fields):
            raise unknown(f"an update of the fields {fields}")
        if "_id" in fields:
            raise Refusal(66, "Performing an update on the path '_id' would modify it")

    def _shard_check(self, name: str, where: Document) -> None:
        key = self._shard_keys.get(name)
        if key and (key not in where or isinstance(where[key], Mapping)):
            raise Refusal(61, f"a write to one document of {name} has to name its shard key {key}")

    def _size_check(self, db: str, name: str, before: list[Document], added: Any) -> None:
        """Takes the change back that made a document too large."""
        collection = self._client[db][name]
        if added is not None and _size(collection.find_one({"_id": added})) > MAX_DOCUMENT:
            collection.delete_one({"_id": added})
            raise Refusal(17420, f"Document to upsert is larger than {MAX_DOCUMENT}")
        after = [collection.find_one({"_id": row["_id"]}) for row in before]
        if any(_size(row) > MAX_DOCUMENT for row in after):
            for row in before:
                collection.replace_one({"_id": row["_id"]}, row)
            raise Refusal(17419, f"Resulting document after update is larger than {MAX_DOCUMENT}")


def _size(document: Document | None) -> int:
    return len(bson.encode(document or {}))


def duplicate(db: str, name: str, taken: Any) -> Refusal:
    return Refusal(
        11000,
        f"E11000 duplicate key error collection: {db}.{name} index: _id_ "
        f'dup key: {{ _id: "{taken}" }}',
        keyPattern={"_id": 1},
        keyValue={"_id": taken},
    )


def query_check(where: Document) -> None:
    for field, wanted in where.items():
        if field == "$or":
            if not isinstance(wanted, list) or not wanted:
                raise Refusal(2, "$or must be a nonempty array")
            for one in wanted:
                query_check(one)
        elif field.startswith("$") or "." in field:
            raise unknown(f"the query {field}")
        elif isinstance(wanted, Mapping):
            if not wanted or wanted.keys() - COMPARISONS:
                raise unknown(f"the condition {sorted(wanted)}")
            _operands_check(wanted)
        elif not isinstance(wanted, str | int | bson.ObjectId):
            raise unknown(f"a comparison with {type(wanted).__name__}")


def _operands_check(condition: Mapping[str, Any]) -> None:
    for operator, operand in condition.items():
        operands: Iterable[Any] = operand if operator == "$in" else [operand]
        if operator == "$in" and not isinstance(operand, list):
            raise Refusal(2, "$in needs an array")
        if not all(isinstance(one, str | int | float) for one in operands):
            raise unknown(f"{operator} with {operand!r}")
