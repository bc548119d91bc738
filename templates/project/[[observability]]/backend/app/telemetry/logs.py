"""One JSON object a line, with who, where and when, and without a word that anybody wrote."""

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime

from app.observability import request_id

user_id: ContextVar[str] = ContextVar("user_id", default="-")
thread_id: ContextVar[str] = ContextVar("thread_id", default="-")


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request": request_id.get(),
            "user": user_id.get(),
            "thread": thread_id.get(),
        }
        if record.exc_info and record.exc_info[1]:
            line["error"] = "\n".join(describe(record.exc_info[1]))
        return json.dumps(line, ensure_ascii=False)


def describe(error: BaseException | None) -> list[str]:
    """What kind of error, and where in the code. Its text may quote a message or a key."""
    lines: list[str] = []
    while error:
        status = getattr(error, "status_code", "")
        lines += [f"{type(error).__name__} {status}".strip()]
        lines += [line.rstrip() for line in traceback.format_tb(error.__traceback__)]
        error = error.__cause__ or error.__context__
    return lines


def log_as_json() -> None:
    """Before the app sets up its own log, and in place of the server's."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for name in ("uvicorn", "uvicorn.error"):
        server = logging.getLogger(name)
        server.handlers.clear()
        server.propagate = True
