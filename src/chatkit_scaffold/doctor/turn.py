"""A turn of the conversation: where it begins, and what stands for the user's message there."""

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_scaffold.doctor.classes import Class, Method
from chatkit_scaffold.doctor.python import Module

if TYPE_CHECKING:
    from chatkit_scaffold.doctor.backend import Backend


def turns(server: Class) -> Iterator[tuple[Method, str]]:
    """`respond`, and the methods it hands the turn to, each with its name for the message."""
    respond = server.methods.get("respond")
    if not respond or len(respond.parameters) < 2:  # noqa: PLR2004 (thread and the message)
        return
    message = respond.parameters[1]
    if "respond" in server.own:
        yield respond, message
    for node in ast.walk(respond.node):
        match getattr(node, "iter", None):  # async for event in self._turn(thread, message, ...)
            case ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=name), args=given):
                method = server.own.get(name)
                names = [getattr(argument, "id", "") for argument in given]
                if method and message in names and len(names) == len(method.parameters):
                    yield method, method.parameters[names.index(message)]


def asks_for(backend: "Backend", module: Module, test: ast.AST, kind: str, but: str) -> bool:
    """Whether it is an `isinstance(x, kind)`, here or in a function that is asked, of anything
    `but` one name."""
    for node in ast.walk(test):
        if isinstance(node, ast.Call) and but not in map(ast.unparse, node.args):
            place, asked = backend.flow.target(backend.call(module, node)) or (module, node)
            for call in ast.walk(asked):
                match call:
                    case ast.Call(func=ast.Name(id="isinstance"), args=[_, given]):
                        if backend.meaning(place, given) == kind:
                            return True
    return False
