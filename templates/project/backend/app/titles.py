"""What a thread is called: the first words of its first message, or what the model makes of it."""

import logging
from typing import Any

from agents import Agent, Runner
from chatkit.types import UserMessageItem, UserMessageTextContent

from app.llm import RUN_CONFIG

MAX_TITLE = 60
INSTRUCTIONS = "Name the conversation that begins with this message. Two to five words, no quotes."

logger = logging.getLogger(__name__)


def first_words(message: UserMessageItem) -> str:
    return " ".join(text_of(message).split())[:MAX_TITLE] or "New chat"


async def ask_for_title(assistant: Agent[Any], message: UserMessageItem) -> str | None:
    """Nothing, when there is no text or the model fails: the first words stay."""
    if not text_of(message).strip():
        return None
    # Its model and its guardrails, and nothing that it can do.
    agent = assistant.clone(instructions=INSTRUCTIONS, tools=[], handoffs=[], mcp_servers=[])
    try:
        result = await Runner.run(agent, text_of(message), run_config=RUN_CONFIG, max_turns=1)
    except Exception:
        logger.exception("The model gave no title")
        return None
    return " ".join(str(result.final_output).split())[:MAX_TITLE] or None


def text_of(message: UserMessageItem) -> str:
    return " ".join(p.text for p in message.content if isinstance(p, UserMessageTextContent))
