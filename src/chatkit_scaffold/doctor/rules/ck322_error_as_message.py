"""An error is stored as something the assistant said

The apology becomes part of the conversation: the model reads it in the next turn and goes on
apologising, and people find it in their history. Raise `CustomStreamError`: the user sees it, and
nothing is stored.
"""

from chatkit_scaffold.doctor.rule import WARNING, Finding, Findings, Project, apologies

SEVERITY = WARNING
WRONG = {
    "app/server.py": """
from chatkit.types import AssistantMessageItem, ThreadItemDoneEvent


async def guarded(events, thread, now):
    try:
        async for event in events:
            yield event
    except Exception:
        content = [{"type": "output_text", "text": "Sorry, something went wrong."}]
        yield ThreadItemDoneEvent(
            item=AssistantMessageItem(
                id="msg_error", thread_id=thread.id, created_at=now, content=content
            )
        )
"""
}
RIGHT = {
    "app/server.py": """
from chatkit.errors import CustomStreamError


async def guarded(events):
    try:
        async for event in events:
            yield event
    except Exception as error:
        raise CustomStreamError("Sorry, something went wrong.") from error
"""
}


def check(project: Project) -> Findings:
    for call, _ in apologies(project.python):
        message = "The model reads this apology in every later turn as its own words."
        yield Finding.at(call.module, call.node, message)
