"""What may neither reach the model nor leave it: keys and passwords, and our own instructions.

A message that is refused is taken out of the thread, so that no later turn reads it.
"""

import json
import re
from datetime import datetime
from typing import Any

from agents import (
    Agent,
    GuardrailFunctionOutput,
    InputGuardrailTripwireTriggered,
    RunContextWrapper,
    RunResultStreaming,
    TResponseInputItem,
    input_guardrail,
)
from chatkit.agents import AgentContext
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    ThreadItemDoneEvent,
    ThreadItemReplacedEvent,
    UserMessageItem,
    UserMessageTextContent,
)

from app.events import Events
from app.identity import User
from app.server import ChatServer
from app.tools.holding import HELD, Refused, hold_back

# What the assistant must not read, nor say. Add yours here, or to `may_say`.
SECRET = re.compile(
    r"\bsk-[\w-]{16,}|\bgh[pousr]_\w{30,}|\bxox[abp]-[\w-]{10,}|\bAKIA[0-9A-Z]{16}\b"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY|(?i:\bpassword\s*[:=]\s*\S{6,})"
)
SHORTEST_QUOTE = 40  # characters of a line of our instructions

REFUSED = "(removed: it seemed to hold a key or a password)"
PLEASE = "I have not read that: it seems to hold a key or a password. Please ask again without it."
SORRY = "I am sorry, I cannot help with that."


def join(server: ChatServer) -> None:
    server.assistant.input_guardrails = [no_secrets]
    server.stages.append(check)


@input_guardrail(run_in_parallel=False)  # the model and its tools wait for it
def no_secrets(
    context: RunContextWrapper[Any], agent: Agent[Any], input: str | list[TResponseInputItem]
) -> GuardrailFunctionOutput:
    return GuardrailFunctionOutput(None, tripwire_triggered=bool(SECRET.search(newest(input))))


def newest(input: str | list[TResponseInputItem]) -> str:
    """What was said since the last answer, with all that is attached to it."""
    if isinstance(input, str):
        return input
    said = []
    for item in reversed(input):
        if item.get("role") != "user":
            break
        said.append(json.dumps(item, ensure_ascii=False))
    return "\n".join(said)


def may_say(text: str, agent: Agent[Any]) -> bool:
    rules = [line.strip()[:HELD] for line in str(agent.instructions).splitlines()]
    told = any(line in text for line in rules if len(line) >= SHORTEST_QUOTE)
    return not told and not SECRET.search(text)


async def check(events: Events, result: RunResultStreaming) -> Events:
    chat: AgentContext[User] = result.context_wrapper.context
    try:
        async for event in hold_back(events, lambda text: may_say(text, result.last_agent)):
            yield event
    except Refused:
        yield say(chat, SORRY)
    except InputGuardrailTripwireTriggered:
        page = await chat.store.load_thread_items(
            chat.thread.id, None, 1, "desc", chat.request_context
        )
        for item in page.data:
            if isinstance(item, UserMessageItem):
                chat.thread.title = chat.thread.title or "Removed"  # not the words of the message
                content = [UserMessageTextContent(text=REFUSED)]
                blank = {"content": content, "quoted_text": None, "attachments": []}
                yield ThreadItemReplacedEvent(item=item.model_copy(update=blank))
        yield say(chat, PLEASE)


def say(chat: AgentContext[User], text: str) -> ThreadItemDoneEvent:
    return ThreadItemDoneEvent(
        item=AssistantMessageItem(
            id=chat.generate_id("message"),
            thread_id=chat.thread.id,
            created_at=datetime.now(),
            content=[AssistantMessageContent(text=text)],
        )
    )
