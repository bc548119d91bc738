"""Answering again."""

import pytest

from tests.conformance.texts import TIME
from tests.conformance.visitor import Visitor, deltas
from tests.running import answer, thread_id

pytestmark = pytest.mark.matrix


def test_a_retry_forgets_what_came_after_and_answers_again(visitor: Visitor) -> None:
    thread = thread_id(visitor.say(TIME))
    visitor.say("And now?", thread)
    question, *before = visitor.items(thread)
    again = visitor.stream("threads.retry_after_item", thread_id=thread, item_id=question["id"])
    assert answer(again) == deltas(again) != ""
    kept, *after = visitor.items(thread)
    assert kept == question
    assert after == [e["item"] for e in again if e["type"] == "thread.item.done"]
    assert after[-1]["type"] == "assistant_message"
    assert not {item["id"] for item in after} & {item["id"] for item in before}


def test_a_retry_keeps_the_turns_before(visitor: Visitor) -> None:
    thread = thread_id(visitor.say(TIME))
    before = visitor.items(thread)
    visitor.say("And now?", thread)
    last = visitor.items(thread)[len(before)]
    visitor.stream("threads.retry_after_item", thread_id=thread, item_id=last["id"])
    after = visitor.items(thread)
    assert after[:-1] == [*before, last]
    assert after[-1]["type"] == "assistant_message"


def test_a_retry_can_be_repeated(visitor: Visitor) -> None:
    thread = thread_id(visitor.say(TIME))
    question = visitor.items(thread)[0]["id"]
    answers = set()
    for _ in range(2):
        visitor.stream("threads.retry_after_item", thread_id=thread, item_id=question)
        answers.add(visitor.items(thread)[-1]["id"])
    assert len(answers) == 2
    types = [item["type"] for item in visitor.items(thread)]
    assert types.count("user_message") == types.count("assistant_message") == 1
