"""Does this process live, and can it answer? Load balancers ask, so nobody has to log in for it."""

import asyncio

from fastapi import FastAPI, Response

from app.stores.rows import Rows, Unavailable

PATIENCE = 3.0  # seconds; who asks does not wait much longer


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
        parts = {part: look() for part, look in app.state.server.health.items()}
        return {"status": store, "store": store, **parts}


async def ask(store: Rows) -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            await store.get("threads", user_id="", id="")
    except (Unavailable, TimeoutError):
        return "unavailable"
    return "ok"
