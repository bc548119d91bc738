"""From thread items to what a model reads."""

import asyncio

import pytest
from agents import Agent
from agents.exceptions import UserError
from agents.models.chatcmpl_converter import Converter
from chatkit.agents import AgentContext, ThreadItemConverter
from chatkit.types import HiddenContextItem, UserMessageTagContent

from tests.facts.items import NOW, THREAD, assistant, attachment, browser_call, user, workflow
from tests.facts.provider import Provider, model_of, say
from tests.facts.server import AgentServer, Event, PlainText, ask
from tests.facts.store import DictStore


def two_turns(provider: Provider, converter: ThreadItemConverter) -> list[Event]:
    agent = Agent[AgentContext[None]]("assistant", model=model_of(provider))
    server = AgentServer(DictStore(), agent, converter=converter)

    async def run() -> list[Event]:
        assert (await ask(server, "one"))[-1]["type"] == "thread.item.done"
        return await ask(server, "two")

    return asyncio.run(run())


def test_fact_01_the_default_conversion_fails_in_the_second_turn(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The backend converts answers itself: with the SDK's way each second message is an error."""
    provider = Provider([say("First.")])
    events = two_turns(provider, ThreadItemConverter())
    assert events[-1]["type"] == "error"
    assert len(provider.requests) == 1
    assert "Unknown content" in caplog.text


def test_fact_01_the_chat_completions_converter_refuses_output_text() -> None:
    """`HistoryConverter` of the backend avoids the one part that both SDKs disagree about."""
    items = asyncio.run(ThreadItemConverter().to_agent_input([assistant("msg_1")]))
    with pytest.raises(UserError, match="output_text"):
        Converter.items_to_messages(items)


def test_fact_01_an_answer_as_plain_text_reaches_the_provider() -> None:
    """`HistoryConverter` of the backend hands an earlier answer on as one string."""
    provider = Provider([say("First."), say("Second.")])
    assert two_turns(provider, PlainText())[-1]["type"] == "thread.item.done"
    (_, again) = provider.requests
    assert [m["role"] for m in again["messages"]] == ["user", "assistant", "user"]
    assert again["messages"][1]["content"] == "First."


def test_fact_05_nothing_is_left_out_or_turned_round_by_the_conversion() -> None:
    """The backend bounds its history itself, and puts the oldest item first."""
    items = [user(f"msg_{n:02}") for n in range(60)]
    converted = Converter.items_to_messages(asyncio.run(PlainText().to_agent_input(items)))
    assert [m["content"][0]["text"] for m in converted] == [i.id for i in items]  # type: ignore[index]


def test_a_call_to_the_browser_is_told_only_with_its_output() -> None:
    """The backend needs no filter for calls that nobody answered."""
    open_call, answered = browser_call("tc_1"), browser_call("tc_2")
    answered.status, answered.output = "completed", {"n": 1}
    converted = asyncio.run(PlainText().to_agent_input([open_call, answered]))
    assert [item.get("type") for item in converted] == ["function_call", "function_call_output"]


def test_tags_have_no_conversion_by_default() -> None:
    """`HistoryConverter` of the backend writes its own, or one tag would spoil its thread."""
    tag = UserMessageTagContent(id="doc", text="Plan", data={})
    with pytest.raises(NotImplementedError):
        asyncio.run(PlainText().to_agent_input([user("msg_1", tag)]))


def test_hidden_context_that_is_no_text_has_no_conversion_by_default() -> None:
    """`HistoryConverter` of the backend turns its memory of tools into calls and outputs."""
    item = HiddenContextItem(id="hid_1", thread_id=THREAD, created_at=NOW, content={"n": 1})
    with pytest.raises(NotImplementedError):
        asyncio.run(PlainText().to_agent_input([item]))


def test_tasks_of_a_workflow_are_told_as_messages_of_the_user() -> None:
    """`HistoryConverter` of the backend leaves workflows out: users never said that."""
    (told,) = asyncio.run(PlainText().to_agent_input([workflow("wf_1")]))
    assert told.get("role") == "user"


def test_a_quote_is_dropped_once_another_item_follows() -> None:
    """`HistoryConverter` of the backend treats every message as the last, for the quote's sake."""
    item = user("msg_1")
    item.quoted_text = "the small print"
    alone = asyncio.run(PlainText().to_agent_input([item]))
    followed = asyncio.run(PlainText().to_agent_input([item, assistant("msg_2")]))
    assert "the small print" in str(alone)
    assert "the small print" not in str(followed)


def test_attachments_have_no_conversion_by_default() -> None:
    """`HistoryConverter` of the backend names the file, or one would spoil its thread."""
    item = user("msg_1")
    item.attachments = [attachment("atc_1")]
    with pytest.raises(NotImplementedError):
        asyncio.run(PlainText().to_agent_input([item]))
