"""A button of the draft has it rewritten: streamed into the card, and kept."""

from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from app import demo
from app.tools.drafts import REWRITE
from tests.conftest import Client, call, say, stream, thread_of


def begin(client: TestClient) -> tuple[str, str]:
    thread = thread_of(say(client, "Show a draft: 'Dear team, the office is closed'"))
    (card,) = cards(client, thread)
    assert text_of(card) == "Dear team, the office is closed"
    return thread, card["id"]


def cards(client: TestClient, thread: str) -> list[dict[str, Any]]:
    items = call(client, "items.list", thread_id=thread, order="asc")["data"]
    return [item for item in items if item["type"] == "widget"]


def text_of(card: dict[str, Any]) -> str:
    return str(card["widget"]["children"][0]["value"])


def press(client: TestClient, thread: str, item: str, payload: object) -> list[dict[str, Any]]:
    action = {"type": REWRITE, "payload": payload}
    params = {"thread_id": thread, "item_id": item, "action": action}
    return stream(client, "threads.custom_action", **params)


@pytest.mark.parametrize("payload", [{"wish": "Shorter"}, {"wish": "x"}, {}, None])
def test_it_is_streamed_into_the_card_and_kept(visitor: Client, payload: object) -> None:
    client = visitor()
    thread, card = begin(client)
    events = press(client, thread, card, payload)
    assert {e.get("item_id", card) for e in events} == {card}
    deltas = [e["update"]["delta"] for e in events if "delta" in e.get("update", {})]
    assert len(deltas) > 3
    (kept,) = cards(client, thread)
    assert text_of(kept) == "".join(deltas)
    assert "office is closed" in text_of(kept)
    assert len(kept["widget"]["children"][1]["children"]) == 3, "its buttons are gone"
    again = say(client, "Thank you", thread)
    assert "error" not in {event["type"] for event in again}


def test_when_the_model_fails_the_draft_stays(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> httpx2.Response:
        return httpx2.Response(401, json={"error": {"message": "wrong key sk-secret"}})

    client = visitor()
    thread, card = begin(client)
    monkeypatch.setattr(demo.DemoProvider, "handle_async_request", refuse)
    events = press(client, thread, card, {"wish": "Shorter"})
    assert events[-1]["type"] == "error"
    assert "secret" not in str(events)
    (kept,) = cards(client, thread)
    assert text_of(kept) == "Dear team, the office is closed"


def test_nobody_else_can_press_it(visitor: Client) -> None:
    thread, card = begin(visitor())
    action = {"type": REWRITE, "payload": {"wish": "Shorter"}}
    params = {"thread_id": thread, "item_id": card, "action": action}
    body = {"type": "threads.custom_action", "params": params}
    assert visitor().post("/chatkit", json=body).status_code == 404
