"""What the rules call wrong in stores, servers and agents: each of these mistakes really fails."""

import asyncio
import gc
import inspect
import warnings
from types import SimpleNamespace
from typing import Any

import pytest
from agents import Runner, UserError
from chatkit.server import StreamingResult
from pydantic import ValidationError

from tests.doctor.proving import (
    ITEM,
    ME,
    NOW,
    THREAD,
    ScriptedStore,
    proves,
    rows,
    run,
    server,
    store,
    wrong,
)
from tests.doctor.test_rules import RULES
from tests.facts.server import ScriptedServer, ask, body, message
from tests.facts.store import DictStore

pytestmark = pytest.mark.usefixtures("app")


@proves("CK201")
def test_ck201_the_class_cannot_be_made() -> None:
    with pytest.raises(TypeError, match="abstract"):
        wrong("CK201")


@proves("CK202")
def test_ck202_the_sdk_cannot_call_it() -> None:
    with pytest.raises(TypeError, match="multiple values"):
        run(store("CK202", items={}).save_item("thr", ITEM, context=ME))
    with pytest.raises(TypeError, match="unexpected keyword"):
        run(store("CK202", threads={}).delete_thread("thr", context=ME))


@proves("CK203")
def test_ck203_it_cannot_be_awaited_and_the_id_is_a_coroutine() -> None:
    made = store("CK203", items={"thr": {"msg": ITEM}})
    with pytest.raises(TypeError, match="await"):
        run(made.load_item("thr", "msg", context=ME))
    name = made.generate_thread_id(ME)
    assert inspect.iscoroutine(name)
    name.close()


@proves("CK204")
def test_ck204_a_list_has_no_pages() -> None:
    threads = run(store("CK204").load_threads(5, None, "desc", SimpleNamespace(threads=rows(3))))
    assert not hasattr(threads, "has_more")


@proves("CK205")
def test_ck205_the_cursor_is_lost() -> None:
    assert wrong("CK205")["page"](rows(3), 2).after is None


@proves("CK206")
def test_ck206_no_cursor_or_one_too_far() -> None:
    made = wrong("CK206")
    assert made["page"](rows(3), 2).has_more
    assert made["page"](rows(3), 2).after is None
    assert made["window"](rows(3), 2).after not in [row.id for row in rows(3)[:2]]


@proves("CK207", "CK208")
def test_ck207_and_ck208_every_page_is_the_same_one() -> None:
    made = store("CK207", items={("me", "thr"): rows(3)})
    pages = [run(made.load_thread_items("thr", None, 2, order, ME)) for order in ("asc", "desc")]
    assert pages[0] == pages[1]
    context = SimpleNamespace(database=SimpleNamespace(items=None))
    with pytest.raises(ValueError, match="item_1"):
        run(store("CK208").load_thread_items("thr", "item_1", 2, "asc", context))


@proves("CK211")
def test_ck211_none_breaks_the_turn() -> None:
    made = ScriptedStore(store("CK211", threads={}))
    with pytest.raises(AttributeError, match="NoneType"):
        asyncio.run(ask(ScriptedServer(made)))


@proves("CK212")
def test_ck212_anybody_gets_a_thread() -> None:
    assert run(store("CK212", threads={}).load_thread("made-up", ME)).id == "made-up"


@proves("CK215")
def test_ck215_it_is_there_twice() -> None:
    items: dict[tuple[str, str], list[object]] = {("me", "thr"): [ITEM]}
    run(store("CK215", items=items).save_item("thr", ITEM, ME))
    assert items["me", "thr"] == [ITEM, ITEM]


@proves("CK222", "CK318")
@pytest.mark.parametrize("code", ["CK222", "CK318"])
def test_the_model_refuses_it(code: str) -> None:
    with pytest.raises(ValidationError):
        wrong(code)["answer"]("id", *(["thr", NOW, "text"] if code == "CK222" else [[]]))


@proves("CK223")
def test_ck223_times_of_two_clocks_cannot_be_compared() -> None:
    with pytest.raises(TypeError, match="offset"):
        sorted([ITEM.created_at, wrong("CK223")["note"]("id", "thr", "text").created_at])


@proves("CK311", "CK312")
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


@proves("CK313")
def test_ck313_nobody_answers_the_client_tool() -> None:
    made = server("CK313")

    async def events() -> list[object]:
        return [event async for event in made.respond(THREAD, None, None)]

    assert asyncio.run(events()) == []


@proves("CK315")
def test_ck315_the_event_names_no_item() -> None:
    events = asyncio.run(ask(server("CK315")))
    assert [e for e in events if "text_delta" in e["type"] and "item_id" not in e]


@proves("CK319", "CK320")
def test_ck319_and_ck320_fields_are_dropped_or_refused() -> None:
    assert not hasattr(wrong("CK319")["answer"]("id", THREAD, NOW, []), "status")
    assert wrong("CK320")["problem"]("text").code == "custom"
    namespace: dict[str, Any] = {}
    exec(RULES["CK320"].wrong[1]["app/problems.py"], namespace)  # noqa: S102 (our own text)
    with pytest.raises(ValidationError):
        namespace["problem"]("text")


@proves("CK323")
def test_ck323_no_branch_matches() -> None:
    made = server("CK323")

    async def events() -> list[object]:
        action = SimpleNamespace(type="order", payload={})
        return [event async for event in made.action(THREAD, action, None, None)]

    assert asyncio.run(events()) == []


@proves("CK326")
def test_ck326_stop_is_a_type_error() -> None:
    with pytest.raises(TypeError):
        run(server("CK326").handle_stream_cancelled(THREAD, [], None))


@proves("CK302")
def test_ck302_a_parsed_body_is_refused() -> None:
    with pytest.raises(ValidationError):
        asyncio.run(ScriptedServer(DictStore()).process({"type": "threads.list"}, None))  # type: ignore[arg-type]


@proves("CK304")
def test_ck304_a_chunk_is_a_whole_event() -> None:
    async def first() -> bytes:
        request = body("threads.create", input=message())
        result = await ScriptedServer(DictStore()).process(request, None)
        assert isinstance(result, StreamingResult)
        return await anext(aiter(result))

    assert asyncio.run(first()).startswith(b"data: {")


@proves("CK404")
def test_ck404_the_prefix_is_unknown() -> None:
    with pytest.raises(UserError, match="Unknown prefix"):
        asyncio.run(Runner.run(wrong("CK404")["assistant"], "Hi"))


@proves("CK410")
def test_ck410_the_input_is_a_coroutine() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        with pytest.raises(TypeError, match="coroutine"):
            run(wrong("CK410")["history"](SimpleNamespace(data=[])))
        gc.collect()


@proves("CK425")
def test_ck425_the_key_goes_along() -> None:
    made = wrong("CK425")["model"]
    assert made._client.api_key == "sk-mine"
    assert made._client.base_url.host == "localhost"
