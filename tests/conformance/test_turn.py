"""What happens, in which order, when somebody says something."""

import pytest

from tests.conformance.backend import Backend, Chat
from tests.conformance.texts import TIME
from tests.conformance.visitor import Visitor, deltas, kinds, words
from tests.running import answer, thread_id

pytestmark = pytest.mark.matrix

START = ["created", "item.done user_message", "stream_options"]
ANSWER = ["item.added assistant_message", "item.updated", "item.done assistant_message"]
TOOL = ["item.added workflow", "item.updated", "item.done workflow"]


def test_the_first_turn_has_its_order(chat: Chat) -> None:
    seen = [kind for kind in kinds(chat.turns[0]) if kind != "updated"]
    assert seen == START + ANSWER


def test_a_new_thread_is_named_once_right_after_the_answer_began(
    generated: Backend, chat: Chat
) -> None:
    assert kinds(chat.turns[0]) == [*START, ANSWER[0], "updated", *ANSWER[1:]]
    named = [e["thread"]["title"] for e in chat.turns[0] if e["type"] == "thread.updated"]
    assert named == ["Hi"]
    assert kinds(chat.turns[2]) == START[1:] + ANSWER


def test_a_tool_is_shown_before_the_answer(generated: Backend, chat: Chat) -> None:
    assert kinds(chat.turns[1]) == START[1:] + TOOL + ANSWER


def test_a_tool_in_the_first_turn_does_not_change_the_order(
    generated: Backend, strangers_chat: Chat
) -> None:
    expected = [*START, TOOL[0], "updated", *TOOL[1:], *ANSWER]
    assert kinds(strangers_chat.turns[0]) == expected


def test_a_tool_is_seen_working_and_then_done(generated: Backend, chat: Chat) -> None:
    items = [event["item"] for event in chat.turns[1] if "item" in event]
    shown = [item["workflow"]["tasks"] for item in items if item["type"] == "workflow"]
    states = [[task["status_indicator"] for task in tasks] for tasks in shown]
    assert states == [["loading"], ["complete"]]


def test_what_the_model_got_from_a_tool_stays_hidden(chat: Chat) -> None:
    shown = {item["type"] for item in chat.items}
    assert shown <= {"user_message", "assistant_message", "workflow"}
    streamed = {e["item"]["type"] for turn in chat.turns for e in turn if "item" in e}
    assert streamed == shown


def test_the_pieces_of_an_answer_make_the_answer(chat: Chat) -> None:
    for turn in chat.turns:
        assert deltas(turn) == answer(turn) != ""


def test_an_answer_is_stored_as_it_was_streamed(chat: Chat) -> None:
    streamed = [answer(turn) for turn in chat.turns]
    assert [words(item) for item in chat.of_type("assistant_message")] == streamed


def test_the_conversation_is_remembered(visitor: Visitor, generated: Backend) -> None:
    thread = thread_id(visitor.say(TIME))
    assert TIME in answer(visitor.say("What did I say?", thread))
