"""What a project says when something went wrong, and whether it tells what that was."""

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_scaffold.doctor.call import Call
from chatkit_scaffold.doctor.python import Module

if TYPE_CHECKING:
    from chatkit_scaffold.doctor.backend import Backend

MESSAGE = "chatkit.AssistantMessageItem"
FAILED = re.compile(r"\W*error\b", re.IGNORECASE)


def apologies(backend: "Backend") -> Iterator[tuple[Call, ast.ExceptHandler | None]]:
    """What makes an error a message of the assistant: such a message in a handler or with an
    error for a text, or the call of a function for messages with a text for it."""
    for message in backend.calls(MESSAGE):
        handler = handler_of(message.module, message.node)
        if handler or any(map(_is_failure, ast.walk(message.node))):
            yield message, handler
        for call in backend.flow.callers(message.module.function_of(message.node)):
            given = [*call.node.args, *(word.value for word in call.node.keywords)]
            if any(isinstance(g, ast.JoinedStr) or _is_text(g) for g in given):
                caught = handler_of(call.module, call.node)
                if caught:
                    yield call, caught


def handler_of(module: Module, node: ast.AST) -> ast.ExceptHandler | None:
    """The handler around it. A guardrail that speaks up is no failure."""
    for above in module.above(node):
        if isinstance(above, ast.ExceptHandler):
            planned = above.type is not None and "Guardrail" in ast.unparse(above.type)
            return None if planned else above
    return None


def told(text: ast.AST, handler: ast.ExceptHandler) -> list[ast.AST]:
    """Where the exception's own words are, in a text or in what its variables were set to."""
    names = {node.id for node in ast.walk(text) if isinstance(node, ast.Name)}
    sources = [text]
    for node in ast.walk(handler):
        if isinstance(node, ast.Assign) and {ast.unparse(t) for t in node.targets} & names:
            sources.append(node.value)
    return [n for source in sources for n in ast.walk(source) if _tells(n, handler.name)]


def _tells(node: ast.AST, error: str | None) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="str" | "repr"), args=[ast.Name(id=name)]):
            return name == error
        case ast.FormattedValue(value=ast.Name(id=name)):
            return name == error
        case ast.Call(func=ast.Attribute(value=ast.Name(id="traceback"), attr="format_exc")):
            return True
    return False


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_failure(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and (
        isinstance(node.value, str) and FAILED.match(node.value) is not None
    )
