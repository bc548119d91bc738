"""Where the servers of a backend get their store from."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from chatkit_scaffold.doctor.call import Call
from chatkit_scaffold.doctor.classes import Class, Method
from chatkit_scaffold.doctor.obstacles import obstacles
from chatkit_scaffold.doctor.project import Project
from chatkit_scaffold.doctor.python import Module

Place = tuple[Module, ast.expr]


@dataclass(frozen=True)
class Wiring:
    module: Module  # where the store is made; if nobody can tell, where a server is
    call: ast.Call | None  # what makes it, if it is one call
    store: Class | None  # what is made
    obstacles: tuple[str, ...]  # why it cannot be another one


def find_wiring(project: Project) -> Wiring | None:
    """Nothing, where there is no server of ChatKit."""
    servers = _servers(project)
    if not servers:
        return None
    places = {node: module for s in servers for module, node in _sources(project, s, "store", 0)}
    if len(places) != 1:
        stores = [_shown(module, node) for node, module in places.items()]
        problem = (
            f"There are several stores, at {' and '.join(stores)}, whose threads one would mix; "
            "--project may name the folder of one."
            if stores
            else f"It cannot be seen where {servers[0].name} gets its store."
        )
        return Wiring(servers[0].module, None, None, (problem,))
    [(node, module)] = places.items()
    store = _made(project, module, node)
    if store is None or not isinstance(node, ast.Call):
        problem = f"{_shown(module, node)} is no store of this project that is made right there."
        return Wiring(module, None, None, (problem,))
    problems = list(obstacles(project, module, node, store))
    for server in servers:
        files = [found for _, found in _sources(project, server, "attachment_store", 1)]
        if node in files:
            problems.append(f"{_shown(module, node)} keeps the attachments of {server.name}, too.")
    return Wiring(module, node, store, tuple(problems))


def _servers(project: Project) -> list[Class]:
    """Those that are made: not the snippets in documents, nor what others inherit from."""
    servers = [s for s in project.python.servers if s.node in s.module.all(ast.ClassDef)]
    bases = {name for server in servers for name in server.ancestors}
    return [s for s in servers if f"{s.module.path}:{s.name}" not in bases]


def _sources(project: Project, server: Class, word: str, position: int) -> Iterator[Place]:
    """What may be the argument of the SDK's own constructor, as far back as it can be followed."""
    backend = project.python
    start = server.methods.get("__init__")
    if start is None:
        for call in _makings(project, server):
            if (given := call.argument(word, position)) is not None:
                yield from _origins(project, server, call.module, given)
        return
    for call in backend.flow.calls(start.module, start.node):
        if call.method == "__init__":
            by_super = isinstance(getattr(call.node.func, "value", None), ast.Call)
            given = call.argument(word, position + (not by_super))
            if given is not None:
                yield from _origins(project, server, start.module, given)


def _origins(
    project: Project,
    server: Class,
    module: Module,
    given: ast.expr,
    seen: frozenset[ast.expr] = frozenset(),
) -> Iterator[Place]:
    place, found = project.python.values.origin(module, given)
    module, found = (module, given) if found in seen else (place, found)  # store = store or ...
    start = server.methods.get("__init__")
    match found:
        case ast.Constant(value=None):
            return
        case ast.BoolOp(op=ast.Or(), values=choices):
            pass
        case ast.IfExp(body=one, orelse=other):
            choices = [one, other]
        case ast.Name(id=name) if start and module.function_of(found) is start.node:
            yield from _passed(project, server, start, name)
            return
        case _:
            choices = []
    for choice in choices:
        yield from _origins(project, server, module, choice, seen | {found})
    if not choices:
        yield module, found


def _passed(project: Project, server: Class, start: Method, name: str) -> Iterator[Place]:
    """What a parameter is where the server is made, or its default."""
    given = start.node.args
    late = list(zip(reversed(start.parameters), reversed(given.defaults), strict=False))
    alone = zip([a.arg for a in given.kwonlyargs], given.kw_defaults, strict=True)
    default = dict([*late, *alone]).get(name)
    position = start.parameters.index(name) if name in start.parameters else None
    for call in _makings(project, server):
        argument = call.argument(name, position)
        if argument is not None:
            yield from _origins(project, server, call.module, argument)
        elif default is not None:
            yield from _origins(project, server, start.module, default)


def _makings(project: Project, server: Class) -> Iterator[Call]:
    names = project.python.names
    for call in project.python.all_calls:
        last = getattr(call.node.func, "id", getattr(call.node.func, "attr", ""))
        if last and names.meaning(call.module, call.node.func).node is server.node:
            yield call


def _made(project: Project, module: Module, node: ast.expr) -> Class | None:
    if not isinstance(node, ast.Call):
        return None
    made = project.python.names.meaning(module, node.func).node
    return next((store for store in project.python.stores if store.node is made), None)


def _shown(module: Module, node: ast.expr) -> str:
    return f"{module.path}:{node.lineno} ({module.source(node)})"
