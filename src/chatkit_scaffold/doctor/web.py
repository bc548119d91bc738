"""The web side of a backend: its routes, its middleware and where ChatKit is served."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from chatkit_scaffold.doctor.backend import Backend
from chatkit_scaffold.doctor.call import Call
from chatkit_scaffold.doctor.python import Module
from chatkit_scaffold.doctor.syntax import Function, named, scope

VERBS = ("get", "post", "put", "patch", "delete", "options", "api_route", "route", "websocket")
REQUEST_AND_CONTEXT = 2


@dataclass(frozen=True, eq=False)
class Route:
    module: Module
    node: Function
    verb: str
    path: str  # with its router's own prefix


@dataclass(frozen=True, eq=False)
class Endpoint:
    """A call of `server.process` and the function around it."""

    call: Call
    function: Function

    @property
    def module(self) -> Module:
        return self.call.module

    @property
    def dependencies(self) -> list[tuple[str, ast.expr]]:
        """The parameters that FastAPI fills, each with the function or the scheme that it asks."""
        arguments = self.function.args
        late = list(zip(reversed(arguments.args), reversed(arguments.defaults), strict=False))
        given = [(argument.arg, default) for argument, default in late]
        given += [(a.arg, a.annotation) for a in arguments.args if a.annotation is not None]
        return [
            (name, call.args[0])
            for name, value in given
            for call in ast.walk(value)
            if isinstance(call, ast.Call)
            and call.args
            and getattr(call.func, "id", "") in ("Depends", "Security")
        ]


def find_routes(backend: Backend) -> Iterator[Route]:
    for module in backend.modules:
        for function in module.functions:
            for mark in function.decorator_list:
                match mark:
                    case ast.Call(func=ast.Attribute(value=router, attr=verb)) if verb in VERBS:
                        call = backend.call(module, mark)
                        path = backend.values.text(module, call.argument("path", 0))
                        yield Route(module, function, verb, _prefix(backend, module, router) + path)


def _prefix(backend: Backend, module: Module, router: ast.expr) -> str:
    place, made = backend.values.origin(module, router)
    if isinstance(made, ast.Call):
        return backend.values.text(place, backend.call(place, made).argument("prefix"))
    return ""


def find_endpoints(backend: Backend) -> Iterator[Endpoint]:
    """Where the project has a ChatKit server or calls it one: other things have a `process` too."""
    for call in backend.method_calls("process"):
        function = call.module.function_of(call.node)
        given = len(call.node.args) + len(call.keywords)
        if (
            function
            and given == REQUEST_AND_CONTEXT
            and _awaited(call)
            and _is_chatkit(backend, call)
        ):
            yield Endpoint(call, function)


def _is_chatkit(backend: Backend, call: Call) -> bool:
    owner = named(call.node.func)[-2:-1]
    return bool(backend.servers) or (
        "chatkit" in call.module.text and bool(owner) and "server" in owner[0].lower()
    )


def _awaited(call: Call) -> bool:
    return isinstance(call.module.parents.get(call.node), ast.Await)


def find_middleware(backend: Backend, name: str) -> Iterator[Call]:
    """`add_middleware(X, ...)` and `Middleware(X, ...)`, as the call that holds the options."""
    for call in backend.all_calls:
        if call.method == "add_middleware" or call.name.endswith(".Middleware"):
            first = call.node.args[0] if call.node.args else None
            if first and backend.meaning(call.module, first).rpartition(".")[2] == name:
                yield call


def result_names(endpoint: Endpoint) -> set[str]:
    """The variables that hold what `process` answered."""
    awaited = endpoint.module.parents[endpoint.call.node]
    return {
        target.id
        for node in scope(endpoint.function)
        if isinstance(node, ast.Assign) and node.value is awaited
        for target in node.targets
        if isinstance(target, ast.Name)
    }
