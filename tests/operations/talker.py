"""Someone who talks, checks every answer for strangers' words, and tries again as ChatKit does."""

import asyncio
import re
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.running import body, message, parse

ATTEMPTS = 10
MARK = re.compile(r"visitor\d+word")
CUT = "the stream broke off"


@dataclass
class Talker:
    number: int
    client: httpx.AsyncClient
    turns: int = 0
    cuts: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)  # until the first word
    thread: str = ""

    @property
    def mark(self) -> str:
        return f"visitor{self.number}word"

    async def say(self, text: str) -> str:
        """The whole answer, however many attempts that takes."""
        text = f"{self.mark} {text}"
        for _ in range(ATTEMPTS):
            try:
                answer = await self._attempt(text)
            except (httpx.HTTPError, ConnectionError) as error:
                self.cuts.append(type(error).__name__)
                await asyncio.sleep(0.2)
            else:
                self.turns += 1
                return answer
        raise AssertionError(f"{self.mark} got no answer: {self.cuts}")

    async def items(self) -> list[dict[str, Any]]:
        listing = body("items.list", thread_id=self.thread, order="asc", limit=100)
        found: list[dict[str, Any]] = (await self._ask(listing))["data"]
        return [item for item in found if item["type"].endswith("_message")]

    async def threads(self) -> list[str]:
        return [
            thread["id"] for thread in (await self._ask(body("threads.list", limit=20)))["data"]
        ]

    async def _attempt(self, text: str) -> str:
        if self.cuts and not self.thread:  # the first answer broke off, perhaps before its thread
            self.thread = next(iter(await self.threads()), "")
        if not self.thread:
            return await self._turn(body("threads.create", input=message(text)))
        kept = await self.items()
        said = [item for item in kept if text == shown(item)]
        if not said:
            request = body("threads.add_user_message", thread_id=self.thread, input=message(text))
        elif kept[-1] is said[0]:
            request = body("threads.retry_after_item", thread_id=self.thread, item_id=said[0]["id"])
        else:
            return shown(kept[-1])  # the answer was kept, and only its end was lost on the way
        return await self._turn(request)

    async def _turn(self, request: dict[str, Any]) -> str:
        begun, stream = time.perf_counter(), ""
        async with self.client.stream("POST", "/chatkit", json=request) as response:
            self._check_status(response)
            async for text in response.aiter_text():
                stream += text
                self._check(stream)
                if "assistant_message.content_part.text_delta" in text and begun:
                    self.waits.append(time.perf_counter() - begun)
                    begun = 0
        events = parse(stream)
        for event in events:
            if event["type"] == "thread.created":
                self.thread = event["thread"]["id"]
        done = [e["item"] for e in events if e["type"] == "thread.item.done"]
        if not done or done[-1]["type"] != "assistant_message":
            raise ConnectionError(CUT)
        return shown(done[-1])

    async def _ask(self, request: dict[str, Any]) -> Any:
        response = await self.client.post("/chatkit", json=request)
        self._check_status(response)
        self._check(response.text)
        return response.json()

    def _check_status(self, response: httpx.Response) -> None:
        assert response.status_code in {200, 502, 503, 504}, response.status_code
        response.raise_for_status()

    def _check(self, text: str) -> None:
        strangers = set(MARK.findall(text)) - {self.mark}
        assert not strangers, f"{self.mark} sees what {strangers} said"


def shown(item: dict[str, Any]) -> str:
    return "".join(part.get("text", "") for part in item["content"])
