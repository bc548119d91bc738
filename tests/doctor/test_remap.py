"""The helper that CK401 puts into a project, on the streams that real runs make."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from agents import GuardrailFunctionOutput, OutputGuardrail

from chatkit_scaffold.doctor.remap import HELPER, NAME
from tests.facts.provider import Reply, say
from tests.facts.server import Events, ask
from tests.facts.store import DictStore
from tests.facts.test_ids import TEXT_AND_BROWSER_TOOL, TEXT_TOOL_TEXT, address, server_of

namespace: dict[str, Callable[..., AsyncIterator[Any]]] = {}
exec(HELPER, namespace)  # noqa: S102 (our own text)


def numbered() -> Callable[[Events], Events]:
    count = iter(range(1, 99))
    return lambda events: namespace[NAME](events, lambda: f"own-{next(count)}")


@pytest.mark.parametrize(
    ("replies", "done"),
    [
        ((say("Hello ", "you."),), ["own-1"]),
        (TEXT_TOOL_TEXT, ["own-1", "own-2"]),
        (TEXT_AND_BROWSER_TOOL, ["own-1", "own-2"]),
    ],
    ids=["text", "text-tool-text", "text-and-client-tool"],
)
def test_each_item_has_one_id_of_its_own(replies: tuple[Reply, ...], done: list[str]) -> None:
    store = DictStore()
    events = asyncio.run(ask(server_of(store, *replies, change=numbered())))
    about = [e for e in events if e["type"].startswith("thread.item.") and "msg_" not in address(e)]
    assert [address(e) for e in about if e["type"] == "thread.item.done"] == done
    assert {address(e) for e in about} == set(done)
    assert "__fake_id__" not in str(events)


def test_a_guardrail_takes_back_all_that_was_said() -> None:
    server = server_of(DictStore(), *TEXT_TOOL_TEXT, change=numbered())

    async def trip(*_: object) -> GuardrailFunctionOutput:
        return GuardrailFunctionOutput(output_info=None, tripwire_triggered=True)

    server.agent.output_guardrails = [OutputGuardrail(trip)]
    events = asyncio.run(ask(server))
    removed = [address(e) for e in events if e["type"] == "thread.item.removed"]
    assert removed == ["own-1", "own-2"]
