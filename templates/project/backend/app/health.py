"""Does this process live, and can it answer? Load balancers ask, so nobody has to log in for it."""

import asyncio
from collections.abc import AsyncIterator

from fastapi import FastAPI, Response
from fastapi.responses import StreamingResponse

from app.stores.rows import Rows, Unavailable
from app.streaming import SSE

PATIENCE = 3.0  # seconds; who asks does not wait much longer
PAUSE = 1.0  # seconds


def add_health(app: FastAPI) -> None:
    @app.get("/health/live")
    async def live() -> dict[str, object]:
        return {"status": "ok"}

    @app.get("/health/ready")
    @app.get("/health")
    async def ready(response: Response) -> dict[str, object]:
        store = await ask(app.state.server.chats)
        if store != "ok":
            response.status_code = 503
        parts = {part: await look() for part, look in app.state.server.health.items()}
        return {"status": store, "store": store, **parts}

    @app.get("/health/stream")
    async def stream() -> Response:
        """As an answer comes, without a model: does all that is in between let it through?"""
        return StreamingResponse(two_words(), headers=SSE.headers)


async def ask(store: Rows) -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            await store.get("threads", user_id="", id="")
    except (Unavailable, TimeoutError):
        return "unavailable"
    return "ok"


async def two_words() -> AsyncIterator[bytes]:
    yield b"data: one\n\n"
    await asyncio.sleep(PAUSE)
    yield b"data: two\n\n"
