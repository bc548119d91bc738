"""Who the assistant is and what it can do. Start editing here."""

from agents import Agent, Model
from chatkit.agents import AgentContext

from app.identity import User
from app.tools import TOOLS

INSTRUCTIONS = """\
Answer briefly and plainly. Say so when you do not know something, and use a tool when it knows
better than you.
"""


def build_assistant(model: Model, title: str) -> Agent[AgentContext[User]]:
    return Agent(
        name="Assistant",
        instructions=f"You are the assistant of {title}.\n{INSTRUCTIONS}",
        model=model,
        tools=TOOLS,
    )
