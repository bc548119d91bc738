"""Which function calls which, as far as it can be seen."""

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_scaffold.doctor.call import Call
from chatkit_scaffold.doctor.python import Module
from chatkit_scaffold.doctor.syntax import Function

if TYPE_CHECKING:
    from chatkit_scaffold.doctor.backend import Backend

MAX_DEPTH = 3
Place = tuple[Module, Function]


class Flow:
    def __init__(self, backend: "Backend") -> None:
        self._backend = backend
        self._inside: dict[Module, dict[ast.AST, list[Call]]] = {}

    def calls(self, module: Module, function: ast.AST) -> list[Call]:
        """The calls written in a function, those in its inner functions too."""
        if module not in self._inside:
            inside: dict[ast.AST, list[Call]] = self._inside.setdefault(module, {})
            for node in module.all(ast.Call):
                for around in module.above(node):
                    if isinstance(around, Function | ast.Module):
                        inside.setdefault(around, []).append(self._backend.call(module, node))
        return self._inside[module].get(function, [])

    def target(self, call: Call) -> Place | None:
        """The function of the project that is called."""
        names = self._backend.names
        match call.node.func:
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name):
                around = self._backend.class_at(call.module, call.node)
                method = around.methods.get(name) if around else None
                return (method.module, method.node) if method else None
            case ast.Attribute(value=owner, attr=name):
                place = names.meaning(call.module, owner)
                if place.module and isinstance(place.node, ast.Module):
                    found = names.bound(place.module).get(name)
                    return (place.module, found) if isinstance(found, Function) else None
        meaning = names.meaning(call.module, call.node.func)
        if meaning.module and isinstance(meaning.node, Function):
            return meaning.module, meaning.node
        return None

    def reached(self, module: Module, function: Function) -> Iterator[Place]:
        """A function and the project's own functions that it calls, directly or through others."""
        seen: set[Function] = {function}
        front: list[Place] = [(module, function)]
        for _ in range(MAX_DEPTH):
            yield from front
            further: list[Place] = []
            for here, outer in front:
                for call in self.calls(here, outer):
                    place = self.target(call)
                    if place and place[1] not in seen:
                        seen.add(place[1])
                        further.append(place)
            front = further

    def callers(self, function: Function | None) -> list[Call]:
        if function is None:
            return []
        return [call for call in self._backend.all_calls if self._is(call, function)]

    def _is(self, call: Call, function: Function) -> bool:
        func = call.node.func
        last = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
        place = self.target(call) if last == function.name else None
        return place is not None and place[1] is function

    def leads_to(self, module: Module, function: Function | None, *wanted: str) -> bool:
        """Whether it calls one of these, by their name or as a method, directly or not.

        Without a function: whether the module does."""
        places = self.reached(module, function) if function else [(module, module.tree)]
        return any(
            call.name in wanted or call.method in wanted
            for here, inner in places
            for call in self.calls(here, inner)
        )
