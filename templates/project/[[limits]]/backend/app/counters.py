"""What was used so far: in Redis for all processes, or in memory for this one alone."""

import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage, Storage
from limits.aio.strategies import (
    FixedWindowRateLimiter,
    RateLimiter,
    SlidingWindowCounterRateLimiter,
)
from limits.errors import StorageError
from redis.asyncio import ConnectionPool

LEASE = 600  # seconds after which a stream no longer counts, should its process have died
TIMEOUT = 2.0  # seconds for Redis to answer
PAUSE = 5.0  # seconds until it is asked again when it did not: nobody should wait for it each time

logger = logging.getLogger(__name__)
T = TypeVar("T")


class Counters:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._minutes = SlidingWindowCounterRateLimiter(storage)
        self._days = FixedWindowRateLimiter(storage)
        self._away_until = 0.0

    async def ask(self, who: str, most: int) -> float:
        """One more request in this minute: how many seconds too early it comes."""
        limit = RateLimitItemPerMinute(most)
        allowed = await self._trust(True, self._minutes.hit, limit, who)
        return 0 if allowed else await self._wait(self._minutes, limit, who)

    async def look(self, who: str, most: int) -> float:
        """Tokens left for today? If not, in how many seconds there are."""
        limit = RateLimitItemPerDay(most)
        allowed = await self._trust(True, self._days.test, limit, who)
        return 0 if allowed else await self._wait(self._days, limit, who)

    async def spend(self, who: str, most: int, tokens: int) -> None:
        await self._trust(True, self._days.hit, RateLimitItemPerDay(most), who, cost=tokens)

    async def take(self, who: str, most: int) -> str | None:
        """A place for a stream, if one is free."""
        # Not one counter: what a process that dies has counted would stay for good.
        for number in range(most):
            place = f"stream/{who}/{number}"
            if await self._trust(1, self._storage.incr, place, LEASE) == 1:
                return place
        return None

    async def give_back(self, place: str) -> None:
        await self._trust(None, self._storage.clear, place)

    async def state(self) -> str:
        return "ok" if await self._trust(False, self._storage.check) else "unavailable"

    async def _wait(self, limiter: RateLimiter, limit: RateLimitItem, who: str) -> float:
        stats = await self._trust(None, limiter.get_window_stats, limit, who)
        return max(1, stats.reset_time - time.time()) if stats else 1

    async def _trust(
        self, otherwise: T, ask: Callable[..., Awaitable[T]], *what: object, **cost: int
    ) -> T:
        """While Redis is gone nothing is limited: the chat goes on, and the log says so."""
        if time.monotonic() < self._away_until:
            return otherwise
        try:
            return await ask(*what, **cost)
        except StorageError as error:
            self._away_until = time.monotonic() + PAUSE
            cause = type(error.storage_error).__name__
            logger.error("REDIS_URL does not answer, so nothing is limited: %s", cause)
            return otherwise


@asynccontextmanager
async def open_counters(url: str) -> AsyncIterator[Counters]:
    if not url:
        yield Counters(MemoryStorage())
        return
    pool = ConnectionPool.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT)
    options: dict[str, Any] = {"implementation": "redispy", "connection_pool": pool}
    try:
        yield Counters(RedisStorage(url, wrap_exceptions=True, **options))
    finally:
        await pool.aclose()
