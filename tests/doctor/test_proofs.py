"""What the rules call wrong, run against the real SDKs: each of these mistakes really fails."""

import asyncio
import gc
import inspect
import sys
import warnings
from collections.abc import Awaitable
from datetime import datetime
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from agents import Runner, UserError
from chatkit.server import ChatKitServer, StreamingResult
from chatkit.store import Store
from chatkit.types import AssistantMessageItem, ThreadMetadata
from pydantic import ValidationError

from tests.doctor.test_rules import RULES
from tests.facts.server import ScriptedServer, ask, body, message
from tests.facts.store import DictStore

ME = SimpleNamespace(user_id="me", new_id=lambda: "new", next_number=lambda: "1")
NOW = datetime(2026, 1, 2)
THREAD = ThreadMetadata(id="thr", created_at=NOW)
ITEM = AssistantMessageItem(id="msg", thread_id="thr", created_at=NOW, content=[])


class Anything(ModuleType):
    """A module of the app that the snippet imports from."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return SimpleNamespace(name=name)


@pytest.fixture(autouse=True)
def app(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-mine")
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")
    for name in ("app", "app.llm", "app.config", "app.history", "app.assistant", "app.models"):
        monkeypatch.setitem(sys.modules, name, Anything(name))


def wrong(code: str) -> dict[str, Any]:
    """What the file of the rule's WRONG defines."""
    namespace: dict[str, Any] = {"__name__": "wrong"}
    text = next(t for path, t in RULES[code].wrong[0].items() if path.endswith(".py"))
    exec(text, namespace)  # noqa: S102 (our own text)
    return namespace


def whole(cls: type, base: type, **fields: Any) -> Any:
    """An object of a class that leaves most of an abstract one to others."""

    async def nothing(*_: object, **__: object) -> None: ...

    missing = dict.fromkeys(base.__abstractmethods__ - set(vars(cls)), nothing)  # type: ignore[attr-defined]
    made = type(cls.__name__, (cls,), missing)
    return made(DictStore()) if base is ChatKitServer else vars_of(made(), fields)


def vars_of(made: Any, fields: dict[str, Any]) -> Any:
    vars(made).update(fields)
    return made


def store(code: str, **fields: Any) -> Any:
    return whole(wrong(code)["MyStore"], Store, **fields)


def server(code: str) -> Any:
    return whole(wrong(code)["Server"], ChatKitServer)


def run(awaitable: Awaitable[Any]) -> Any:
    async def wait() -> Any:
        return await awaitable

    return asyncio.run(wait())


def rows(count: int) -> list[SimpleNamespace]:
    return [SimpleNamespace(id=f"item_{n}", created_at=n) for n in range(count)]


def test_ck201_the_class_cannot_be_made() -> None:
    with pytest.raises(TypeError, match="abstract"):
        wrong("CK201")


def test_ck202_the_sdk_cannot_call_it() -> None:
    with pytest.raises(TypeError, match="multiple values"):
        run(store("CK202", items={}).save_item("thr", ITEM, context=ME))
    with pytest.raises(TypeError, match="unexpected keyword"):
        run(store("CK202", threads={}).delete_thread("thr", context=ME))


def test_ck203_it_cannot_be_awaited_and_the_id_is_a_coroutine() -> None:
    made = store("CK203", items={"thr": {"msg": ITEM}})
    with pytest.raises(TypeError, match="await"):
        run(made.load_item("thr", "msg", context=ME))
    name = made.generate_thread_id(ME)
    assert inspect.iscoroutine(name)
    name.close()


def test_ck204_a_list_has_no_pages() -> None:
    threads = run(store("CK204").load_threads(5, None, "desc", SimpleNamespace(threads=rows(3))))
    assert not hasattr(threads, "has_more")


def test_ck205_the_cursor_is_lost() -> None:
    assert wrong("CK205")["page"](rows(3), 2).after is None


def test_ck206_no_cursor_or_one_too_far() -> None:
    made = wrong("CK206")
    assert made["page"](rows(3), 2).has_more
    assert made["page"](rows(3), 2).after is None
    assert made["window"](rows(3), 2).after not in [row.id for row in rows(3)[:2]]


def test_ck207_and_ck208_every_page_is_the_same_one() -> None:
    made = store("CK207", items={("me", "thr"): rows(3)})
    pages = [run(made.load_thread_items("thr", None, 2, order, ME)) for order in ("asc", "desc")]
    assert pages[0] == pages[1]
    context = SimpleNamespace(database=SimpleNamespace(items=None))
    with pytest.raises(ValueError, match="item_1"):
        run(store("CK208").load_thread_items("thr", "item_1", 2, "asc", context))


def test_ck211_none_breaks_the_turn() -> None:
    made = ScriptedStore(store("CK211", threads={}))
    with pytest.raises(AttributeError, match="NoneType"):
        asyncio.run(ask(ScriptedServer(made)))


def test_ck212_anybody_gets_a_thread() -> None:
    assert run(store("CK212", threads={}).load_thread("made-up", ME)).id == "made-up"


def test_ck215_it_is_there_twice() -> None:
    items: dict[tuple[str, str], list[object]] = {("me", "thr"): [ITEM]}
    run(store("CK215", items=items).save_item("thr", ITEM, ME))
    assert items["me", "thr"] == [ITEM, ITEM]


@pytest.mark.parametrize("code", ["CK222", "CK318"])
def test_the_model_refuses_it(code: str) -> None:
    with pytest.raises(ValidationError):
        wrong(code)["answer"]("id", *(["thr", NOW, "text"] if code == "CK222" else [[]]))


def test_ck223_times_of_two_clocks_cannot_be_compared() -> None:
    with pytest.raises(TypeError, match="offset"):
        sorted([ITEM.created_at, wrong("CK223")["note"]("id", "thr", "text").created_at])


@pytest.mark.parametrize("code", ["CK311", "CK312"])
def test_the_turn_ends_with_an_error(code: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        try:
            kinds = [event["type"] for event in asyncio.run(ask(server(code)))]
        except TypeError:
            kinds = ["error"]
        gc.collect()
    assert kinds[-1] == "error"


def test_ck313_nobody_answers_the_client_tool() -> None:
    made = server("CK313")

    async def events() -> list[object]:
        return [event async for event in made.respond(THREAD, None, None)]

    assert asyncio.run(events()) == []


def test_ck315_the_event_names_no_item() -> None:
    events = asyncio.run(ask(server("CK315")))
    assert [e for e in events if "text_delta" in e["type"] and "item_id" not in e]


def test_ck319_and_ck320_fields_are_dropped_or_refused() -> None:
    assert not hasattr(wrong("CK319")["answer"]("id", THREAD, NOW, []), "status")
    assert wrong("CK320")["problem"]("text").code == "custom"
    namespace: dict[str, Any] = {}
    exec(RULES["CK320"].wrong[1]["app/problems.py"], namespace)  # noqa: S102 (our own text)
    with pytest.raises(ValidationError):
        namespace["problem"]("text")


def test_ck323_no_branch_matches() -> None:
    made = server("CK323")

    async def events() -> list[object]:
        action = SimpleNamespace(type="order", payload={})
        return [event async for event in made.action(THREAD, action, None, None)]

    assert asyncio.run(events()) == []


def test_ck326_stop_is_a_type_error() -> None:
    with pytest.raises(TypeError):
        run(server("CK326").handle_stream_cancelled(THREAD, [], None))


def test_ck302_a_parsed_body_is_refused() -> None:
    with pytest.raises(ValidationError):
        asyncio.run(ScriptedServer(DictStore()).process({"type": "threads.list"}, None))  # type: ignore[arg-type]


def test_ck304_a_chunk_is_a_whole_event() -> None:
    async def first() -> bytes:
        request = body("threads.create", input=message())
        result = await ScriptedServer(DictStore()).process(request, None)
        assert isinstance(result, StreamingResult)
        return await anext(aiter(result))

    assert asyncio.run(first()).startswith(b"data: {")


def test_ck404_the_prefix_is_unknown() -> None:
    with pytest.raises(UserError, match="Unknown prefix"):
        asyncio.run(Runner.run(wrong("CK404")["assistant"], "Hi"))


def test_ck410_the_input_is_a_coroutine() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        with pytest.raises(TypeError, match="coroutine"):
            run(wrong("CK410")["history"](SimpleNamespace(data=[])))
        gc.collect()


def test_ck425_the_key_goes_along() -> None:
    made = wrong("CK425")["model"]
    assert made._client.api_key == "sk-mine"
    assert made._client.base_url.host == "localhost"


class ScriptedStore(DictStore):
    def __init__(self, threads: Store[Any]) -> None:
        super().__init__()
        self.load_thread = threads.load_thread  # type: ignore[method-assign]
