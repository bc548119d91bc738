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
                told = _told(text, handler) if text is not None else []
                if told:
                    message = "The user reads what went wrong inside."
                    yield Finding.at(call.module, told[0], message)


def _told(text: ast.expr, handler: ast.ExceptHandler) -> list[ast.AST]:
    """Where the exception's own words are, in the text or in what its variables were set to."""
    names = {node.id for node in ast.walk(text) if isinstance(node, ast.Name)}
    sources: list[ast.AST] = [text]
    for node in ast.walk(handler):
        if (
            isinstance(node, ast.Assign)
            and {ast.unparse(target) for target in node.targets} & names
        ):
            sources.append(node.value)
    error = handler.name or ""
    return [node for source in sources for node in ast.walk(source) if _tells(node, error)]


def _tells(node: ast.AST, error: str) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="str" | "repr"), args=[ast.Name(id=name)]):
            return name == error
        case ast.FormattedValue(value=ast.Name(id=name)):
            return name == error
    return False
