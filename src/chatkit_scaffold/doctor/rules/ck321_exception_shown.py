"""The text of an exception is shown to the user

Names of tables, addresses of services and parts of prompts end up in the chat. ChatKit itself hides
them. Log the exception and raise `CustomStreamError` with words for people.
"""

import ast

from chatkit_scaffold.doctor.rule import WARNING, Finding, Findings, Project

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
    for call in project.python.calls(*SHOWN):
        for handler in call.module.above(call.node):
            if isinstance(handler, ast.ExceptHandler) and handler.name:
                text = call.argument("message", 0)
                told = [n for n in ast.walk(text or call.node) if _tells(n, handler.name)]
                if text is not None and told:
                    message = "The user reads what went wrong inside."
                    yield Finding.at(call.module, told[0], message)


def _tells(node: ast.AST, error: str) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="str" | "repr"), args=[ast.Name(id=name)]):
            return name == error
        case ast.FormattedValue(value=ast.Name(id=name)):
            return name == error
    return False
