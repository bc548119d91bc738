"""The keys that an identity provider publishes, fetched again when they change."""

import asyncio
import logging
import time

import httpx2
from fastapi import HTTPException
from jwt import PyJWK, PyJWTError

LIFETIME = 300.0  # seconds until they are looked at again, to see which are gone
PAUSE = 10.0  # seconds between looks for a key that is unknown: anybody can make one up
TIMEOUT = 5.0

logger = logging.getLogger(__name__)


class PublishedKeys:
    def __init__(self, url: str, algorithm: str) -> None:
        self._url, self._algorithm = url, algorithm
        self._keys: dict[str, PyJWK] = {}
        self._asked = float("-inf")
        self._fetching: asyncio.Task[None] | None = None

    async def find(self, id: str) -> PyJWK | None:
        """A known key at once. Who publishes it may be out of reach meanwhile."""
        known, now = id in self._keys, time.monotonic()
        if now - self._asked > (LIFETIME if known else PAUSE):
            self._asked = now
            self._fetching = asyncio.create_task(self._fetch())
        if not known and self._fetching:
            await asyncio.shield(self._fetching)
        if not self._keys:
            raise HTTPException(503, "Logins cannot be checked right now. Please try again soon.")
        return self._keys.get(id)

    async def _fetch(self) -> None:
        try:
            async with asyncio.timeout(TIMEOUT), httpx2.AsyncClient() as client:
                response = await client.get(self._url)
            entries = response.raise_for_status().json()["keys"]
            keys = {entry["kid"]: key for entry in entries if (key := self._read(entry))}
        except (httpx2.HTTPError, TimeoutError, ValueError, TypeError, KeyError) as error:
            logger.warning("JWT_JWKS_URL does not answer with keys: %s", type(error).__name__)
            return
        if keys:
            self._keys = keys
        else:
            logger.warning("JWT_JWKS_URL has no key for %s", self._algorithm)

    def _read(self, entry: dict[str, str]) -> PyJWK | None:
        try:
            # Without an algorithm of ours the entry would choose its own.
            return PyJWK(entry, self._algorithm) if entry.get("use", "sig") == "sig" else None
        except PyJWTError:
            return None  # for something else than these tokens
