"""The stand-in has to be as strict as the real APIs, and the real client and SDK at home in it."""

import asyncio
import json
import ssl
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import aclosing
from functools import partial
from typing import Any, cast

import httpx
import openai
import pytest
from agents import (
    Agent,
    Model,
    OpenAIChatCompletionsModel,
    OpenAIResponsesModel,
    RunConfig,
    Runner,
    RunResultStreaming,
    TResponseInputItem,
    function_tool,
)
from openai import AsyncOpenAI
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.chat.completion_create_params import CompletionCreateParamsNonStreaming
from openai.types.responses import Response, ResponseStreamEvent
from openai.types.responses.response_create_params import ResponseCreateParamsNonStreaming
from pydantic import TypeAdapter
from typing_extensions import is_typeddict

from tests.llm import (
    CallTool,
    CiteFile,
    CiteUrl,
    CutAfter,
    Echo,
    Fail,
    FailAfter,
    Hang,
    LlmServer,
    Malformed,
    Reply,
    Say,
    Stall,
    StallAfter,
    llm_server,
)
from tests.llm.refusals import (
    CHAT_ACCEPTED,
    CHAT_REFUSALS,
    FC_OUTPUT,
    RESPONSES_ACCEPTED,
    RESPONSES_REFUSALS,
    USER,
    Json,
    give,
)
from tests.llm.shapes import TAGS, read_fields, read_literals, read_members

CHAT = "/v1/chat/completions"
RESPONSES = "/v1/responses"
KEY = {"authorization": "Bearer sk-test"}
QUESTION = "What is up?"
# Nothing here is encrypted; each client would spend most of its life on making one of these.
TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
BOTH = pytest.mark.parametrize("path", [CHAT, RESPONSES])


@pytest.fixture(scope="module")
def running() -> Iterator[LlmServer]:
    with llm_server() as llm:
        yield llm


@pytest.fixture
def llm(running: LlmServer) -> LlmServer:
    running.reset()
    return running


def connect(llm: LlmServer, **options: Any) -> AsyncOpenAI:
    settings: Json = {"base_url": f"{llm.url}/v1", "api_key": "sk-test", "max_retries": 0}
    http = openai.DefaultAsyncHttpxClient(verify=TLS)
    return AsyncOpenAI(**settings | {"http_client": http} | options)


def use(llm: LlmServer, work: Callable[[AsyncOpenAI], Awaitable[Any]], **options: Any) -> Any:
    async def run() -> Any:
        async with connect(llm, **options) as client:
            return await work(client)

    return asyncio.run(run())


async def stream_text(client: AsyncOpenAI, path: str, text: str = QUESTION) -> AsyncGenerator[str]:
    if path == CHAT:
        chunks = await client.chat.completions.create(
            model="m", messages=[{"role": "user", "content": text}], stream=True
        )
        async with chunks:
            async for chunk in chunks:
                if chunk.choices and chunk.choices[0].delta.content:
                    yield chunk.choices[0].delta.content
        return
    events = await client.responses.create(model="m", input=text, stream=True)
    async with events:
        async for event in events:
            if event.type == "response.output_text.delta":
                yield event.delta


async def read_stream(client: AsyncOpenAI, path: str, text: str = QUESTION) -> list[str]:
    return [word async for word in stream_text(client, path, text)]


async def read_document(client: AsyncOpenAI, path: str) -> str | None:
    if path == CHAT:
        completion = await client.chat.completions.create(
            model="m", messages=[{"role": "user", "content": QUESTION}]
        )
        return completion.choices[0].message.content
    return (await client.responses.create(model="m", input=QUESTION)).output_text


def make_body(path: str, **fields: object) -> Json:
    body: Json = {"model": "m"}
    if path == CHAT:
        body["messages"] = [{"role": "user", "content": QUESTION}]
    else:
        body["input"] = QUESTION
    return body | fields


def post(llm: LlmServer, path: str, body: object, headers: Any = KEY) -> httpx.Response:
    return httpx.post(llm.url + path, json=body, headers=headers, verify=TLS)


def read_events(response: httpx.Response) -> list[Json]:
    data = [line[6:] for line in response.text.splitlines() if line.startswith("data: ")]
    return [json.loads(line) for line in data if line != "[DONE]"]


@BOTH
def test_an_empty_script_echoes(llm: LlmServer, path: str) -> None:
    assert use(llm, lambda client: read_stream(client, path)) == ["echo:", " What", " is", " up?"]
    assert use(llm, lambda client: read_document(client, path)) == f"echo: {QUESTION}"
    assert [(request.status, request.left) for request in llm.requests] == [(200, False)] * 2
    assert llm.requests[0].words == 4


@BOTH
def test_echo_reads_the_last_thing_a_user_said(llm: LlmServer, path: str) -> None:
    kind = "text" if path == CHAT else "input_text"
    said = [
        {"role": "user", "content": "first"},
        {"role": "user", "content": [{"type": kind, "text": t} for t in ("last", "words")]},
        {"role": "assistant", "content": "answer"},
    ]
    body = make_body(path, **{"messages" if path == CHAT else "input": said})
    assert "echo: last words" in post(llm, path, body).text


@BOTH
def test_a_script_is_followed_in_order_and_a_refused_request_uses_none_of_it(
    llm: LlmServer, path: str
) -> None:
    llm.answer(Say("one"), Say("two"))
    llm.default = Say("later")
    refused = post(llm, path, make_body(path, nonsense=1))
    assert refused.status_code == 400
    texts = [use(llm, lambda client: read_document(client, path)) for _ in range(3)]
    assert texts == ["one", "two", "later"]


def test_a_reset_forgets_everything(llm: LlmServer) -> None:
    llm.answer(Say("old"))
    llm.default = Say("older")
    post(llm, CHAT, make_body(CHAT, x=1))
    llm.reset()
    assert llm.requests == []
    assert use(llm, lambda client: read_document(client, CHAT)) == f"echo: {QUESTION}"


@BOTH
@pytest.mark.parametrize("text", ["a  b\n\nc ", "  ", "日本 語\u2028x", '"\\\x00'])
def test_words_make_the_text_again(llm: LlmServer, path: str, text: str) -> None:
    llm.answer(Say(text))
    assert "".join(use(llm, lambda client: read_stream(client, path))) == text


@BOTH
def test_words_are_apart_in_time(llm: LlmServer, path: str) -> None:
    llm.answer(Say("one two three", delay=0.05))

    async def read(client: AsyncOpenAI) -> list[float]:
        return [time.monotonic() async for _ in stream_text(client, path)]

    first, *_, last = use(llm, read)
    assert last - first >= 0.09


@pytest.mark.parametrize(
    "prefix", ["/v1", "/openai/v1", "/v1beta/openai", "/api/v1", "/openai/deployments/x"]
)
def test_any_prefix_is_a_base_url(llm: LlmServer, prefix: str) -> None:
    base = llm.url + prefix
    assert use(llm, lambda client: read_document(client, CHAT), base_url=base)
    assert use(llm, lambda client: read_document(client, RESPONSES), base_url=f"{base}/")
    assert [request.path for request in llm.requests] == [
        f"{prefix}/chat/completions",
        f"{prefix}/responses",
    ]


def test_requests_are_recorded(llm: LlmServer) -> None:
    body = make_body(CHAT)
    post(llm, f"{CHAT}?api-version=1", body, KEY | {"X-Mine": "Yes"})
    [request] = llm.requests
    assert (request.method, request.path, request.query) == ("POST", CHAT, "api-version=1")
    assert request.body == body
    assert request.headers["x-mine"] == "Yes"
    assert llm.wait_until(lambda: request.ended_at is not None)
    assert request.ended_at
    assert request.started_at <= request.ended_at


SPOKEN = Say("Let me look.", calls=(CallTool("look", {"at": "the sky"}), CallTool("look")))


def test_chunks_are_valid(llm: LlmServer) -> None:
    llm.answer(SPOKEN, SPOKEN)
    for options in ({}, {"stream_options": {"include_usage": True}}):
        response = post(llm, CHAT, make_body(CHAT, stream=True, **options))
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.text.endswith("data: [DONE]\n\n")
        events = read_events(response)
        chunks = [ChatCompletionChunk.model_validate(event, strict=True) for event in events]
        assert len({chunk.id for chunk in chunks}) == 1
        assert not any(chunk.model_extra for chunk in chunks)
        assert [bool(chunk.usage) for chunk in chunks].count(True) == len(options)
        ends = [c.choices[0].finish_reason for c in chunks if c.choices]
        assert ends == [None] * (len(ends) - 1) + ["tool_calls"]
        assert all(("usage" in event) == bool(options) for event in events)


@pytest.mark.parametrize("answer", [Say("Hello."), SPOKEN])
def test_a_completion_is_valid(llm: LlmServer, answer: Say) -> None:
    llm.answer(answer)
    document = post(llm, CHAT, make_body(CHAT)).json()
    [choice] = ChatCompletion.model_validate(document, strict=True).choices
    assert choice.finish_reason == ("tool_calls" if answer.calls else "stop")
    assert choice.message.content == answer.text
    assert len(choice.message.tool_calls or []) == len(answer.calls)


def test_events_are_valid_and_in_order(llm: LlmServer) -> None:
    llm.answer(Say("Well well", calls=(CallTool("look", {"a": 1}),)))
    events = read_events(post(llm, RESPONSES, make_body(RESPONSES, stream=True)))
    for event in events:
        TypeAdapter(ResponseStreamEvent).validate_python(event)
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    assert [event["type"].removeprefix("response.") for event in events] == [
        "created",
        "in_progress",
        "output_item.added",
        "content_part.added",
        "output_text.delta",
        "output_text.delta",
        "output_text.done",
        "content_part.done",
        "output_item.done",
        "output_item.added",
        "function_call_arguments.delta",
        "function_call_arguments.done",
        "output_item.done",
        "completed",
    ]
    text, call = (event["item"] for event in events if event["type"].endswith("item.done"))
    assert events[-1]["response"]["output"] == [text, call]
    assert text["id"].startswith("msg_")
    assert call["id"].startswith("fc_")
    assert call["call_id"].startswith("call_")
    assert events[0]["response"]["id"] == events[-1]["response"]["id"]
    assert events[0]["response"]["id"].startswith("resp_")


def test_searches_and_citations_are_valid_and_in_order(llm: LlmServer) -> None:
    tools = [{"type": "web_search"}, {"type": "file_search", "vector_store_ids": ["vs_1"]}]
    llm.answer(Say("News.", cites=(CiteUrl("https://a.example", "A"), CiteFile("b.pdf"))))
    events = read_events(post(llm, RESPONSES, make_body(RESPONSES, stream=True, tools=tools)))
    for event in events:
        TypeAdapter(ResponseStreamEvent).validate_python(event)
    response = Response.model_validate(events[-1]["response"])
    assert [item.type for item in response.output] == [
        "web_search_call", "file_search_call", "message",
    ]  # fmt: skip
    (part,) = events[-1]["response"]["output"][-1]["content"]
    added = [event["annotation"] for event in events if event["type"].endswith("annotation.added")]
    assert part["annotations"] == added
    assert [note["type"] for note in added] == ["url_citation", "file_citation"]
    states = [e["type"].rpartition(".")[2] for e in events if "_search_call." in e["type"]]
    assert states == ["in_progress", "searching", "completed"] * 2


def test_a_response_is_valid(llm: LlmServer) -> None:
    llm.answer(SPOKEN)
    document = post(llm, RESPONSES, make_body(RESPONSES, instructions="Be brief.")).json()
    response = Response.model_validate(document)
    assert response.output_text == "Let me look."
    assert [item.type for item in response.output] == ["message", *["function_call"] * 2]
    assert response.instructions == "Be brief."
    assert response.usage


def make_model(path: str, client: AsyncOpenAI) -> Model:
    make = OpenAIChatCompletionsModel if path == CHAT else OpenAIResponsesModel
    return make(model="m", openai_client=client)


@function_tool
def look(at: str) -> str:
    """Look at something."""
    return f"rain in {at}"


async def run_agent(
    client: AsyncOpenAI, path: str, said: str | list[TResponseInputItem]
) -> RunResultStreaming:
    agent = Agent(name="a", model=make_model(path, client), tools=[look])
    result = Runner.run_streamed(agent, said, run_config=RunConfig(tracing_disabled=True))
    async for _ in result.stream_events():
        pass
    return result


@BOTH
def test_an_agent_speaks(llm: LlmServer, path: str) -> None:
    result = use(llm, lambda client: run_agent(client, path, QUESTION))
    assert result.final_output == f"echo: {QUESTION}"


@BOTH
@pytest.mark.parametrize("before", ["", "Let me look."])
def test_an_agent_calls_tools_and_then_speaks(llm: LlmServer, path: str, before: str) -> None:
    llm.answer(
        Say(before, calls=(CallTool("look", {"at": "Oslo"}), CallTool("look", {"at": "Rome"}))),
        Say("It rains."),
    )
    result = use(llm, lambda client: run_agent(client, path, QUESTION))
    assert result.final_output == "It rains."
    assert [request.status for request in llm.requests] == [200, 200]
    sent = json.dumps(llm.requests[1].body)
    assert "rain in Oslo" in sent
    assert "rain in Rome" in sent


@BOTH
def test_an_agent_has_two_turns(llm: LlmServer, path: str) -> None:
    async def talk(client: AsyncOpenAI) -> str:
        first = await run_agent(client, path, "one")
        again: TResponseInputItem = {"role": "user", "content": "two"}
        second = await run_agent(client, path, [*first.to_input_list(), again])
        return str(second.final_output)

    assert use(llm, talk) == "echo: two"
    assert "echo: one" in json.dumps(llm.requests[1].body)


def test_a_conversation_may_change_its_api(llm: LlmServer) -> None:
    async def talk(client: AsyncOpenAI) -> None:
        first = await run_agent(client, CHAT, "one")
        history = first.to_input_list()
        assert "__fake_id__" in json.dumps(history)
        # The SDK drops the id that it invented; a client that does not is refused.
        await run_agent(client, RESPONSES, history)
        kept = [{k: v for k, v in item.items() if k != "provider_data"} for item in history]
        await client.responses.create(model="m", input=cast("Any", kept))

    with pytest.raises(openai.BadRequestError, match="__fake_id__") as caught:
        use(llm, talk)
    assert caught.value.param == "input[1].id"
    assert [request.status for request in llm.requests] == [200, 200, 400]


REFUSALS = [
    pytest.param(path, *row, stream, id=f"{path.split('/')[2]} {name} {'stream' * stream}")
    for path, rows in ((CHAT, CHAT_REFUSALS), (RESPONSES, RESPONSES_REFUSALS))
    for name, row in rows.items()
    for stream in (False, True)
    if not (stream and name.endswith("without stream"))
]


@pytest.mark.parametrize(("path", "fields", "param", "code", "words", "stream"), REFUSALS)
def test_what_the_real_ones_refuse_is_refused(
    llm: LlmServer,
    path: str,
    fields: Json,
    param: str | None,
    code: str | None,
    words: str,
    stream: bool,
) -> None:
    response = post(llm, path, make_body(path, stream=stream, **fields))
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/json"
    error = response.json()["error"]
    assert words in error.pop("message")
    assert error == {"type": "invalid_request_error", "param": param, "code": code}
    assert llm.requests[0].status == 400


def test_the_client_names_a_refusal(llm: LlmServer) -> None:
    async def ask(client: AsyncOpenAI) -> None:
        await client.chat.completions.create(model="m", messages=[])

    with pytest.raises(openai.BadRequestError, match="empty array") as caught:
        use(llm, ask)
    assert (caught.value.param, caught.value.code) == ("messages", "empty_array")


@pytest.mark.parametrize(
    ("path", "fields"),
    [(CHAT, row) for row in CHAT_ACCEPTED] + [(RESPONSES, row) for row in RESPONSES_ACCEPTED],
)
def test_what_the_real_ones_accept_is_accepted(llm: LlmServer, path: str, fields: Json) -> None:
    response = post(llm, path, make_body(path, **fields))
    assert response.status_code == 200, response.text


def test_a_response_is_remembered(llm: LlmServer) -> None:
    llm.answer(CallTool("look"))
    first = post(llm, RESPONSES, make_body(RESPONSES)).json()
    [call] = first["output"]
    output = FC_OUTPUT | {"call_id": call["call_id"]}
    later = {"previous_response_id": first["id"]}
    referred = {"type": "item_reference", "id": call["id"]}
    assert post(llm, RESPONSES, make_body(RESPONSES, **give(output), **later)).is_success
    assert post(llm, RESPONSES, make_body(RESPONSES, **give(referred, output))).is_success
    unanswered = post(llm, RESPONSES, make_body(RESPONSES, **later))
    assert "No tool output found" in unanswered.json()["error"]["message"]


def test_what_was_not_stored_is_not_found(llm: LlmServer) -> None:
    first = post(llm, RESPONSES, make_body(RESPONSES, store=False)).json()
    later = post(llm, RESPONSES, make_body(RESPONSES, previous_response_id=first["id"]))
    assert later.json()["error"]["code"] == "previous_response_not_found"
    referred = {"type": "item_reference", "id": first["output"][0]["id"]}
    assert post(llm, RESPONSES, make_body(RESPONSES, **give(referred, USER))).status_code == 404


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (CHAT, {"n": 2}),
        (CHAT, {"logprobs": True}),
        (RESPONSES, {"background": True}),
        (RESPONSES, {"conversation": "conv_1"}),
    ],
)
def test_what_this_one_cannot_do_is_said(llm: LlmServer, path: str, fields: Json) -> None:
    response = post(llm, path, make_body(path, **fields))
    assert response.status_code == 501
    assert response.json()["error"]["param"] in fields


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/v1/completions", 404),
        ("POST", "/chat/completions", 404),
        ("POST", "/responses", 404),
        ("POST", "/v1//chat/completions", 404),
        ("POST", "/v1/chat/completions/", 404),
        ("GET", "/v1/models", 404),
        ("GET", CHAT, 405),
    ],
)
def test_unknown_urls(llm: LlmServer, method: str, path: str, status: int) -> None:
    response = httpx.request(method, llm.url + path, headers=KEY, verify=TLS)
    assert response.status_code == status
    assert path in response.json()["error"]["message"]


@BOTH
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"hi"', b"\xff"])
def test_a_body_has_to_be_an_object(llm: LlmServer, path: str, content: bytes) -> None:
    response = httpx.post(llm.url + path, content=content, headers=KEY, verify=TLS)
    assert response.status_code == 400
    assert "could not parse the JSON body" in response.json()["error"]["message"]


@BOTH
@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, None),
        ({"authorization": ""}, None),
        ({"authorization": "Bearer"}, None),
        ({"authorization": "sk-test"}, None),
        ({"authorization": "Basic sk-test"}, None),
        ({"authorization": "Bearer sk-tes"}, "invalid_api_key"),
        ({"authorization": "Bearer sk-test2"}, "invalid_api_key"),
        ({"api-key": "sk-test"}, None),
    ],
)
def test_a_request_without_the_key_is_refused(
    llm: LlmServer, path: str, headers: dict[str, str], code: str | None
) -> None:
    response = post(llm, path, make_body(path), headers)
    assert response.status_code == 401
    error = response.json()["error"]
    assert (error["type"], error["code"]) == ("invalid_request_error", code)


def test_the_client_names_a_wrong_key(llm: LlmServer) -> None:
    with pytest.raises(openai.AuthenticationError, match="Incorrect API key provided"):
        use(llm, lambda client: read_document(client, CHAT), api_key="sk-wrong")


def test_a_provider_may_ask_for_no_key() -> None:
    with llm_server(key=None) as llm:
        assert post(llm, CHAT, make_body(CHAT), {}).status_code == 200
        assert post(llm, CHAT, make_body(CHAT), {"authorization": "Bearer x"}).status_code == 200


def test_azure_takes_the_key_in_either_header() -> None:
    with llm_server(key="k", azure=True) as llm:
        given = [{"api-key": "k"}, {"authorization": "Bearer k"}, {"api-key": "x"}, {}]
        answers = [post(llm, CHAT, make_body(CHAT), headers) for headers in given]
    assert [answer.status_code for answer in answers] == [200, 200, 401, 401]


@BOTH
@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Fail(401), openai.AuthenticationError),
        (Fail(404, "No such model.", code="model_not_found"), openai.NotFoundError),
        (Fail(429, "Slow down."), openai.RateLimitError),
        (Fail(500), openai.InternalServerError),
        (Fail(503, body="<html>busy</html>"), openai.InternalServerError),
    ],
)
def test_a_failure_has_a_status(
    llm: LlmServer, path: str, reply: Fail, error: type[openai.APIStatusError]
) -> None:
    reads: list[Callable[..., Awaitable[Any]]] = [read_stream, read_document]
    for read in reads:
        llm.answer(reply)
        with pytest.raises(error) as caught:
            use(llm, partial(read, path=path))
        assert caught.value.status_code == reply.status
        assert (reply.body or reply.message) in caught.value.response.text
        assert reply.code in (None, caught.value.code)


@pytest.mark.parametrize("body", [None, "<html>busy</html>"])
def test_a_failure_has_headers(llm: LlmServer, body: str | None) -> None:
    llm.answer(Fail(429, body=body, headers={"Retry-After": "7", "Content-Type": "text/x"}))
    response = post(llm, CHAT, make_body(CHAT))
    assert (response.headers["retry-after"], response.headers["content-type"]) == ("7", "text/x")


def test_a_client_that_is_told_when_to_retry_succeeds(llm: LlmServer) -> None:
    llm.answer(Fail(429, headers={"Retry-After-Ms": "1"}), Say("At last."))
    text = use(llm, lambda client: read_document(client, CHAT), max_retries=1)
    assert text == "At last."
    assert [request.status for request in llm.requests] == [429, 200]
    assert llm.requests[1].headers["x-stainless-retry-count"] == "1"


def break_off(llm: LlmServer, path: str, reply: Reply, error: type[Exception]) -> list[str]:
    """The words that arrive before the error."""
    llm.answer(reply)
    words: list[str] = use(llm, partial(read_until, path=path, error=error))
    return words


async def read_until(client: AsyncOpenAI, path: str, error: type[Exception]) -> list[str]:
    words: list[str] = []

    async def read() -> None:
        async for word in stream_text(client, path):
            words.append(word)

    with pytest.raises(error):
        await read()
    return words


@pytest.mark.parametrize(
    ("reply", "status", "words"),
    [(Hang(), None, []), (Stall(), 200, []), (StallAfter(2), 200, ["word1", " word2"])],
)
def test_a_client_gives_up_on_silence(
    llm: LlmServer, reply: Reply, status: int | None, words: list[str]
) -> None:
    async def read(client: AsyncOpenAI) -> list[list[str]]:
        reads = (read_until(client, path, openai.APITimeoutError) for path in (CHAT, RESPONSES))
        return await asyncio.gather(*reads)

    llm.default = reply
    assert use(llm, read, timeout=0.25) == [words, words]
    assert llm.wait_until(lambda: all(request.left for request in llm.requests))
    assert [request.status for request in llm.requests] == [status, status]
    assert llm.open_streams == 0


def test_a_request_is_seen_before_it_is_answered(llm: LlmServer) -> None:
    async def ask(client: AsyncOpenAI) -> None:
        reading = asyncio.create_task(read_document(client, CHAT))
        assert await asyncio.to_thread(llm.wait_until, lambda: len(llm.requests) == 1)
        reading.cancel()
        await asyncio.wait([reading])

    llm.answer(Hang())
    use(llm, ask)
    assert llm.wait_until(lambda: llm.requests[0].left)
    assert llm.requests[0].status is None
    assert not llm.wait_until(lambda: llm.open_streams == 1, timeout=0)


def test_a_stall_begins_with_headers(llm: LlmServer) -> None:
    llm.answer(Stall())
    body = make_body(CHAT, stream=True)
    with httpx.stream("POST", llm.url + CHAT, json=body, headers=KEY, timeout=5) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        assert llm.open_streams == 1
    assert llm.wait_until(lambda: llm.open_streams == 0)


@BOTH
@pytest.mark.parametrize("count", [0, 3])
def test_an_error_inside_a_stream(llm: LlmServer, path: str, count: int) -> None:
    reply = FailAfter(count, "Overloaded.", code="overloaded")
    words = break_off(llm, path, reply, openai.APIError)
    assert len(words) == count
    llm.answer(reply)
    events = read_events(post(llm, path, make_body(path, stream=True)))
    errors = [event["error"] for event in events if event.get("error")]
    assert [(e["code"], e["message"]) for e in errors] == [("overloaded", "Overloaded.")]
    if path == RESPONSES:
        assert [event["sequence_number"] for event in events] == list(range(len(events)))
        assert events[-1]["response"]["id"] == events[0]["response"]["id"]


@BOTH
@pytest.mark.parametrize("count", [0, 3])
def test_a_stream_that_is_cut(llm: LlmServer, path: str, count: int) -> None:
    assert len(break_off(llm, path, CutAfter(count), openai.APIConnectionError)) == count
    assert not llm.requests[0].left


@BOTH
def test_an_event_that_is_not_json(llm: LlmServer, path: str) -> None:
    assert break_off(llm, path, Malformed(2), json.JSONDecodeError) == ["word1", " word2"]


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Stall(), httpx.ReadTimeout),
        (StallAfter(1), httpx.ReadTimeout),
        (CutAfter(1), httpx.RemoteProtocolError),
    ],
)
def test_documents_that_do_not_end(llm: LlmServer, reply: Reply, error: type[Exception]) -> None:
    async def read() -> list[object]:
        async with httpx.AsyncClient(headers=KEY, timeout=0.25, verify=TLS) as client:
            posts = (client.post(llm.url + p, json=make_body(p)) for p in (CHAT, RESPONSES))
            return await asyncio.gather(*posts, return_exceptions=True)

    llm.default = reply
    assert [type(result) for result in asyncio.run(read())] == [error, error]
    assert [request.status for request in llm.requests] == [200, 200]


@BOTH
def test_documents_that_are_no_answers(llm: LlmServer, path: str) -> None:
    llm.answer(Malformed(), FailAfter(1, "Overloaded."))
    with pytest.raises(json.JSONDecodeError):
        post(llm, path, make_body(path)).json()
    failed = post(llm, path, make_body(path))
    assert failed.status_code == 200
    assert failed.json()["error"]["message"] == "Overloaded."


@BOTH
def test_a_client_that_leaves_is_noticed(llm: LlmServer, path: str) -> None:
    llm.answer(Say("word " * 500, delay=0.02))

    async def read(client: AsyncOpenAI) -> None:
        async with aclosing(stream_text(client, path)) as words:
            for _ in range(3):
                await anext(words)
            assert llm.open_streams == 1

    use(llm, read)
    assert llm.wait_until(lambda: llm.open_streams == 0, timeout=1)
    [request] = llm.requests
    assert request.left
    assert request.left_at == request.ended_at
    assert 3 <= request.words < 500


@BOTH
def test_twenty_streams_at_once(llm: LlmServer, path: str) -> None:
    llm.default = StallAfter(1)

    async def hold(client: AsyncOpenAI) -> int:
        streams = [stream_text(client, path) for _ in range(20)]
        await asyncio.gather(*(anext(stream) for stream in streams))
        count = llm.open_streams
        await asyncio.gather(*(stream.aclose() for stream in streams))
        return count

    async def read(client: AsyncOpenAI) -> list[list[str]]:
        texts = (f"number {n}" for n in range(20))
        return await asyncio.gather(*(read_stream(client, path, text) for text in texts))

    assert use(llm, hold) == 20
    assert llm.wait_until(lambda: llm.open_streams == 0)
    llm.default = Echo(delay=0.01)
    assert use(llm, read) == [["echo:", " number", f" {n}"] for n in range(20)]
    assert llm.wait_until(lambda: llm.open_streams == 0)
    assert [request.left for request in llm.requests] == [True] * 20 + [False] * 20


def test_the_server_stops_while_clients_wait() -> None:
    async def wait(llm: LlmServer, client: AsyncOpenAI) -> list[BaseException | list[str]]:
        reads = [asyncio.create_task(read_stream(client, CHAT)) for _ in range(3)]
        assert await asyncio.to_thread(llm.wait_until, lambda: llm.open_streams == 2)
        assert await asyncio.to_thread(llm.wait_until, lambda: len(llm.requests) == 3)
        await asyncio.to_thread(context.__exit__, None, None, None)
        return await asyncio.gather(*reads, return_exceptions=True)

    context = llm_server(Stall(), StallAfter(1), Hang())
    with_server = context.__enter__()
    errors = use(with_server, lambda client: wait(with_server, client))
    assert all(isinstance(error, openai.APIError) for error in errors)
    assert [(r.ended_at is None, r.left) for r in with_server.requests] == [(False, False)] * 3
    with pytest.raises(httpx.ConnectError):
        httpx.get(with_server.url)


def list_unions(hint: Any, seen: set[Any]) -> Iterator[list[Any]]:
    if hint in seen:
        return
    seen.add(hint)
    members = read_members(hint)
    yield [member for member in members if is_typeddict(member)]
    for member in members:
        inner = read_fields(member).values() if is_typeddict(member) else ()
        for entry in [*(field.hint for field in inner), *getattr(member, "__args__", ())]:
            if not isinstance(entry, str | bool):
                yield from list_unions(entry, seen)


@pytest.mark.parametrize(
    "shape", [CompletionCreateParamsNonStreaming, ResponseCreateParamsNonStreaming]
)
def test_the_members_of_every_union_can_be_told_apart(shape: Any) -> None:
    unions = [union for union in list_unions(shape, set()) if len(union) > 1]
    assert len(unions) > 5
    for union in unions:
        tags = [tag for tag in TAGS if all(tag in read_fields(member) for member in union)]
        assert tags, union
        assert all(read_literals(read_fields(member)[tags[0]].hint) for member in union), union
