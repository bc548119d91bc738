"""What a model is given to read: more than the last message, or surely nothing else."""

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_scaffold.doctor.classes import Method
from chatkit_scaffold.doctor.syntax import scope

if TYPE_CHECKING:
    from chatkit_scaffold.doctor.backend import Backend

GROWS = ("append", "extend", "insert")
LIMIT = 2  # of load_thread_items, by position


def is_all(backend: "Backend", method: Method, message: str, given: ast.expr) -> bool:
    """Whether it is made of the message and of nothing that could hold the rest."""
    feed = _Feed(backend, method, message)
    return feed.is_plain(given, grows=False) and feed.reached


class _Feed:
    def __init__(self, backend: "Backend", method: Method, message: str) -> None:
        self._backend = backend
        self._module = method.module
        self._message = message
        self._others = {"self", *method.parameters} - {message}
        self._nodes = scope(method.node)
        self._seen: set[str] = set()
        self.reached = False  # the message is in it

    def is_plain(self, node: ast.AST, *, grows: bool) -> bool:
        match node:
            case ast.Name(id=name):
                return self._is_plain_name(node, name, grows=grows)
            case ast.Attribute(value=ast.Name(id="self")):
                return self._backend.values.constant(self._module, node) is not None
            case ast.Call():
                return self._is_plain_call(node, grows=grows)
        return all(self.is_plain(child, grows=grows) for child in ast.iter_child_nodes(node))

    def _is_plain_call(self, call: ast.Call, *, grows: bool) -> bool:
        if getattr(call.func, "attr", "") == "load_thread_items":
            limit = self._backend.call(self._module, call).argument("limit", LIMIT)
            return self._backend.values.constant(self._module, limit) == 1
        parts = [*call.args, *(word.value for word in call.keywords)]
        # A function that gets nothing of the thread cannot know what was said in it.
        if isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") != "self":
            parts.append(call.func.value)
        return all(self.is_plain(part, grows=grows) for part in parts)

    def _is_plain_name(self, node: ast.Name, name: str, *, grows: bool) -> bool:
        if name == self._message:
            self.reached = True
            return True
        if name in self._others:
            return False
        if name in self._seen:
            return True
        self._seen.add(name)
        written = list(self._written(name, grows=grows))
        if not written:
            known = name.isupper() or self._backend.values.constant(self._module, node) is not None
            return known or not self._is_variable(node)
        return all(self.is_plain(value, grows=more) for value, more in written)

    def _is_variable(self, node: ast.Name) -> bool:
        meaning = self._backend.names.meaning(self._module, node)
        return isinstance(meaning.node, ast.Assign | ast.AnnAssign)

    def _written(self, name: str, *, grows: bool) -> Iterator[tuple[ast.AST, bool]]:
        """What a variable is made of. What it gets in a loop, once each time, is one thing only,
        unless it grows."""
        for node in self._nodes:
            match node:
                case ast.Assign(targets=targets, value=value):
                    if any(_names(target, name) for target in targets):
                        yield value, grows or _names(value, name)
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    if _names(target, name):
                        yield value, grows
                case ast.AugAssign(target=target, value=value):
                    if _names(target, name):
                        yield value, True
                case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=how), args=given):
                    if owner == name and how in GROWS:
                        yield from ((value, True) for value in given)
                case (
                    ast.For(target=target, iter=several) | ast.AsyncFor(target=target, iter=several)
                ):
                    if _names(target, name):
                        self.reached |= _names(several, self._message)
                        yield (several if grows else ast.Constant(None)), grows


def _names(node: ast.AST, name: str) -> bool:
    return any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(node))
