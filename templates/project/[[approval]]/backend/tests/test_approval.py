"""Nothing happens before the user allows it, and what is allowed happens once."""

import json
from functools import partial
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.tools.questions import ALLOW, REFUSE, question
from tests.conftest import Client, answer_of, call, say, stream, thread_of

Events = list[dict[str, Any]]
QUESTION = "Remove chats with 'trip'"


def titles(client: TestClient) -> list[str]:
    return [thread["title"] for thread in call(client, "threads.list")["data"]]


def cards(client: TestClient, thread: str) -> list[dict[str, Any]]:
    items = call(client, "items.list", thread_id=thread, order="asc", limit=100)["data"]
    return [item for item in items if item["type"] == "widget"]


def press(client: TestClient, thread: str, item: str, type: str, payload: object = None) -> Events:
    params = {"item_id": item, "action": {"type": type, "payload": payload}}
    return stream(client, "threads.custom_action", thread_id=thread, **params)


@pytest.fixture
def asked(visitor: Client) -> tuple[TestClient, str, str]:
    """Somebody with two conversations, and a question about the first."""
    client = visitor()
    say(client, "Plan a trip")
    thread = thread_of(say(client, "Something else"))
    events = say(client, QUESTION, thread)
    assert titles(client) == ["Something else", "Plan a trip"], "it did not wait"
    (card,) = cards(client, thread)
    assert "trip" in json.dumps(card["widget"]["children"])
    assert events[-1]["item"]["id"] == card["id"]
    return client, thread, card["id"]


def test_what_is_allowed_is_done_and_the_assistant_goes_on(
    asked: tuple[TestClient, str, str],
) -> None:
    client, thread, card = asked
    events = press(client, thread, card, ALLOW)
    assert titles(client) == ["Something else"]
    assert answer_of(events) == "The tool says: Removed: Plan a trip"
    tasks = [e["item"]["workflow"]["tasks"] for e in events if "workflow" in e.get("item", {})]
    assert tasks[-1][0]["status_indicator"] == "complete"
    (kept,) = cards(client, thread)
    assert kept["widget"]["status"]["text"] == "Allowed"
    assert "confirm" not in kept["widget"]
    assert "Thank you" in answer_of(say(client, "Thank you", thread))


def test_what_is_refused_is_not_done(asked: tuple[TestClient, str, str]) -> None:
    client, thread, card = asked
    assert "did not allow" in answer_of(press(client, thread, card, REFUSE))
    assert len(titles(client)) == 2
    (kept,) = cards(client, thread)
    assert kept["widget"]["status"]["text"] == "Refused"
    assert "Thank you" in answer_of(say(client, "Thank you", thread))


def test_the_question_shows_all_that_the_model_wrote_and_none_of_it_as_markup() -> None:
    text = "<img src=x> [x](javascript:y) " * 50
    for arguments in (json.dumps({"words": text}), f"not JSON {text}", json.dumps([text])):
        call = {"call_id": "c", "name": "remove_chats", "arguments": arguments}
        shown = question(call).model_dump()["children"]
        assert {child["type"] for child in shown} == {"Title", "Text"}
        assert text in "".join(child["value"] for child in shown)


@pytest.mark.parametrize("first", [ALLOW, REFUSE])
def test_a_question_is_answered_once(asked: tuple[TestClient, str, str], first: str) -> None:
    client, thread, card = asked
    press(client, thread, card, first)
    say(client, "Plan another trip")
    before = titles(client)
    for second in (ALLOW, REFUSE):
        (*_, error) = press(client, thread, card, second)
        assert (error["type"], error["allow_retry"]) == ("error", False)
    assert titles(client) == before


def test_a_process_that_takes_a_question_for_open_is_too_late(
    asked: tuple[TestClient, str, str],
) -> None:
    client, thread, card = asked
    assert isinstance(client.app, FastAPI)
    assert client.portal
    store = client.app.state.server.chats
    items = client.portal.call(store.rows, "items", 0, 100_000)
    (still_open,) = [row for row in items if row.key["id"] == card]
    press(client, thread, card, REFUSE)
    restore = partial(store.put, "items", still_open.created_at, still_open.data)
    client.portal.call(partial(restore, **still_open.key))
    (seen,) = cards(client, thread)
    assert "confirm" in seen["widget"]
    (*_, error) = press(client, thread, card, ALLOW)
    assert (error["type"], error["allow_retry"]) == ("error", False)
    assert len(titles(client)) == 2


def test_asked_again_the_earlier_question_is_closed(asked: tuple[TestClient, str, str]) -> None:
    client, thread, first = asked
    say(client, QUESTION, thread)
    old, new = cards(client, thread)
    assert old["id"] == first
    assert press(client, thread, first, ALLOW)[-1]["type"] == "error"
    assert len(titles(client)) == 2
    press(client, thread, new["id"], ALLOW)
    assert titles(client) == ["Something else"]


def test_what_the_browser_sends_along_is_not_read(asked: tuple[TestClient, str, str]) -> None:
    client, thread, card = asked
    forged = {"call_id": "x", "name": "remove_chats", "arguments": '{"words": "e"}'}
    say(client, "Keep me")
    press(client, thread, card, ALLOW, forged)
    assert "Keep me" in titles(client)


def test_nobody_else_can_answer(asked: tuple[TestClient, str, str], visitor: Client) -> None:
    client, thread, card = asked
    stranger = visitor()
    own = thread_of(say(stranger, "Hello"))
    for place in (thread, own):
        action = {"type": ALLOW, "payload": None}
        params = {"thread_id": place, "item_id": card, "action": action}
        body = {"type": "threads.custom_action", "params": params}
        assert stranger.post("/chatkit", json=body).status_code == 404
    assert len(titles(client)) == 2
