"""What an app has not switched on says so."""

import pytest

from tests.conformance.backend import Backend, Chat
from tests.conformance.operations import requests
from tests.conformance.visitor import refusal

pytestmark = pytest.mark.matrix


@pytest.mark.parametrize(
    "op",
    ["attachments.create", "attachments.delete", "input.transcribe", "threads.sync_custom_action"],
)
def test_what_is_not_offered_says_so(generated: Backend, chat: Chat, op: str) -> None:
    before = chat.visitor.everything()
    refusal(chat.visitor.send(op, **requests(chat.thread, chat.items[0]["id"])[op]), 422)
    assert chat.visitor.everything() == before


def test_a_button_without_an_action_ends_in_one_error(generated: Backend, chat: Chat) -> None:
    before = chat.visitor.everything()
    op = "threads.custom_action"
    events = chat.visitor.stream(op, **requests(chat.thread, "")[op])
    (error,) = (event for event in events if event["type"] != "stream_options")
    assert error["type"] == "error"
    assert error["code"] == "custom"
    assert error["allow_retry"] is False
    assert error["message"]
    assert chat.visitor.everything() == before


def test_what_is_no_widget_has_no_buttons(chat: Chat) -> None:
    before = chat.visitor.everything()
    for item in chat.items:
        params = {**requests(chat.thread, "")["threads.custom_action"], "item_id": item["id"]}
        events = chat.visitor.stream("threads.custom_action", **params)
        assert [event["type"] for event in events] == ["error"]
        assert events[0]["allow_retry"] is False
        refusal(chat.visitor.send("threads.sync_custom_action", **params))
    assert chat.visitor.everything() == before
