"""All that an expression may turn out to be, as far as that is written down, and for whom."""

import ast
from collections.abc import Iterator

from chatkit_scaffold.doctor.backend import Backend
from chatkit_scaffold.doctor.python import Module
from chatkit_scaffold.doctor.syntax import Function, scope
from chatkit_scaffold.doctor.values import GETENV

MAX_STEPS = 6
Place = tuple[Module, ast.expr]


def alternatives(
    backend: Backend, module: Module, value: ast.expr, steps: int = 0
) -> Iterator[Place]:
    further = list(_further(backend, module, value, steps)) if steps < MAX_STEPS else []
    if not further:
        yield module, value
    for place, one in further:
        yield from alternatives(backend, place, one, steps + 1)


def is_shared(backend: Backend, module: Module, value: ast.expr) -> bool:
    """A word in the code, or what belongs to the process and not to a request."""
    if isinstance(value, ast.Constant):
        return bool(value.value)
    if isinstance(value, ast.Call):
        return backend.names.meaning(module, value.func).name in GETENV
    while isinstance(value, ast.Attribute | ast.Subscript):
        value = value.value
    function = module.function_of(value)
    inside = [n for n in ast.walk(function) if isinstance(n, ast.arg)] if function else []
    local = [n for n in (scope(function) if function else ()) if isinstance(n, ast.Name)]
    bound = {n.arg for n in inside} | {n.id for n in local if isinstance(n.ctx, ast.Store)}
    return isinstance(value, ast.Name) and value.id not in bound


def _further(backend: Backend, module: Module, value: ast.expr, steps: int) -> Iterator[Place]:
    match value:
        case ast.BoolOp(values=choices):
            yield from ((module, choice) for choice in choices)
        case ast.IfExp(body=one, orelse=other):
            yield from ((module, one), (module, other))
        case ast.Await(value=inner) | ast.Call(func=ast.Name(id="str"), args=[inner]):
            yield module, inner
        case ast.Call(func=ast.Attribute(value=owner, attr="get"), args=[key, *defaults]):
            yield from _entries(backend, module, owner, getattr(key, "value", None), steps)
            yield from ((module, default) for default in defaults)
        case ast.Subscript(value=owner, slice=ast.Constant(value=key)):
            yield from _entries(backend, module, owner, key, steps)
        case ast.Attribute(value=owner, attr=key):
            yield from _entries(backend, module, owner, key, steps)
        case ast.Call(func=ast.Name(id="getattr"), args=[_, _, default]):
            yield module, default
        case ast.Call(func=ast.Name(id="Header" | "Query" | "Cookie"), args=given, keywords=words):
            yield from ((module, one) for one in given)
            yield from ((module, word.value) for word in words if word.arg == "default")
        case ast.Call(func=ast.Name(id="Depends" | "Security"), args=[function, *_]):
            yield from _answers(backend, module, function)
        case ast.Call(func=function):
            yield from _answers(backend, module, function)
        case ast.Name(id=name):
            yield from _assigned(backend, module, value, name)


def _entries(
    backend: Backend, module: Module, owner: ast.expr, key: object, steps: int
) -> Iterator[Place]:
    """What was put under a key or into a field where the owner of it was made."""
    for place, made in alternatives(backend, module, owner, steps + 1):
        match made:
            case ast.Dict(keys=keys, values=values):
                named = zip(keys, values, strict=True)
                yield from ((place, v) for k, v in named if getattr(k, "value", None) == key)
            case ast.Call(keywords=words):
                yield from ((place, word.value) for word in words if word.arg == key)


def _answers(backend: Backend, module: Module, function: ast.expr) -> Iterator[Place]:
    meaning = backend.names.meaning(module, function)
    if meaning.module and isinstance(meaning.node, Function):
        for node in scope(meaning.node):
            if isinstance(node, ast.Return) and node.value:
                yield meaning.module, node.value


def _assigned(backend: Backend, module: Module, node: ast.expr, name: str) -> Iterator[Place]:
    """In the function around it, by its parameters, or once in a module."""
    function = module.function_of(node)
    if function:
        inside = [
            n.value
            for n in scope(function)
            if isinstance(n, ast.Assign | ast.AnnAssign | ast.NamedExpr) and n.value
            for target in (n.targets if isinstance(n, ast.Assign) else [n.target])
            if isinstance(target, ast.Name) and target.id == name
        ]
        given = function.args
        listed = [*given.posonlyargs, *given.args]
        late = [*zip(reversed(listed), reversed(given.defaults), strict=False)]
        late += [(a, d) for a, d in zip(given.kwonlyargs, given.kw_defaults, strict=True) if d]
        inside += [default for argument, default in late if argument.arg == name]
        inside += [
            call
            for argument in [*listed, *given.kwonlyargs]
            if argument.arg == name and argument.annotation
            for call in ast.walk(argument.annotation)
            if isinstance(call, ast.Call)
        ]
        if inside or name in [argument.arg for argument in [*listed, *given.kwonlyargs]]:
            yield from ((module, value) for value in inside)
            return
    origin = backend.values.origin(module, node)
    if origin[1] is not node:
        yield origin
