"""Every item has one id, from the stream to the list."""

import pytest

from tests.conformance.backend import Chat
from tests.conformance.visitor import Event, refusal

pytestmark = pytest.mark.matrix


def ids(turn: list[Event], state: str) -> list[str]:
    return [e["item"]["id"] for e in turn if e["type"] == f"thread.item.{state}"]


def about_item(event: Event) -> str:
    return str(event.get("item_id") or event.get("item", {}).get("id"))


def test_every_item_has_an_id_of_its_own(chat: Chat) -> None:
    done = [item_id for turn in chat.turns for item_id in ids(turn, "done")]
    assert len(set(done)) == len(done)
    assert "__fake_id__" not in done


def test_an_item_keeps_its_id_while_it_is_streamed(chat: Chat) -> None:
    for turn in chat.turns:
        added = set(ids(turn, "added"))
        assert added <= set(ids(turn, "done"))
        assert {e["item_id"] for e in turn if e["type"] == "thread.item.updated"} <= added


def test_an_item_is_added_before_it_is_updated_and_updated_before_it_is_done(chat: Chat) -> None:
    for turn in chat.turns:
        for item_id in ids(turn, "added"):
            about = [event for event in turn if item_id == about_item(event)]
            states = [event["type"].rpartition(".")[2] for event in about]
            assert states == ["added", *["updated"] * (len(states) - 2), "done"]


def test_items_are_listed_as_they_were_streamed(chat: Chat) -> None:
    done = [e["item"] for turn in chat.turns for e in turn if e["type"] == "thread.item.done"]
    assert chat.items == done


def test_items_belong_to_their_thread(chat: Chat) -> None:
    assert {item["thread_id"] for item in chat.items} == {chat.thread}


def test_items_are_in_the_order_of_their_times(chat: Chat) -> None:
    for kind in ("user_message", "assistant_message"):
        times = [item["created_at"] for item in chat.of_type(kind)]
        assert times == sorted(times)


@pytest.mark.parametrize("kind", ["positive", "negative"])
def test_feedback_is_taken(talk: Chat, kind: str) -> None:
    items = [item["id"] for item in talk.items]
    for chosen in (items[-1:], items[-1:], items):
        feedback = {"thread_id": talk.thread, "item_ids": chosen, "kind": kind}
        assert talk.visitor.call("items.feedback", **feedback) == {}


def test_feedback_on_nothing_known_is_refused(talk: Chat) -> None:
    item = talk.items[-1]["id"]
    for thread, items in [
        (talk.thread, ["message_unknown"]),
        (talk.thread, [item, "message_unknown"]),
        ("thread_unknown", [item]),
    ]:
        feedback = {"thread_id": thread, "item_ids": items, "kind": "positive"}
        refusal(talk.visitor.send("items.feedback", **feedback), 404)
