"""What people write comes back as they wrote it."""

import pytest

from tests.conformance.backend import Backend, Chat
from tests.conformance.texts import TEXTS
from tests.conformance.visitor import Visitor, words
from tests.running import answer, message, thread_id

pytestmark = pytest.mark.matrix
every_text = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)


@every_text
def test_no_character_of_a_message_is_lost(backend: Backend, talk: Chat, text: str) -> None:
    events = talk.visitor.say(text, talk.thread)
    *_, question, reply = talk.items
    assert words(events[0]["item"]) == words(question) == text
    assert words(reply) == answer(events)
    if backend.generated:
        assert text in words(reply)


@every_text
def test_no_character_of_a_title_is_lost(talk: Chat, text: str) -> None:
    visitor, thread = talk.visitor, talk.thread
    renamed = visitor.call("threads.update", thread_id=thread, title=text)
    opened = visitor.call("threads.get_by_id", thread_id=thread)
    listed = visitor.all("threads.list")
    assert renamed["title"] == opened["title"] == listed[0]["title"] == text


def test_a_long_message_goes_through_whole(visitor: Visitor) -> None:
    text = "é\U0001f600x" * 140_000  # 980,000 bytes
    thread = thread_id(visitor.say(text))
    question, *_, reply = visitor.items(thread)
    assert words(question) == text
    assert words(reply)


def test_a_quote_and_a_tag_come_back_as_they_were(talk: Chat) -> None:
    tag = {"type": "input_tag", "id": "t", "text": "Miso", "data": {"n": 1}, "interactive": True}
    said = {**message("Who?"), "quoted_text": "a cat"}
    said["content"].append(tag)
    talk.visitor.stream("threads.add_user_message", thread_id=talk.thread, input=said)
    stored = talk.of_type("user_message")[-1]
    assert stored["content"] == said["content"]
    assert stored["quoted_text"] == "a cat"


def test_an_empty_message_is_answered(talk: Chat) -> None:
    empty = {**message(""), "content": []}
    events = talk.visitor.stream("threads.add_user_message", thread_id=talk.thread, input=empty)
    assert answer(events)
