"""Carries out one reply of the script on one connection."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from starlette.types import Send

from tests.llm.errors import name_failure, render_error
from tests.llm.journal import Journal, Recorded
from tests.llm.replies import (
    CutAfter,
    Fail,
    FailAfter,
    Fault,
    Hang,
    Malformed,
    Reply,
    Say,
    Stall,
    StallAfter,
    compose,
)
from tests.llm.wire import Api, Stream, make_id

JSON = "application/json"
EVENTS = "text/event-stream; charset=utf-8"


class Delivery:
    def __init__(self, journal: Journal, request: Recorded, send: Send) -> None:
        self._journal = journal
        self._request = request
        self._send = send

    async def answer(self, reply: Reply, api: Api) -> None:
        body = self._request.body
        match reply:
            case Hang():
                await _wait_for_ever()
            case Stall():
                await self._start(200, EVENTS if body.get("stream") else JSON)
                await _wait_for_ever()
            case Fail():
                await self._fail(reply)
            case _:
                answer = compose(reply, api.read_question(body))
                fault = reply if isinstance(reply, Fault) else None
                send = self._stream if body.get("stream") else self._send_document
                await send(api, answer, fault)

    async def send_json(
        self, status: int, document: object, headers: Mapping[str, str] | None = None
    ) -> None:
        await self._start(status, JSON, headers)
        await self._write(json.dumps(document).encode(), more=False)

    async def _fail(self, reply: Fail) -> None:
        if reply.body is not None:
            await self._start(reply.status, "text/html; charset=utf-8", reply.headers)
            await self._write(reply.body.encode(), more=False)
            return
        kind, code = name_failure(reply.status)
        error = render_error(reply.message, reply.kind or kind, code=reply.code or code)
        await self.send_json(reply.status, error, reply.headers)

    async def _stream(self, api: Api, answer: Say, fault: Fault | None) -> None:
        await self._start(200, EVENTS)
        stream = api.stream(self._request.body, answer)
        for frame in stream.frames():
            if frame.is_word:
                if fault and self._request.words == fault.words:
                    await self._break(stream, fault)
                    return
                await asyncio.sleep(answer.delay)
                self._journal.note(self._request, words=self._request.words + 1)
            await self._write(frame.data)
        await self._write(b"", more=False)

    async def _break(self, stream: Stream, fault: Fault) -> None:
        match fault:
            case StallAfter():
                await _wait_for_ever()
            case CutAfter():
                return
            case FailAfter():
                for frame in stream.fail(fault):
                    await self._write(frame.data)
            case Malformed():
                await self._write(b'data: {"choices": [{"delta"\n\n')
        await self._write(b"", more=False)

    async def _send_document(self, api: Api, answer: Say, fault: Fault | None) -> None:
        await asyncio.sleep(answer.delay * len(answer.words))
        document: dict[str, Any] = api.render(self._request.body, answer)
        if isinstance(fault, FailAfter):
            document = {"error": {"code": fault.code, "message": fault.message}}
        data = json.dumps(document).encode()
        await self._start(200, JSON)
        if fault is None or isinstance(fault, FailAfter):
            await self._write(data, more=False)
            return
        await self._write(data[: len(data) // 2], more=not isinstance(fault, Malformed))
        if isinstance(fault, StallAfter):
            await _wait_for_ever()

    async def _start(
        self, status: int, content_type: str, headers: Mapping[str, str] | None = None
    ) -> None:
        fixed = {"content-type": content_type, "x-request-id": make_id("req_")}
        named = {name.lower(): value for name, value in (headers or {}).items()}
        sent = [(name.encode(), value.encode()) for name, value in (fixed | named).items()]
        self._journal.note(self._request, status=status, streaming=content_type == EVENTS)
        await self._send({"type": "http.response.start", "status": status, "headers": sent})

    async def _write(self, data: bytes, more: bool = True) -> None:
        await self._send({"type": "http.response.body", "body": data, "more_body": more})


async def _wait_for_ever() -> None:
    await asyncio.Event().wait()
