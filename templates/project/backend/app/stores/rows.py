"""What each database brings: six operations on rows of text.

Every row carries its owner, and every operation but the last two names the user who asks.
"""

import logging
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple, TypeVar

from chatkit.errors import CustomStreamError
from chatkit.store import NotFoundError

logger = logging.getLogger(__name__)

Table = Literal["threads", "items", "feedback", "attachments"]
KEYS: dict[Table, list[str]] = {
    "threads": ["user_id", "id"],
    "items": ["user_id", "thread_id", "id"],
    "feedback": ["user_id", "thread_id", "id"],
    "attachments": ["user_id", "id"],
}

Found = TypeVar("Found", str, bool)


class Row(NamedTuple):
    """A row as it stands, on its way to another store."""

    place: int
    created_at: datetime
    data: str
    key: dict[str, str]


class Unavailable(CustomStreamError):
    """The database is down, full or too slow."""


class Rows(ABC):
    @abstractmethod
    async def get(self, table: Table, **key: str) -> str | None: ...

    @abstractmethod
    async def put(self, table: Table, created_at: datetime, data: str, **key: str) -> bool:
        """Adds a row, or changes its data where it stands. False: it is not this user's."""

    @abstractmethod
    async def remove(self, table: Table, **key: str) -> bool: ...

    @abstractmethod
    async def page(
        self, table: Table, limit: int, after: str | None, newest_first: bool, **key: str
    ) -> list[str]:
        """By time, then by arrival: the rows beyond the one called `after`; none if it is gone."""

    @abstractmethod
    async def rows(self, table: Table, after: int, limit: int) -> list[Row]:
        """Rows of all users, in the order they came, beyond a place or from 0 on."""

    @abstractmethod
    async def put_rows(self, table: Table, rows: Sequence[Row]) -> None:
        """Puts them in this order, without a gap. Putting them again changes nothing.

        NotFoundError: the thread of one of them is not here, or is somebody else's.
        """


def found(result: Found | None) -> Found:
    if not result:
        raise NotFoundError
    return result


def unavailable(cause: Exception) -> Unavailable:
    """To be raised in place of a driver's error: the log gets the cause, people a text."""
    logger.error("The database failed", exc_info=cause)
    return Unavailable(
        "Conversations cannot be reached at the moment. Please try again soon.", allow_retry=True
    )
