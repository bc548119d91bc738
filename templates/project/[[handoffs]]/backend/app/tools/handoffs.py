"""The assistant as a triage: it answers itself, or hands over to the specialist who fits.

Every message begins with the triage again, and a specialist has no tools but those given here.
"""

from typing import Any

from agents import Agent, AgentHooks, RunContextWrapper
from agents.extensions.handoff_prompt import RECOMMENDED_PROMPT_PREFIX
from chatkit.agents import AgentContext
from chatkit.types import ProgressUpdateEvent

from app.identity import User
from app.server import ChatServer

# For each specialist: when to hand over to it, and what it is told.
SPECIALISTS = {
    "Writer": (
        "Writes and improves texts: letters, posts, summaries.",
        "You write for the user. Give the text itself, without a preface, in the tone asked for.",
    ),
    "Planner": (
        "Makes plans: steps, times, priorities.",
        "You plan with the user. Answer with a short numbered list, and what could go wrong.",
    ),
}
TRIAGE = "Hand over to a specialist when one fits the request, and answer yourself otherwise."


def join(server: ChatServer) -> None:
    triage = server.assistant
    triage.instructions = f"{RECOMMENDED_PROMPT_PREFIX}\n{triage.instructions}\n{TRIAGE}"
    triage.hooks = Announcement()
    triage.handoffs = [
        Agent[AgentContext[User]](
            name=name,
            handoff_description=when,
            instructions=f"{RECOMMENDED_PROMPT_PREFIX}\n{instructions}",
            model=server.model,
        )
        for name, (when, instructions) in SPECIALISTS.items()
    ]


class Announcement(AgentHooks[AgentContext[User]]):
    async def on_handoff(
        self, context: RunContextWrapper[AgentContext[User]], agent: Agent[Any], source: Agent[Any]
    ) -> None:
        text = f"{agent.name} takes over"
        await context.context.stream(ProgressUpdateEvent(icon="user", text=text))
