"""What the rules call wrong in turns, agents and stores, with the SDKs' own machinery around it."""

import asyncio
import gc
import json
import sqlite3
import sys
import warnings
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
from agents import (
    Agent,
    OpenAIResponsesModel,
    Runner,
    UserError,
    function_tool,
    set_trace_processors,
    set_tracing_disabled,
)
from agents.tracing import TracingProcessor
from chatkit.agents import AgentContext
from chatkit.server import ChatKitServer
from chatkit.types import ThreadItemDoneEvent
from openai import AsyncOpenAI, NotFoundError

from tests.doctor.proving import ME, NOW, THREAD, proves, run, store, whole, wrong
from tests.facts.items import assistant, attachment, browser_call, user, workflow
from tests.facts.provider import Provider, call, model_of, refuse, say
from tests.facts.server import Event, ScriptedServer, ask, kinds, message, request, stream
from tests.facts.store import DictStore

pytestmark = pytest.mark.usefixtures("app")
TURN = "threads.add_user_message"


def made(code: str, kept: DictStore, number: int = 0, **names: Any) -> Any:
    """The server of a rule's WRONG with names of its module replaced."""
    namespace = wrong(code, number)
    namespace |= names
    kind = namespace["Server"]

    async def answer(*_: object) -> Any:
        return ThreadItemDoneEvent(item=assistant("msg_answer"))

    kind.answer = answer
    missing = dict.fromkeys(ChatKitServer.__abstractmethods__ - set(vars(kind)), answer)
    return type("Server", (kind,), missing)(kept)


async def history(kept: Any, thread: Any, context: Any) -> Any:
    page = await kept.load_thread_items(thread.id, None, 20, "desc", context)
    return [{"role": "user", "content": item.id} for item in page.data[::-1]]


@proves("CK210")
def test_ck210_items_are_lost_between_pages() -> None:
    ids = ["msg_c", "msg_a", "msg_d", "msg_b"]  # in the order of their times
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE items (thread_id, id, created_at, data)")
        rows = [("thr", name, number, name) for number, name in enumerate(ids)]
        database.executemany("INSERT INTO items VALUES (?, ?, ?, ?)", rows)

        async def page(_: Any, sql: str, thread: str, after: str, limit: int, *__: Any) -> Any:
            return [row for (row,) in database.execute(sql, (thread, after or "", limit))]

        kept = store("CK210")
        type(kept).page = page
        first = run(kept.load_thread_items("thr", None, 2, "asc", ME))
        second = run(kept.load_thread_items("thr", first[-1], 2, "asc", ME))
    assert first + second != ids


@proves("CK214")
def test_ck214_the_second_time_is_an_error_or_a_second_item() -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE items (id PRIMARY KEY, thread_id, user_id, data)")

        async def execute(sql: str, row: tuple[str, ...]) -> None:
            database.execute(sql, row)

        kept = store("CK214", database=SimpleNamespace(run=execute))
        run(kept.add_thread_item("thr", workflow("wf"), ME))
        with pytest.raises(sqlite3.IntegrityError):
            run(kept.add_thread_item("thr", workflow("wf"), ME))


@proves("CK217")
def test_ck217_a_message_with_a_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["app.storage"], "Threads", DictStore, raising=False)
    kept = wrong("CK217")["Files"]()
    with pytest.raises(NotImplementedError):
        run(kept.save_attachment(attachment("att"), None))
    sent = {**message(), "attachments": ["att"]}
    turn = stream(ScriptedServer(kept), "threads.add_user_message", thread_id="thr_1", input=sent)
    with pytest.raises(NotImplementedError):
        asyncio.run(turn)


@proves("CK220")
def test_ck220_nobody_finds_it_under_the_id_that_people_got() -> None:
    items: dict[Any, Any] = {("me", "thr"): {}}
    run(store("CK220", items=items).add_thread_item("thr", assistant("msg_1"), ME))
    assert "msg_1" not in items["me", "thr"]


@proves("CK221")
def test_ck221_a_workflow_comes_back_as_a_message_or_not_at_all() -> None:
    saved = workflow("wf").model_dump()
    row = SimpleNamespace(role="system", fields=saved)

    async def item(*_: object) -> Any:
        return row

    context = SimpleNamespace(database=SimpleNamespace(item=item))
    with pytest.raises(ValueError, match="validation error"):
        run(store("CK221").load_item("thr", "wf", context))


@proves("CK227")
def test_ck227_everybody_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ticks = []

    async def tick() -> None:
        while True:
            ticks.append(1)
            await asyncio.sleep(0.01)

    async def during(kept: Any) -> int:
        task = asyncio.create_task(tick())
        await asyncio.sleep(0.05)
        before = len(ticks)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            await kept.delete_thread("thr", ME)
        task.cancel()
        return len(ticks) - before

    with closing(sqlite3.connect("chat.db")) as other:
        other.execute("CREATE TABLE threads (id, user)")
        kept = store("CK227")
        kept.database.execute("PRAGMA busy_timeout = 300")
        other.execute("BEGIN EXCLUSIVE")
        assert asyncio.run(during(kept)) == 0
        kept.database.close()


@proves("CK314")
def test_ck314_the_branch_never_runs() -> None:
    asked = []

    async def answer_tool(*_: object) -> None:
        asked.append("tool")

    kept = DictStore(browser_call("call"))
    server = made("CK314", kept)
    type(server).answer_tool = answer_tool
    output = {"result": {"ok": True}, "thread_id": "thr_1"}
    events = asyncio.run(stream(server, "threads.add_client_tool_output", **output))
    assert "thread.item.done" in kinds(events)
    assert asked == []


def through(guarded: Any) -> tuple[list[Event], DictStore]:
    """A turn whose events go through a function, and break off."""

    async def broken(*_: object) -> Any:
        yield ThreadItemDoneEvent(item=assistant("msg_1"))
        raise RuntimeError("table users of db.internal")

    kept = DictStore()
    server = ScriptedServer(kept, lambda thread, _: guarded(broken(), thread))
    return asyncio.run(ask(server)), kept


async def answered(*_: object) -> Any:
    return assistant("msg_answer")


@proves("CK316")
def test_ck316_the_answer_is_shown_and_not_kept() -> None:
    kept = DictStore()
    events = asyncio.run(ask(made("CK316", kept, answer=answered)))
    assert "thread.item.added" in kinds(events)
    assert [item.type for item in kept.told()] == ["user_message"]


@proves("CK321")
def test_ck321_the_exception_is_in_the_chat() -> None:
    events, _ = through(lambda events, _: wrong("CK321")["guarded"](events))
    assert "db.internal" in json.dumps(events)
    events, _ = through(lambda events, _: events)
    assert "db.internal" not in json.dumps(events)


@proves("CK322")
def test_ck322_the_apology_is_part_of_the_thread() -> None:
    _, kept = through(lambda events, thread: wrong("CK322")["guarded"](events, thread, NOW))
    assert "msg_error" in [item.id for item in kept.told()]


@proves("CK324")
def test_ck324_nobody_hears_of_it() -> None:
    thanked = []

    async def thank(*_: object) -> None:
        thanked.append(1)

    server = made("CK324", DictStore(assistant("msg_1")))
    type(server).thank = thank
    rating = {"thread_id": "thr_1", "item_ids": ["msg_1"], "kind": "positive"}
    asyncio.run(request(server, "items.feedback", **rating))
    assert thanked == []


@proves("CK325")
def test_ck325_what_people_rate_is_gone() -> None:
    server = made("CK325", DictStore(assistant("msg_1")), answer=None)
    kept = dict(vars(server.store))
    rating = {"thread_id": "thr_1", "item_ids": ["msg_1"], "kind": "positive"}
    assert asyncio.run(request(server, "items.feedback", **rating)) == {}
    assert vars(server.store) == kept
    voice = {"audio_base64": "AAAA", "mime_type": "audio/webm"}
    with pytest.raises(NotImplementedError):
        asyncio.run(request(server, "input.transcribe", **voice))


@proves("CK332")
def test_ck332_the_end_of_the_turn_is_caught() -> None:
    async def leave() -> None:
        server = made("CK332", DictStore())
        events = server.respond(THREAD, None, None)
        await anext(events)
        await events.athrow(asyncio.CancelledError())

    with pytest.raises(StopAsyncIteration):  # instead of CancelledError
        asyncio.run(leave())


def spoken(code: str, **names: Any) -> list[Event]:
    agent = Agent[AgentContext[None]]("assistant", model=model_of(Provider([say("One ", "two")])))
    server = made(code, DictStore(), assistant=agent, agent=agent, **names)
    return asyncio.run(ask(server))


@proves("CK336")
def test_ck336_nothing_is_seen_before_the_end() -> None:
    async def load(*_: object) -> Any:
        return "Hi"

    def event(_: object, text: str) -> Any:
        return ThreadItemDoneEvent(item=assistant("msg_1", text))

    events = spoken("CK336", load_history=load, as_event=event)
    assert "thread.item.updated" not in kinds(events)


@proves("CK401")
def test_ck401_every_answer_has_the_same_id() -> None:
    events = spoken("CK401", load_history=history)
    assert {e["item"]["id"] for e in events if e["type"] == "thread.item.added"} == {"__fake_id__"}


@proves("CK402")
def test_ck402_the_updates_are_for_another_item() -> None:
    namespace = wrong("CK402")
    agent = Agent[AgentContext[None]]("assistant", model=model_of(Provider([say("One ", "two")])))

    async def events(thread: Any, _: object) -> Any:
        context = AgentContext(thread=thread, store=kept, request_context=None)
        result = Runner.run_streamed(agent, "Hi", context=context)
        async for event in namespace["events"](context, result, lambda: "msg_new"):
            yield event

    kept = DictStore()
    seen = asyncio.run(ask(ScriptedServer(kept, events)))
    updated = {e["item_id"] for e in seen if e["type"] == "thread.item.updated"}
    assert "__fake_id__" in updated
    assert "msg_new" in [e["item"]["id"] for e in seen if e["type"] == "thread.item.done"]
    stored: dict[Any, Any] = {("me", "thr"): {}}
    fake = assistant("__fake_id__")
    made_store = whole(wrong("CK402", 1)["MyStore"], DictStore.__mro__[1], items=stored)
    run(made_store.add_thread_item("thr", fake.model_copy(), ME))
    assert "__fake_id__" not in stored["me", "thr"]  # which is the id that the page has


@proves("CK403")
def test_ck403_there_is_no_such_address() -> None:
    def chat_only(asked: httpx2.Request) -> httpx2.Response:
        status = 200 if asked.url.path.endswith("/chat/completions") else 404
        return httpx2.Response(status, json={"error": {"message": "Not Found"}})

    http = httpx2.AsyncClient(transport=httpx2.MockTransport(chat_only))
    client = AsyncOpenAI(api_key="sk-x", base_url="http://provider/v1", http_client=http)
    assert isinstance(wrong("CK403")["model"], OpenAIResponsesModel)
    agent = Agent("assistant", model=OpenAIResponsesModel("mistral-small", client))
    with pytest.raises(NotFoundError):
        asyncio.run(Runner.run(agent, "Hi"))


@proves("CK406")
def test_ck406_the_model_never_reads_the_turn_before() -> None:
    provider = Provider([say("First."), say("Second.")])
    agent = Agent[AgentContext[None]]("assistant", model=model_of(provider))
    server = made("CK406", DictStore(), assistant=agent)
    asyncio.run(ask(server, "I am Ann."))
    asyncio.run(ask(server, "Who am I?"))
    assert "Ann" not in json.dumps(provider.requests[1])


@proves("CK407")
def test_ck407_the_newest_message_is_not_read() -> None:
    kept = DictStore(*(user(f"item_{number}") for number in range(25)))
    server = made("CK407", kept)
    read = json.dumps(run(server.history(SimpleNamespace(id="thr_1"), None)), default=str)
    assert "item_0" in read
    assert "item_24" not in read


@proves("CK408")
def test_ck408_the_model_reads_it_twice() -> None:
    read: list[Any] = []

    async def answer(_: object, items: list[Any]) -> Any:
        read.extend(items)
        return ThreadItemDoneEvent(item=assistant("msg_answer"))

    server = made("CK408", DictStore())
    type(server).answer = answer
    vars(server)["answer"] = lambda items: answer(None, items)
    asyncio.run(ask(server))
    assert [item.id for item in read] == [read[0].id] * 2


@proves("CK409")
def test_ck409_tools_get_no_context() -> None:
    seen = []

    @function_tool
    def look(ctx: Any) -> str:
        seen.append(ctx)
        return "seen"

    async def load(*_: object) -> str:
        return "Hi"

    namespace = wrong("CK409")
    contexts: list[Any] = []

    async def instructions(ctx: Any, _: object) -> str:
        contexts.append(ctx.context)
        return "Be kind."

    model = model_of(Provider([say("Done.")]))
    namespace["assistant"] = Agent("assistant", instructions=instructions, model=model)
    namespace["load_history"] = load

    async def turn() -> list[Any]:
        return [event async for event in namespace["turn"](THREAD, DictStore(), None)]

    assert asyncio.run(turn())
    assert contexts == [None]


@proves("CK411")
def test_ck411_a_file_ends_the_turn() -> None:
    load = wrong("CK411")["load_history"]
    sent = user("msg_1").model_copy(update={"attachments": [attachment("att")]})
    with pytest.raises(NotImplementedError):
        run(load(DictStore(sent), SimpleNamespace(id="thr_1"), None))


async def to_the_end(agent: Agent[Any], text: str, context: Any = None) -> None:
    async for _ in Runner.run_streamed(agent, text, context=context).stream_events():
        pass


class Kept(TracingProcessor):
    """What the exporter would get."""

    def __init__(self) -> None:
        self.spans: list[Any] = []

    def on_trace_start(self, trace: Any) -> None: ...
    def on_trace_end(self, trace: Any) -> None: ...
    def on_span_start(self, span: Any) -> None: ...
    def on_span_end(self, span: Any) -> None:
        self.spans.append(span.export())

    def shutdown(self) -> None: ...
    def force_flush(self) -> None: ...


@proves("CK412")
def test_ck412_what_people_write_is_in_the_traces() -> None:
    assert wrong("CK412")["client"].base_url.host == "openrouter.ai"
    kept = Kept()
    set_trace_processors([kept])
    set_tracing_disabled(False)
    try:
        agent = Agent("assistant", model=model_of(Provider([say("Hello.")])))
        asyncio.run(to_the_end(agent, "my secret"))
    finally:
        set_tracing_disabled(True)
        set_trace_processors([])
    assert "my secret" in json.dumps(kept.spans, default=str)


@proves("CK414")
def test_ck414_the_tools_were_never_connected() -> None:
    agent = wrong("CK414")["assistant"].clone(model=model_of(Provider([say("Hello.")])))
    with pytest.raises(UserError, match="not initialized"):
        asyncio.run(Runner.run(agent, "Hi"))
    with pytest.raises((TypeError, AttributeError), match=r"context manager|__enter__"):
        run(wrong("CK414", 1)["turn"](None, None))


@proves("CK417")
def test_ck417_the_error_comes_later() -> None:
    namespace = wrong("CK417")
    namespace["assistant"] = Agent("first", model=model_of(Provider([refuse(429)])))
    spare = Provider([say("Hello.")])
    namespace["spare"] = Agent("spare", model=model_of(spare))

    async def turn() -> list[Any]:
        context = AgentContext(thread=THREAD, store=DictStore(), request_context=None)
        return [event async for event in namespace["turn"](context, "Hi")]

    with pytest.raises(Exception, match="429"):
        asyncio.run(turn())
    assert spare.requests == []


@proves("CK429")
def test_ck429_the_second_turn_is_refused() -> None:
    namespace = wrong("CK429")
    said = SimpleNamespace(data=[assistant("msg_2"), user("msg_1")])
    agent = Agent("assistant", model=model_of(Provider([say("Hello.")])))
    with pytest.raises(UserError, match="Unknown content"):
        asyncio.run(Runner.run(agent, run(namespace["history"](said))))


@proves("CK329")
def test_ck329_the_answer_is_added_twice() -> None:
    kept = DictStore()
    asyncio.run(ask(made("CK329", kept, answer=answered)))
    assert [item.id for item in kept.added].count("msg_answer") == 2


@proves("CK340")
def test_ck340_the_progress_is_never_sent() -> None:
    provider = Provider([call("look_up", arguments='{"name": "ann"}'), say("Ann.")])
    agent = Agent[Any]("assistant", model=model_of(provider), tools=[wrong("CK340")["look_up"]])
    context = AgentContext(thread=THREAD, store=DictStore(), request_context=None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # "coroutine ... was never awaited"
        asyncio.run(to_the_end(agent, "Who is it?", context))
        gc.collect()
    assert "Ann" in str(provider.requests[1])
    assert context._events.empty()
