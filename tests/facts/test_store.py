"""How ChatKit uses a store: in which order, how often, and with what."""

# ruff: noqa: ARG002 - the SDK sets the parameters, whether a test needs them or not

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from agents import Agent, RunContextWrapper, StopAtTools, function_tool
from chatkit.agents import AgentContext, ClientToolCall
from chatkit.store import AttachmentStore, NotFoundError
from chatkit.types import (
    CustomTask,
    Page,
    Thread,
    ThreadItem,
    ThreadItemDoneEvent,
    ThreadMetadata,
    UserMessageItem,
)

from tests.facts.items import THREAD, assistant, attachment, browser_call, thread, user, workflow
from tests.facts.provider import Provider, call, model_of, say
from tests.facts.server import (
    AgentServer,
    Events,
    ScriptedServer,
    ask,
    kinds,
    message,
    open_stream,
    request,
    stream,
)
from tests.facts.store import DictStore


class EnoughError(Exception):
    """Ends what would never end."""


def test_e05_page_without_cursor_makes_retry_loop_for_ever() -> None:
    """A page of the backend's store names its last row whenever there are more."""
    turns_of_others = 0

    class Cursorless(DictStore):
        async def load_thread_items(
            self, thread_id: str, after: str | None, limit: int, order: str, context: None
        ) -> Page[ThreadItem]:
            self.pages.append((after, limit, order))
            if len(self.pages) == 50:
                raise EnoughError
            return Page(data=[assistant("msg_1")], has_more=True, after=None)

    async def count() -> None:
        nonlocal turns_of_others
        while True:
            turns_of_others += 1
            await asyncio.sleep(0)

    async def retry() -> int:
        other = asyncio.create_task(count())
        await asyncio.sleep(0)
        before = turns_of_others
        with pytest.raises(EnoughError):
            await stream(
                ScriptedServer(store), "threads.retry_after_item", thread_id=THREAD, item_id="no"
            )
        other.cancel()
        return turns_of_others - before

    store = Cursorless()
    waited = asyncio.run(retry())
    assert set(store.pages) == {(None, 20, "desc")}
    assert len(store.pages) == 50
    assert waited == 0, "the loop lets nobody else run"


def test_fact_06_cursors_of_the_store_are_passed_on_as_they_are() -> None:
    """A cursor of the backend's store is the last row shown: the next page starts behind it."""
    items = [user(f"msg_{n:02}") for n in range(45)]
    store = DictStore(*items)
    server = ScriptedServer(store)

    async def run() -> Any:
        listed = await request(server, "items.list", thread_id=THREAD, limit=2, after="msg_40")
        await stream(server, "threads.retry_after_item", thread_id=THREAD, item_id="msg_01")
        return listed

    listed = asyncio.run(run())
    assert [item["id"] for item in listed["data"]] == ["msg_39", "msg_38"]
    assert listed["after"] == "msg_38"
    assert store.pages == [
        ("msg_40", 2, "desc"),
        (None, 20, "desc"),
        ("msg_25", 20, "desc"),
        ("msg_05", 20, "desc"),
    ]
    assert [item.id for item in store.told()[:2]] == ["msg_00", "msg_01"]


def test_retry_of_an_unknown_message_is_an_empty_stream() -> None:
    """`open_stream` takes a stream without a first chunk for a message that is not there: 404."""
    store = DictStore(user("msg_1"))
    server = ScriptedServer(store)
    retry = stream(server, "threads.retry_after_item", thread_id=THREAD, item_id="unknown")
    assert asyncio.run(retry) == []
    assert server.asked == []
    assert [item.id for item in store.told()] == ["msg_1"]


def test_e08_an_aware_time_breaks_the_turn_that_goes_on_with_a_workflow(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The backend's store gives every time back exactly as the SDK made it."""

    def turn(created_at: datetime) -> list[str]:
        store = DictStore(user("msg_1"), workflow("wf_1", created_at), browser_call("tc_1"))
        agent = Agent[AgentContext[None]]("assistant", model=model_of(Provider([say("Seen.")])))
        server = AgentServer(store, agent)
        answer = stream(server, "threads.add_client_tool_output", thread_id=THREAD, result=1)
        return kinds(asyncio.run(answer))

    now = datetime.now()
    assert "error" not in turn(now)
    assert turn(now.astimezone(UTC))[-1] == "error"
    assert "can't subtract offset-naive and offset-aware datetimes" in caplog.text


def test_sdk_times_are_naive() -> None:
    """The backend's databases keep the SDK's text, so no time zone is guessed on the way."""
    store = DictStore()
    agent = Agent[AgentContext[None]]("assistant", model=model_of(Provider([say("Hello.")])))
    asyncio.run(stream(AgentServer(store, agent), "threads.create", input=message()))
    times = [store.saved[0].created_at, *(item.created_at for item in store.added)]
    assert len(times) == 3
    assert [time.tzinfo for time in times] == [None] * 3


def test_e09_save_item_without_a_thread_id_collides_with_its_context() -> None:
    """The backend's store has the parameters of the SDK's abstract methods, in their order."""

    class Short(DictStore):
        async def save_item(self, item: ThreadItem, context: None) -> None:  # type: ignore[override]
            raise AssertionError

    server = ScriptedServer(Short(browser_call("tc_1")))
    with pytest.raises(TypeError, match="multiple values for argument 'context'"):
        asyncio.run(stream(server, "threads.add_client_tool_output", thread_id=THREAD, result=1))


def test_e09_load_item_without_a_thread_id_collides_with_its_context() -> None:
    """The backend's store finds an item by its thread and its id, both in front of `context`."""

    class Short(DictStore):
        async def load_item(self, item_id: str, context: None) -> ThreadItem:  # type: ignore[override]
            raise AssertionError

    action = {"type": "press", "payload": {}}
    call = {"thread_id": THREAD, "item_id": "widget", "action": action}
    with pytest.raises(TypeError, match="multiple values for argument 'context'"):
        asyncio.run(stream(ScriptedServer(Short()), "threads.custom_action", **call))


def test_e09_items_are_loaded_by_position_and_by_keyword() -> None:
    """Neither the order nor the names of the store's parameters may be changed."""

    class Account(DictStore):
        def __init__(self) -> None:
            super().__init__()
            self.forms: list[tuple[int, set[str]]] = []

        async def load_thread_items(self, *args: Any, **names: Any) -> Page[ThreadItem]:
            self.forms.append((len(args), set(names)))
            return await super().load_thread_items(*args, **names)

    store = Account()
    server = ScriptedServer(store)

    async def run() -> None:
        await request(server, "threads.get_by_id", thread_id=THREAD)
        await request(server, "items.list", thread_id=THREAD)
        await stream(server, "threads.retry_after_item", thread_id=THREAD, item_id="msg_1")

    asyncio.run(run())
    by_keyword = (1, {"after", "limit", "order", "context"})
    assert store.forms == [by_keyword, by_keyword, (5, set())]


def test_e10_a_thread_that_loads_as_none_is_an_attribute_error() -> None:
    """The backend's store raises NotFoundError for what is not there and never returns None."""

    class Nothing(DictStore):
        async def load_thread(self, thread_id: str, context: None) -> ThreadMetadata:
            return None  # type: ignore[return-value]

    with pytest.raises(AttributeError, match="'NoneType' object has no attribute 'id'"):
        asyncio.run(ask(ScriptedServer(Nothing())))


def test_e11_a_list_in_place_of_a_page_is_an_attribute_error() -> None:
    """The backend's store answers both listings with a Page."""

    class Listing(DictStore):
        async def load_threads(  # type: ignore[override]
            self, limit: int, after: str | None, order: str, context: None
        ) -> list[ThreadMetadata]:
            return [thread()]

    with pytest.raises(AttributeError, match="'list' object has no attribute 'has_more'"):
        asyncio.run(request(ScriptedServer(Listing()), "threads.list"))


def test_e23_tool_output_belongs_to_the_one_newest_item_or_fails() -> None:
    """The backend keeps items in exact order and adds nothing behind a call to the browser."""
    store = DictStore(user("msg_1"), browser_call("tc_1"), assistant("msg_2"))
    with pytest.raises(ValueError, match="was not a ClientToolCallItem"):
        asyncio.run(
            stream(
                ScriptedServer(store), "threads.add_client_tool_output", thread_id=THREAD, result=1
            )
        )
    assert store.pages == [(None, 1, "desc")]


def test_after_tool_output_the_server_is_asked_to_go_on_without_a_message() -> None:
    """`respond` of the backend takes None for an order to continue from the history."""
    store = DictStore(user("msg_1"), browser_call("tc_1"))
    server = ScriptedServer(store)
    asyncio.run(stream(server, "threads.add_client_tool_output", thread_id=THREAD, result={"n": 1}))
    assert server.asked == [None]
    done = store.told()[1]
    assert done.type == "client_tool_call"
    assert (done.status, done.output) == ("completed", {"n": 1})


def test_fact_04_a_new_thread_is_never_looked_up_and_its_id_is_the_stores() -> None:
    """`load_thread` of the backend creates nothing: that would hand threads to whoever asks."""
    store = DictStore()
    server = ScriptedServer(store)
    create = stream(server, "threads.create", input=message(), thread_id=THREAD)
    events = asyncio.run(create)
    assert "load_thread" not in store.calls
    assert events[0]["type"] == "thread.created"
    assert events[0]["thread"]["id"] != THREAD


def test_fact_05_a_thread_is_read_from_its_beginning_and_cut_after_twenty() -> None:
    """The backend reads its own history newest first and turns it round."""
    store = DictStore(*(user(f"msg_{n:02}") for n in range(30)))
    loaded = asyncio.run(request(ScriptedServer(store), "threads.get_by_id", thread_id=THREAD))
    assert store.pages == [(None, 20, "asc")]
    assert loaded["items"]["data"][-1]["id"] == "msg_19"


def test_fact_08_an_open_workflow_is_added_twice_under_one_id() -> None:
    """Adding is saving in the backend's store: a known id changes the row where it stands."""

    @function_tool
    async def look(context: RunContextWrapper[AgentContext[None]]) -> None:
        await context.context.add_workflow_task(CustomTask(title="Looking"))
        context.context.client_tool_call = ClientToolCall(name="look", arguments={})

    store = DictStore()
    agent = Agent[AgentContext[None]](
        "assistant",
        model=model_of(Provider([call("look"), say("Seen.")])),
        tools=[look],
        tool_use_behavior=StopAtTools(stop_at_tool_names=["look"]),
    )
    server = AgentServer(store, agent)

    async def run() -> None:
        await ask(server)
        await stream(server, "threads.add_client_tool_output", thread_id=THREAD, result=1)

    asyncio.run(run())
    workflows = [item.id for item in store.added if item.type == "workflow"]
    assert len(workflows) == 2
    assert len(set(workflows)) == 1


async def name_the_thread(thread: ThreadMetadata, message: UserMessageItem | None) -> Events:
    thread.title = "A trip"
    yield ThreadItemDoneEvent(item=assistant("msg_answer"))


def test_a_title_set_in_a_turn_is_saved_and_sent() -> None:
    """`respond` of the backend assigns the title and leaves the rest to the SDK."""
    store = DictStore()
    events = asyncio.run(ask(ScriptedServer(store, name_the_thread)))
    (updated,) = [event for event in events if event["type"] == "thread.updated"]
    assert updated["thread"]["title"] == "A trip"
    assert store.threads[THREAD].title == "A trip"


def test_fact_09_a_title_set_in_the_first_turn_saves_a_thread_with_items() -> None:
    """The backend's store leaves the items out: they have rows of their own."""
    store = DictStore()
    asyncio.run(stream(ScriptedServer(store, name_the_thread), "threads.create", input=message()))
    assert [type(saved) for saved in store.saved] == [ThreadMetadata, Thread]


def test_fact_09_a_store_that_gives_items_back_breaks_get_by_id() -> None:
    """What the backend's store loads is metadata, whatever it was handed to save."""

    class Keeping(DictStore):
        async def load_thread(self, thread_id: str, context: None) -> ThreadMetadata:
            return Thread(**thread().model_dump(), items=Page())

    with pytest.raises(TypeError, match="multiple values for keyword argument 'items'"):
        asyncio.run(request(ScriptedServer(Keeping()), "threads.get_by_id", thread_id=THREAD))


class NoFiles(AttachmentStore[None]):
    async def delete_attachment(self, attachment_id: str, context: None) -> None:
        pass


@pytest.mark.parametrize(
    ("op", "params", "calls"),
    [
        ("items.list", {"thread_id": THREAD}, ["load_thread_items"]),
        ("threads.delete", {"thread_id": THREAD}, ["delete_thread"]),
        ("items.feedback", {"thread_id": THREAD, "item_ids": ["m"], "kind": "positive"}, []),
        ("attachments.delete", {"attachment_id": "atc_1"}, ["delete_attachment"]),
    ],
)
def test_fact_10_some_operations_never_load_the_thread(
    op: str, params: dict[str, Any], calls: list[str]
) -> None:
    """Every method of the backend's store asks whose row it is; `load_thread` alone is no gate."""
    store = DictStore(user("msg_1"))
    store.attachments["atc_1"] = attachment("atc_1")
    server = ScriptedServer(store)
    server.attachment_store = NoFiles()
    asyncio.run(request(server, op, **params))
    assert store.calls == calls


@pytest.mark.parametrize(
    ("op", "params"), [("threads.get_by_id", {}), ("threads.update", {"title": "Mine"})]
)
def test_not_found_error_is_never_caught(op: str, params: dict[str, Any]) -> None:
    """The endpoint of the backend turns it into a 404."""
    with pytest.raises(NotFoundError):
        asyncio.run(request(ScriptedServer(DictStore()), op, thread_id="unknown", **params))


@pytest.mark.parametrize(
    ("op", "params"),
    [
        ("threads.add_user_message", {"input": message()}),
        ("threads.add_client_tool_output", {"result": 1}),
        ("threads.retry_after_item", {"item_id": "msg_1"}),
        ("threads.custom_action", {"action": {"type": "press", "payload": {}}}),
    ],
)
def test_not_found_error_is_never_caught_in_a_stream(op: str, params: dict[str, Any]) -> None:
    """The backend gets it with the first chunk, which `open_stream` pulls before it answers."""

    async def first_chunk() -> None:
        result = await open_stream(ScriptedServer(DictStore()), op, thread_id="unknown", **params)
        with pytest.raises(NotFoundError):
            await anext(result.json_events)

    asyncio.run(first_chunk())
