"""The application: who may ask, for what, and when the client has gone."""

import asyncio
import json
import time
from collections.abc import Callable

from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send

from tests.llm.chat_completions import ChatCompletions
from tests.llm.delivery import Delivery
from tests.llm.errors import RefusedError
from tests.llm.journal import Journal, Recorded
from tests.llm.replies import Reply
from tests.llm.responses import Responses
from tests.llm.wire import Api


class Application:
    def __init__(
        self, journal: Journal, take_reply: Callable[[], Reply], key: str | None, azure: bool
    ) -> None:
        self._journal = journal
        self._take_reply = take_reply
        self._key = key
        self._azure = azure
        self._apis: tuple[Api, ...] = (ChatCompletions(), Responses())
        self._work: set[asyncio.Task[None]] = set()
        self._stopped = False

    def stop(self) -> None:
        self._stopped = True
        for work in self._work:
            work.cancel()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            raw = await request.body()
        except ClientDisconnect:
            return
        recorded = Recorded(
            request.method, request.url.path, request.url.query, dict(request.headers), _parse(raw)
        )
        self._journal.add(recorded)
        work = asyncio.create_task(self._serve(recorded, Delivery(self._journal, recorded, send)))
        self._work.add(work)
        if self._stopped:
            work.cancel()
        leave = asyncio.create_task(_wait_for_departure(receive))
        await asyncio.wait({work, leave}, return_when=asyncio.FIRST_COMPLETED)
        now = time.monotonic()
        left_at = None if work.done() else now
        work.cancel()
        leave.cancel()
        await asyncio.wait({work, leave})
        self._work.discard(work)
        self._journal.note(recorded, streaming=False, ended_at=now, left_at=left_at)
        if not work.cancelled():
            work.result()

    async def _serve(self, recorded: Recorded, delivery: Delivery) -> None:
        try:
            api = self._find_api(recorded)
            self._check_key(recorded.headers)
            if not isinstance(recorded.body, dict):
                raise RefusedError("We could not parse the JSON body of your request.")
            api.check(recorded.body)
            for name, nothing in api.undone.items():
                if recorded.body.get(name) not in (None, nothing):
                    raise RefusedError(f"This stand-in cannot do '{name}'.", name, status=501)
        except RefusedError as refused:
            await delivery.send_json(refused.status, refused.body)
        else:
            await delivery.answer(self._take_reply(), api)

    def _find_api(self, recorded: Recorded) -> Api:
        method, path = recorded.method, recorded.path
        for api in self._apis:
            # The real ones answer under a prefix only: a base URL without it is a mistake to find.
            if path.endswith(api.path) and path != api.path and "//" not in path:
                if method != "POST":
                    raise RefusedError(f"Not allowed to {method} on {path}.", status=405)
                return api
        raise RefusedError(f"Unknown request URL: {method} {path}.", code="unknown_url", status=404)

    def _check_key(self, headers: dict[str, str]) -> None:
        if self._key is None:
            return
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            given = ""
        if self._azure:
            given = headers.get("api-key", given)
        if not given:
            raise RefusedError(
                "You didn't provide an API key. You need to provide your API key in an "
                "Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
                status=401,
            )
        if given != self._key:
            raise RefusedError(
                f"Incorrect API key provided: {given[:3]}***.", code="invalid_api_key", status=401
            )


async def _wait_for_departure(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _parse(raw: bytes) -> object:
    try:
        return json.loads(raw)
    except ValueError:
        return None
