"""What happened at the server, readable from another thread while it happens."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Recorded:
    """One request. Times are of the monotonic clock."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: Any
    started_at: float = field(default_factory=time.monotonic)
    status: int | None = None
    streaming: bool = False
    words: int = 0
    ended_at: float | None = None
    left_at: float | None = None

    @property
    def left(self) -> bool:
        """The client went away before it had the whole answer."""
        return self.left_at is not None


class Journal:
    def __init__(self) -> None:
        self.requests: list[Recorded] = []
        self._changed = threading.Condition()

    @property
    def open_streams(self) -> int:
        return sum(request.streaming for request in list(self.requests))

    def add(self, request: Recorded) -> None:
        with self._changed:
            self.requests.append(request)
            self._changed.notify_all()

    def note(self, request: Recorded, **changes: object) -> None:
        with self._changed:
            for name, value in changes.items():
                setattr(request, name, value)
            self._changed.notify_all()

    def wait_until(self, happened: Callable[[], bool], timeout: float) -> bool:
        with self._changed:
            return self._changed.wait_for(happened, timeout)

    def clear(self) -> None:
        with self._changed:
            self.requests.clear()
