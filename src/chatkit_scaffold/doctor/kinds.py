"""Of what class a value is, by what made it or by how it is annotated."""

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_scaffold.doctor.python import Module
from chatkit_scaffold.doctor.syntax import Function

if TYPE_CHECKING:
    from chatkit_scaffold.doctor.backend import Backend


def kind(backend: "Backend", module: Module, value: ast.expr) -> str:
    """`sqlalchemy.Session`; empty when nothing says so."""
    place, made = backend.values.origin(module, value)
    if isinstance(made, ast.Call):
        return _of_call(backend, place, made)
    for hint_place, hint in _hints(backend, place, made):
        return _meant(backend, hint_place, hint)
    return ""


def chain(value: ast.expr) -> Iterator[ast.expr]:
    """`a.b().c`, `a.b()`, `a.b`, `a`: what a call is made on, and what that was got from."""
    while True:
        yield value
        match value:
            case ast.Attribute(value=inner) | ast.Call(func=ast.Attribute(value=inner)):
                value = inner
            case _:
                return


def _of_call(backend: "Backend", module: Module, call: ast.Call) -> str:
    called = backend.call(module, call)
    target = backend.flow.target(called)
    if target:
        place, function = target
        return _meant(backend, place, function.returns) if function.returns else ""
    if called.name:
        return called.name
    # `self.make()`, where `make` was given as a Callable[[], Session]
    place, origin = backend.values.origin(module, call.func)
    for hint_place, hint in _hints(backend, place, origin):
        match hint:
            case ast.Subscript(slice=ast.Tuple(elts=[*_, result])):
                return _meant(backend, hint_place, result)
            case ast.BinOp(left=ast.Subscript(slice=ast.Tuple(elts=[*_, result]))):
                return _meant(backend, hint_place, result)
    return backend.values.made_by(module, call.func)


def _hints(
    backend: "Backend", module: Module, value: ast.expr
) -> Iterator[tuple[Module, ast.expr]]:
    """The annotation of a parameter, or of a property of the class around it."""
    function = module.function_of(value)
    match value:
        case ast.Name(id=name) if function:
            given = function.args
            for argument in [*given.posonlyargs, *given.args, *given.kwonlyargs]:
                if argument.arg == name and argument.annotation is not None:
                    yield module, argument.annotation
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            around = backend.class_at(module, value)
            method = around.methods.get(name) if around else None
            if method and isinstance(method.node, Function) and method.node.returns is not None:
                yield method.module, method.node.returns


def _meant(backend: "Backend", module: Module, hint: ast.expr) -> str:
    """The class that an annotation names, `None` beside it aside."""
    match hint:
        case ast.BinOp(left=left, right=ast.Constant(value=None)):
            return _meant(backend, module, left)
        case ast.Subscript(value=ast.Name(id="Optional"), slice=inner):
            return _meant(backend, module, inner)
    return backend.meaning(module, hint)
