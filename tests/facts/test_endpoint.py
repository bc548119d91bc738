"""Between HTTP and ChatKit: bodies, framing, status codes and CORS."""

import asyncio
import json
from typing import Any

import pytest
from chatkit.server import NonStreamingResult, StreamingResult
from chatkit.store import NotFoundError
from chatkit.types import ChatKitReq, is_streaming_req
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import Response, StreamingResponse
from fastapi.testclient import TestClient
from pydantic import TypeAdapter, ValidationError

from tests.facts.browser import Browser
from tests.facts.items import THREAD
from tests.facts.server import ScriptedServer, body, message, open_stream
from tests.facts.store import DictStore

ELSEWHERE = {"origin": "https://elsewhere.example"}


@pytest.mark.parametrize("request_body", [b"{}", b"", b'{"type": "no.such.thing"}', {}])
def test_e14_process_takes_raw_json_of_a_known_operation(request_body: Any) -> None:
    """The backend hands the bytes of the body over and answers 400 to a ValueError."""
    with pytest.raises(ValidationError) as raised:
        asyncio.run(ScriptedServer(DictStore()).process(request_body, None))
    assert isinstance(raised.value, ValueError)


def test_e14_a_parsed_body_is_refused_although_it_is_right() -> None:
    """The backend never calls `request.json()`."""
    parsed: Any = json.loads(body("threads.list"))
    with pytest.raises(ValidationError):
        asyncio.run(ScriptedServer(DictStore()).process(parsed, None))


async def chunks() -> list[bytes]:
    result = await open_stream(ScriptedServer(DictStore()), "threads.create", input=message())
    return [chunk async for chunk in result]


def test_a_streaming_result_yields_framed_events_as_bytes() -> None:
    """The backend sends these as they are; for NDJSON it takes exactly this frame off."""
    for chunk in asyncio.run(chunks()):
        assert isinstance(chunk, bytes)
        assert chunk.startswith(b"data: {")
        assert chunk.endswith(b"}\n\n")
        assert chunk.count(b"\n") == 2


def test_e16_a_chunk_is_not_json_serialisable() -> None:
    """The backend wraps no chunk a second time."""
    first = asyncio.run(chunks())[0]
    with pytest.raises(TypeError, match="Object of type bytes is not JSON serializable"):
        json.dumps(first)


def listed() -> NonStreamingResult | StreamingResult:
    return asyncio.run(ScriptedServer(DictStore()).process(body("threads.list"), None))


def test_a_non_streaming_result_has_its_json_as_bytes() -> None:
    """The backend answers with `Response(result.json, media_type="application/json")`."""
    result = listed()
    assert isinstance(result, NonStreamingResult)
    assert isinstance(result.json, bytes)
    assert json.loads(result.json)["data"][0]["id"] == THREAD


def test_the_two_halves_of_process_can_be_called_by_themselves() -> None:
    """The backend parses requests with a validator it keeps, and then calls the half it needs."""
    adapter: TypeAdapter[ChatKitReq] = TypeAdapter(ChatKitReq)
    server = ScriptedServer(DictStore())

    async def run() -> tuple[bytes, list[bytes]]:
        listing = adapter.validate_json(body("threads.list"))
        creation = adapter.validate_json(body("threads.create", input=message()))
        assert not is_streaming_req(listing)
        assert is_streaming_req(creation)
        listed = await server._process_non_streaming(listing, None)
        return listed, [chunk async for chunk in server._process_streaming(creation, None)]

    listed, streamed = asyncio.run(run())
    assert json.loads(listed)["data"][0]["id"] == THREAD
    assert streamed[0].startswith(b'data: {"type":"thread.created"')


def test_an_unknown_attachment_is_found_out_after_the_thread_was_made() -> None:
    """The backend loads attachments before the stream begins, while a 404 is still possible."""

    async def run() -> bytes:
        content = {**message(), "attachments": ["atc_unknown"]}
        result = await open_stream(ScriptedServer(DictStore()), "threads.create", input=content)
        first = await anext(result.json_events)
        with pytest.raises(NotFoundError):
            await anext(result.json_events)
        return first

    assert b"thread.created" in asyncio.run(run())


def test_fact_07_a_non_streaming_result_is_no_response_by_itself() -> None:
    """The backend asks which kind of result it has, and never serialises the result object."""
    with pytest.raises(TypeError):
        json.dumps(listed())
    with pytest.raises(AttributeError):
        Response(listed())


def test_e10_an_error_before_the_first_chunk_comes_after_the_200() -> None:
    """`open_stream` pulls one chunk before it answers, so that a 404 can still be one."""

    async def run() -> Browser:
        server = ScriptedServer(DictStore())
        params = {"thread_id": "unknown", "input": message()}
        result = await open_stream(server, "threads.add_user_message", **params)
        browser = Browser()
        with pytest.raises(NotFoundError):
            await browser.read(StreamingResponse(result))
        return browser

    browser = asyncio.run(run())
    assert browser.status == 200
    assert browser.received == []
    assert not browser.complete


def app_of(**cors: Any) -> TestClient:
    app = FastAPI()
    app.add_middleware(CORSMiddleware, **cors)

    @app.get("/works")
    def works() -> None:
        pass

    @app.get("/crashes")
    def crashes() -> None:
        raise RuntimeError

    return TestClient(app, raise_server_exceptions=False)


def test_e18_a_star_with_credentials_lets_every_origin_in() -> None:
    """The backend lists its origins; Starlette refuses nothing and reflects whoever asks."""
    client = app_of(allow_origins=["*"], allow_credentials=True, allow_methods=["*"])
    preflight = {**ELSEWHERE, "access-control-request-method": "GET"}
    for answer in (
        client.get("/works", headers=ELSEWHERE),
        client.options("/works", headers=preflight),
    ):
        assert answer.headers["access-control-allow-origin"] == ELSEWHERE["origin"]
        assert answer.headers["access-control-allow-credentials"] == "true"


def test_a_foreign_origin_is_not_named_when_origins_are_listed() -> None:
    """A list of origins is enough: the backend checks no origin by hand."""
    client = app_of(allow_origins=["http://localhost:5173"], allow_credentials=True)
    assert "access-control-allow-origin" not in client.get("/works", headers=ELSEWHERE).headers


def test_e19_an_unhandled_exception_is_a_500_without_cors_headers() -> None:
    """The backend catches everything in the endpoint, or a crash would look like a CORS error."""
    client = app_of(allow_origins=[ELSEWHERE["origin"]])
    assert "access-control-allow-origin" in client.get("/works", headers=ELSEWHERE).headers
    crash = client.get("/crashes", headers=ELSEWHERE)
    assert crash.status_code == 500
    assert not [name for name in crash.headers if name.startswith("access-control-")]
