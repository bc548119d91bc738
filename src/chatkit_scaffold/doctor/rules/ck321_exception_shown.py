"""The text of an exception is shown to the user

Names of tables, addresses of services and parts of prompts end up in the chat. ChatKit itself hides
them. Log the exception and raise `CustomStreamError` with words for people.
"""

from chatkit_scaffold.doctor.rule import (
    WARNING,
    Finding,
    Findings,
    Project,
    apologies,
    handler_of,
    told,
)

SEVERITY = WARNING
SHOWN = ("chatkit.ErrorEvent", "chatkit.CustomStreamError", "chatkit.NoticeEvent")
WRONG = {
    "app/server.py": """
from chatkit.errors import CustomStreamError


async def guarded(events):
    try:
        async for event in events:
            yield event
    except Exception as error:
        raise CustomStreamError(f"It failed: {error}") from error
"""
}
RIGHT = {
    "app/server.py": """
import logging

from chatkit.errors import CustomStreamError


async def guarded(events):
    try:
        async for event in events:
            yield event
    except Exception as error:
        logging.exception("The turn failed: %s", error)
        raise CustomStreamError("The assistant is not available. Try again.") from error
"""
}


def check(project: Project) -> Findings:
    said = [(call, handler) for call, handler in apologies(project.python) if handler]
    for call in project.python.calls(*SHOWN):
        if handler := handler_of(call.module, call.node):
            said.append((call, handler))
    for call, handler in said:
        text = call.argument("message", 0) if call.name in SHOWN else call.node
        words = told(text, handler) if text is not None else []
        if words:
            yield Finding.at(call.module, words[0], "The user reads what went wrong inside.")
