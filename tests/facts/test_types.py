"""The SDK's models: what they refuse and, more often, what they swallow."""

import pytest
from chatkit.types import AssistantMessageContent, AssistantMessageItem, ErrorEvent, Page
from pydantic import BaseModel, ValidationError

from tests.facts.items import NOW, THREAD

ITEM = {"id": "msg_1", "thread_id": THREAD, "created_at": NOW, "content": []}


@pytest.mark.parametrize(
    ("model", "fields", "unknown"),
    [
        (ErrorEvent, {}, {"error_code": "stream.error"}),
        (Page, {}, {"next_cursor": "msg_1"}),
        (Page, {}, {"first_id": "msg_1"}),
        (AssistantMessageItem, ITEM, {"status": "completed"}),
        (AssistantMessageItem, ITEM, {"role": "assistant"}),
    ],
)
def test_e06_unknown_fields_are_dropped_without_a_word(
    model: type[BaseModel], fields: dict[str, object], unknown: dict[str, object]
) -> None:
    """The backend is type-checked, as a misspelt field of a page or an event raises nothing."""
    assert model(**fields, **unknown) == model(**fields)
    assert not set(unknown) & set(model(**fields, **unknown).model_dump())


@pytest.mark.parametrize("code", ["stream.error", "custom"])
def test_e07_an_error_event_knows_two_codes(code: str) -> None:
    """`apology` of the backend says in words what went wrong; the code stays one of these."""
    assert ErrorEvent.model_validate({"code": code}).model_dump(mode="json")["code"] == code


def test_e07_an_error_event_refuses_any_other_code() -> None:
    """The backend invents no codes: one would turn an error message into a second error."""
    with pytest.raises(ValidationError):
        ErrorEvent.model_validate({"code": "rate_limit"})


def test_an_answer_is_output_text_and_has_a_time() -> None:
    """The backend stores items as the SDK serialises them, not column by column."""
    with pytest.raises(ValidationError):
        AssistantMessageContent.model_validate({"type": "text", "text": "Hi"})
    with pytest.raises(ValidationError):
        AssistantMessageItem.model_validate({**ITEM, "created_at": None})
