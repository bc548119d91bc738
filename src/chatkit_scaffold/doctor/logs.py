"""What goes into a log and is nobody else's business."""

import ast
import re
from collections.abc import Iterator
from itertools import takewhile

from chatkit_scaffold.doctor.python import Module
from chatkit_scaffold.doctor.syntax import Function, named

LOGGERS = ("logger", "logging", "log", "_logger", "LOGGER")
LEVELS = ("debug", "info", "warning", "error", "exception", "critical", "log")
PRIVATE = re.compile(
    r"(raw_|request_)?(body|payload|headers)(_bytes|_json|_dict)?|.*_?token|authorization|api_key|"
    r"(user|base|message|selected|input)_(text|message|content|input|query|prompt)|"
    r"content_preview|transcript",
    re.IGNORECASE,
)
SAID = re.compile(r"part|item|message|msg|input|(input_)?user_message")
COUNTS = ("len", "bool", "type", "hash")


def private_lines(module: Module, function: Function) -> Iterator[ast.Call]:
    """The calls that log what somebody wrote, a token, or a whole request."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and is_log(node) and _tells(module, node):
            yield node


def is_log(call: ast.Call) -> bool:
    parts = named(call.func)
    if parts == ["print"]:
        return True
    return len(parts) > 1 and parts[-1] in LEVELS and parts[-2] in LOGGERS


def sees_everything(function: Function) -> bool:
    """Whether it is a middleware: `@app.middleware("http")`."""
    return any(
        isinstance(mark, ast.Call) and getattr(mark.func, "attr", "") == "middleware"
        for mark in function.decorator_list
    )


def _tells(module: Module, call: ast.Call) -> bool:
    for node in ast.walk(call):
        if not _is_private(node):
            continue
        around = list(takewhile(lambda above: above is not call, module.above(node)))
        if not any(isinstance(a, ast.Compare) or _counts(a) for a in around):
            return True
    return False


def _is_private(node: ast.AST) -> bool:
    match node:
        case ast.Name(id=name):
            return PRIVATE.fullmatch(name) is not None
        case ast.Attribute(value=ast.Name(id=name), attr="text" | "content"):
            return SAID.fullmatch(name) is not None
        case ast.Attribute(value=ast.Name(id="request" | "req"), attr="headers"):
            return True
    return False


def _counts(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) or (
        isinstance(node, ast.Call) and getattr(node.func, "id", "") in COUNTS
    )
