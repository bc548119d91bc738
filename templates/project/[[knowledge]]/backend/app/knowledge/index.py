"""The passages, found by their words: SQLite's full-text search, which ranks with BM25.

Another way to rank, such as embeddings, is another class with `search` and `passage`.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.knowledge.documents import Passage

SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (name TEXT PRIMARY KEY, digest TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- an old citation never means a new passage
    document TEXT NOT NULL REFERENCES documents (name) ON DELETE CASCADE);
CREATE INDEX IF NOT EXISTS passages_of ON passages (document);
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
    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "knowledge.db"
        data_dir.mkdir(parents=True, exist_ok=True)
        with self._open() as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.executescript(SCHEMA)

    def search(self, question: str, limit: int = 5) -> list[Found]:
        words = dict.fromkeys(re.findall(r"\w+", question.lower()))
        match = " OR ".join(f'"{word}"' for word in words)
        with self._open() as db:
            # A word in a heading counts as much as two in the text.
            sql = f"{FOUND} WHERE words MATCH ? ORDER BY bm25(words, 2.0, 1.0) LIMIT ?"
            return [Found(*row) for row in db.execute(sql, (match, limit))] if match else []

    def passage(self, id: int) -> Found | None:
        with self._open() as db:
            row = db.execute(f"{FOUND} WHERE words.rowid = ?", (id,)).fetchone()
        return Found(*row) if row else None

    def documents(self) -> dict[str, str]:
        """Names and digests."""
        with self._open() as db:
            return dict(db.execute("SELECT name, digest FROM documents ORDER BY name").fetchall())

    def put(self, name: str, digest: str, passages: list[Passage]) -> None:
        with self._open() as db:
            forget(db, name)
            db.execute("INSERT INTO documents VALUES (?, ?)", (name, digest))
            for passage in passages:
                added = db.execute("INSERT INTO passages (document) VALUES (?)", (name,))
                row = (added.lastrowid, passage.heading, passage.text)
                db.execute("INSERT INTO words (rowid, heading, text) VALUES (?, ?, ?)", row)

    def remove(self, name: str) -> None:
        with self._open() as db:
            forget(db, name)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """One for each call, so that any thread may ask. What a call writes is kept whole."""
        with closing(sqlite3.connect(self._path, timeout=10)) as db, db:
            db.execute("PRAGMA foreign_keys = ON")
            yield db


def forget(db: sqlite3.Connection, name: str) -> None:
    ids = "SELECT id FROM passages WHERE document = ?"
    db.execute(f"DELETE FROM words WHERE rowid IN ({ids})", (name,))  # noqa: S608
    db.execute("DELETE FROM documents WHERE name = ?", (name,))
