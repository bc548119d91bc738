"""The other end of a response, as uvicorn presents it to Starlette (ASGI 2.3)."""

import asyncio
from collections.abc import Callable
from typing import Any

from starlette.responses import Response


class Browser:
    """Reads a response and, if told when, leaves in the middle of it."""

    def __init__(self, leaves: Callable[[bytes], bool] = lambda _: False) -> None:
        self.leaves = leaves
        self.left = asyncio.Event()
        self.status = 0
        self.received: list[bytes] = []
        self.complete = False

    async def read(self, response: Response) -> None:
        scope = {"type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}}
        await response(scope, self.receive, self.send)

    async def receive(self) -> dict[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        if message["body"]:
            self.received.append(message["body"])
        self.complete = not message.get("more_body", False)
        if self.leaves(message["body"]):
            self.left.set()
