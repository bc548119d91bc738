"""The passages, found by their words (SQLite's full-text search, which ranks with BM25) and, where
there is an embedding, by their meaning as well."""

import logging
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from openai import OpenAIError

from app.knowledge.documents import Passage
from app.knowledge.embedding import Embedding
from app.knowledge.ranking import fuse, most_alike, nearest, pack, signs

CANDIDATES = 40  # of each way of looking
logger = logging.getLogger(__name__)

SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (name TEXT PRIMARY KEY, digest TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- an old citation never means a new passage
    document TEXT NOT NULL REFERENCES documents (name) ON DELETE CASCADE);
CREATE INDEX IF NOT EXISTS passages_of ON passages (document);
CREATE TABLE IF NOT EXISTS vectors (
    id INTEGER PRIMARY KEY REFERENCES passages (id) ON DELETE CASCADE,
    model TEXT NOT NULL, signs BLOB NOT NULL, vector BLOB NOT NULL);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (
    heading, text, tokenize = 'porter unicode61 remove_diacritics 2');
"""
FOUND = "SELECT id, document, heading, text FROM words JOIN passages ON id = words.rowid"


@dataclass(frozen=True)
class Found:
    id: int
    document: str
    heading: str
    text: str

    @property
    def filename(self) -> str:
        return Path(self.document).name


class Index:
    def __init__(self, data_dir: Path, embedding: Embedding | None = None) -> None:
        self._path, self._embedding = data_dir / "knowledge.db", embedding
        data_dir.mkdir(parents=True, exist_ok=True)
        with self._open() as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.executescript(SCHEMA)

    @property
    def model(self) -> str:
        return self._embedding.model if self._embedding else ""

    def search(self, question: str, limit: int = 5) -> list[Found]:
        vector = self._vector(question)
        with self._open() as db:
            orders = [by_words(db, question)]
            if vector:
                orders.append(by_meaning(db, vector, self.model))
            rows = [read(db, id) for id in fuse(orders, limit)]
        return [row for row in rows if row]

    def _vector(self, question: str) -> list[float] | None:
        try:
            return self._embedding.of([question])[0] if self._embedding else None
        except OpenAIError as error:
            logger.warning("No embedding (%s), only words are looked for", type(error).__name__)
            return None

    def passage(self, id: int) -> Found | None:
        with self._open() as db:
            return read(db, id)

    def documents(self) -> dict[str, str]:
        """Names and digests."""
        with self._open() as db:
            return dict(db.execute("SELECT name, digest FROM documents ORDER BY name").fetchall())

    def put(self, name: str, digest: str, passages: list[Passage]) -> None:
        texts = [f"{passage.heading}\n{passage.text}" for passage in passages]
        vectors = self._embedding.of(texts) if self._embedding else []
        with self._open() as db:
            forget(db, name)
            db.execute("INSERT INTO documents VALUES (?, ?)", (name, digest))
            for number, passage in enumerate(passages):
                added = db.execute("INSERT INTO passages (document) VALUES (?)", (name,))
                row = (added.lastrowid, passage.heading, passage.text)
                db.execute("INSERT INTO words (rowid, heading, text) VALUES (?, ?, ?)", row)
                for vector in vectors[number : number + 1]:
                    about = (added.lastrowid, self.model, signs(vector), pack(vector))
                    db.execute("INSERT INTO vectors VALUES (?, ?, ?, ?)", about)

    def remove(self, name: str) -> None:
        with self._open() as db:
            forget(db, name)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """One for each call, so that any thread may ask. What a call writes is kept whole."""
        with closing(sqlite3.connect(self._path, timeout=10)) as db, db:
            db.execute("PRAGMA foreign_keys = ON")
            yield db


def by_words(db: sqlite3.Connection, question: str) -> list[int]:
    words = dict.fromkeys(re.findall(r"\w+", question.lower()))
    match = " OR ".join(f'"{word}"' for word in words)
    # A word in a heading counts as much as two in the text.
    sql = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words, 2.0, 1.0) LIMIT ?"
    return [row[0] for row in db.execute(sql, (match, CANDIDATES))] if match else []


def by_meaning(db: sqlite3.Connection, vector: list[float], model: str) -> list[int]:
    rows = db.execute("SELECT id, signs FROM vectors WHERE model = ?", (model,))
    alike = most_alike(signs(vector), rows, 5 * CANDIDATES)
    marks = ", ".join("?" * len(alike))
    sql = f"SELECT id, vector FROM vectors WHERE id IN ({marks})"  # noqa: S608 - only marks
    return nearest(pack(vector), db.execute(sql, alike), CANDIDATES)


def read(db: sqlite3.Connection, id: int) -> Found | None:
    row = db.execute(f"{FOUND} WHERE words.rowid = ?", (id,)).fetchone()
    return Found(*row) if row else None


def forget(db: sqlite3.Connection, name: str) -> None:
    ids = "SELECT id FROM passages WHERE document = ?"
    db.execute(f"DELETE FROM words WHERE rowid IN ({ids})", (name,))  # noqa: S608
    db.execute("DELETE FROM documents WHERE name = ?", (name,))
