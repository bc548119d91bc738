"""What every request and answer passes through: hosts, origins, sizes, times, headers."""

import asyncio
import contextlib
import re
import sys
import time

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES as NOT_COMPRESSED
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.config import Settings
from app.observability import RequestId
from app.problems import problem

MAX_BODY = 1_000_000  # bytes; a chat message is small, files have an upload route of their own
PATIENCE = 20.0  # seconds for a request to arrive, longer for as many bytes as
SLOWEST = 20_000  # bytes arrive in each second more
MAX_SILENCE = 60.0  # seconds for a client to take what it is sent
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "frame-ancestors 'self'",
}
# The rest of it is not waited for.
TOO_SLOW = HTTPException(408, "The request took too long to arrive.", {"Connection": "close"})


def protect(app: FastAPI, settings: Settings) -> None:
    for origin in settings.allowed_origins:
        if not re.fullmatch(r"https?://[^/*\s]+", origin):
            sys.exit(f"ALLOWED_ORIGINS holds {origin!r}: https://example.com is how one looks.")
    app.add_exception_handler(HTTPException, answer_problem)
    app.add_middleware(Guard)
    app.add_middleware(
        # Streams stay as they are: compressed ones would be held back until there is enough.
        GZipMiddleware,
        exclude_content_types=(*NOT_COMPRESSED, "application/x-ndjson"),
    )
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.allowed_origins,
        allow_methods=["*"],
        allow_headers=["*"],
        allow_credentials=True,
        expose_headers=["X-Request-Id", "Retry-After"],
    )
    if settings.trusted_hosts:
        hosts = [*settings.trusted_hosts, "localhost"]  # by which health checks ask
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False)
    app.add_middleware(RequestId)


async def answer_problem(request: Request, error: Exception) -> Response:
    return problem(error)


async def read_body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise HTTPException(413, f"A request may hold at most {MAX_BODY:,} bytes.")
    return bytes(body)


class Guard:
    """Slow clients have an end, and browsers are told to take answers for what they are."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(HEADERS)
        if scope["scheme"] == "https":
            headers["Strict-Transport-Security"] = "max-age=31536000"
        deadline = time.monotonic() + PATIENCE
        arrived = False

        async def receive_in_time() -> Message:
            nonlocal arrived, deadline
            if arrived:
                return await receive()  # waits for the client to leave, as long as that takes
            try:
                async with asyncio.timeout(deadline - time.monotonic()):
                    message = await receive()
            except TimeoutError:
                raise TOO_SLOW from None
            arrived = not message.get("more_body", False)
            deadline += len(message.get("body", b"")) / SLOWEST
            return message

        async def send_in_time(message: Message) -> None:
            if message["type"] == "http.response.start":
                known = MutableHeaders(scope=message)
                for name, value in headers.items():
                    known.setdefault(name, value)
            try:
                async with asyncio.timeout(MAX_SILENCE):
                    await send(message)
            except TimeoutError:
                raise ClientDisconnect from None

        with contextlib.suppress(ClientDisconnect, asyncio.CancelledError):  # a server that stops
            await self._app(scope, receive_in_time, send_in_time)
