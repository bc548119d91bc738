"""A call in Python, and what it calls."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from chatkit_scaffold.doctor.python import Module


@dataclass(frozen=True, eq=False)
class Call:
    """A call, and what it calls: `agents.Runner.run_streamed`, or nothing when nobody can tell."""

    module: Module
    node: ast.Call
    name: str

    @property
    def method(self) -> str:
        return self.node.func.attr if isinstance(self.node.func, ast.Attribute) else ""

    @property
    def keywords(self) -> dict[str, ast.expr]:
        return {word.arg: word.value for word in self.node.keywords if word.arg}

    @property
    def is_open(self) -> bool:
        """Whether it passes on arguments that cannot be seen here."""
        spread = any(isinstance(argument, ast.Starred) for argument in self.node.args)
        return spread or any(word.arg is None for word in self.node.keywords)

    def argument(self, name: str, position: int | None = None) -> ast.expr | None:
        if name in self.keywords:
            return self.keywords[name]
        arguments = self.node.args
        if position is None or position >= len(arguments):
            return None
        before = arguments[: position + 1]
        return None if any(isinstance(a, ast.Starred) for a in before) else arguments[position]


def by_name(calls: Iterable[Call]) -> dict[str, list[Call]]:
    """Each under what it calls, `agents.Agent`, and under its method, `.process`."""
    found: dict[str, list[Call]] = {}
    for call in calls:
        for name in (call.name, f".{call.method}"):
            found.setdefault(name, []).append(call)
    return found
