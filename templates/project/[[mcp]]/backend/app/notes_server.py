"""A small MCP server: notes that the assistant keeps for each user, in a table of their own.

The app starts it, as MCP_SERVERS says, and talks to it over its standard input and output.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError

from app.config import Settings

MAX_NOTE, MAX_FOUND = 2_000, 20

server = MCPServer("notes")


@contextmanager
def notes() -> Iterator[sqlite3.Connection]:
    settings = Settings()
    # In the app's database where that is a file: an MCP server is not told the password of others.
    scheme, _, name = settings.database_url.partition(":///")
    path = settings.data_dir / (name if scheme == "sqlite" else "notes.db")
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=5)) as db, db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("""
            CREATE TABLE IF NOT EXISTS notes (
                id INTEGER PRIMARY KEY AUTOINCREMENT, user_id TEXT NOT NULL,
                day TEXT NOT NULL, text TEXT NOT NULL)""")
        yield db


def user_of(context: Context) -> str:
    """Said by the app with every call, where the model cannot write."""
    user = (context.request_context.meta or {}).get("user")
    if not isinstance(user, str) or not user:
        raise ToolError("Nobody is asking: the app has to send the user's id.")
    return user


@server.tool()
def add_note(text: str, context: Context) -> str:
    """Keep a note for the user."""
    with notes() as db:
        row = (user_of(context), date.today().isoformat(), text[:MAX_NOTE])
        added = db.execute("INSERT INTO notes (user_id, day, text) VALUES (?, ?, ?)", row)
        return f"Kept as note {added.lastrowid}."


@server.tool()
def find_notes(context: Context, words: str = "") -> str:
    """The user's notes, newest first: all, or those that hold these words."""
    with notes() as db:
        rows = db.execute(
            "SELECT id, day, text FROM notes WHERE user_id = ? AND instr(lower(text), lower(?))"
            " ORDER BY id DESC LIMIT ?",
            (user_of(context), words, MAX_FOUND),
        ).fetchall()
    lines = [f"{id} ({day}): {text}" for id, day, text in rows]
    return "\n".join(lines) or "There are no such notes."


@server.tool()
def remove_note(number: int, context: Context) -> str:
    """Forget one of the user's notes."""
    with notes() as db:
        row = (number, user_of(context))
        gone = db.execute("DELETE FROM notes WHERE id = ? AND user_id = ?", row).rowcount
    return "It is gone." if gone else "The user has no such note."


if __name__ == "__main__":
    server.run()
