"""What one user may ask for, and what all users of one address may: requests, streams, tokens."""

import ipaddress
import logging
import math
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from agents import RunResultStreaming
from chatkit.errors import CustomStreamError
from chatkit.types import (
    AssistantMessageContentPartTextDelta,
    StreamingReq,
    ThreadItemUpdatedEvent,
    UserMessageInput,
)
from fastapi import HTTPException, Request

from app.config import Settings
from app.counters import Counters, open_counters
from app.events import Events
from app.identity import User
from app.server import ChatServer
from app.streaming import Bytes

LETTERS = 4  # of a token, when a model does not say how many it used

logger = logging.getLogger(__name__)


@dataclass
class Turn:
    """On whose account it goes, with how many users each may stand for, and what was used."""

    callers: dict[str, int]
    letters: int = 0
    tokens: int = 0


turn: ContextVar[Turn] = ContextVar("turn")


def check(settings: Settings) -> None:
    if settings.redis_url and not address_of(settings).startswith(("redis://", "rediss://")):
        sys.exit("REDIS_URL has to start with redis:// or rediss://.")


def address_of(settings: Settings) -> str:
    return settings.redis_url.get_secret_value() if settings.redis_url else ""


@asynccontextmanager
async def join(server: ChatServer) -> AsyncIterator["Quotas"]:
    async with open_counters(address_of(server.settings)) as counters:
        quotas = Quotas(counters, server.settings)
        if server.settings.redis_url:
            server.health["redis"] = counters.state
        # Most providers count the tokens of a stream only when they are asked to.
        server.assistant.model_settings.include_usage = True
        server.stages.insert(0, quotas.measure)  # all that the model says
        server.wrappers.append(quotas.hold)
        yield quotas


class Quotas:
    def __init__(self, counters: Counters, settings: Settings) -> None:
        self._counters = counters
        self._settings = settings

    async def admit(self, request: Request, user: User) -> None:
        """Every request; those that the model answers have to pass `hold` as well."""
        host = request.client.host if request.client else ""
        callers = {f"user/{user.id}": 1, f"address/{network(host)}": self._settings.address_share}
        turn.set(Turn(callers))
        for who, share in callers.items():
            if wait := await self._counters.ask(who, self._settings.requests_per_minute * share):
                raise too_much(who, "These are too many requests.", wait)

    async def hold(self, stream: Bytes, request: StreamingReq, user_id: str) -> Bytes:
        """Nothing is sent before all is allowed, so that a no is still a status."""
        check_length(request, self._settings.max_message)
        for who, share in turn.get().callers.items():
            if wait := await self._counters.look(who, self._settings.tokens_per_day * share):
                raise too_much(who, "That was all for today.", wait)
        places: list[str] = []
        try:
            for who, share in turn.get().callers.items():
                place = await self._counters.take(who, self._settings.streams * share)
                if not place:
                    raise too_much(who, "Other answers are still being written.", 5)
                places.append(place)
            async for chunk in stream:
                yield chunk
        finally:
            for place in places:
                await self._counters.give_back(place)
            await self._settle(turn.get())

    async def measure(self, events: Events, result: RunResultStreaming) -> Events:
        try:
            async for event in events:
                match event:
                    case ThreadItemUpdatedEvent(
                        update=AssistantMessageContentPartTextDelta(delta=delta)
                    ):
                        turn.get().letters += len(delta)
                yield event
                if turn.get().letters > self._settings.max_answer:
                    raise CustomStreamError("The answer became too long.", allow_retry=False)
        finally:
            turn.get().tokens += result.context_wrapper.usage.total_tokens

    async def _settle(self, used: Turn) -> None:
        tokens = max(used.tokens, used.letters // LETTERS)
        for who, share in used.callers.items() if tokens else ():
            await self._counters.spend(who, self._settings.tokens_per_day * share, tokens)


def network(host: str) -> str:
    """Whoever has one address of IPv6 has all that begin like it."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host  # no address: a socket on this machine
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else host


def check_length(request: StreamingReq, most: int) -> None:
    message = getattr(request.params, "input", None)
    if isinstance(message, UserMessageInput):
        texts = [message.quoted_text or "", *(part.text for part in message.content)]
        if sum(map(len, texts)) > most:
            raise HTTPException(413, f"A message may have at most {most:,} characters.")


def too_much(who: str, why: str, wait: float) -> HTTPException:
    logger.info("Refused %s: %s", who, why)
    headers = {"Retry-After": str(math.ceil(wait))}
    return HTTPException(429, f"{why} Please try again later.", headers)
