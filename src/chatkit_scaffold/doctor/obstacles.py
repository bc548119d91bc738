"""What speaks against replacing a store by another one."""

import ast
from collections.abc import Iterator

from chatkit_scaffold.doctor.classes import Class
from chatkit_scaffold.doctor.project import Project
from chatkit_scaffold.doctor.python import Module
from chatkit_scaffold.doctor.retention import forgets
from chatkit_scaffold.doctor.syntax import Function, named, walk


def obstacles(project: Project, module: Module, call: ast.Call, store: Class) -> Iterator[str]:
    given = [*call.args, *(word.value for word in call.keywords)]
    if not all(isinstance(one, ast.Constant) for one in given) or not forgets(project, store):
        yield (
            f"{store.name} ({module.path}:{call.lineno}) may keep conversations of its own, "
            "which are not moved to another store."
        )
    yield from _other_uses(project, module, call, store)
    for other, node in references(project, store):
        if any(_is_check(other, around) for around in _around(other, node)):
            yield f"{other.path}:{node.lineno} takes a {store.name} and nothing else."


def references(project: Project, store: Class) -> Iterator[tuple[Module, ast.expr]]:
    for module in project.python.modules:
        names: list[ast.expr] = [*module.all(ast.Name), *module.all(ast.Attribute)]
        for node in names if store.name in module.text else []:
            if project.python.names.meaning(module, node).node is store.node:
                yield module, node


def _other_uses(project: Project, module: Module, call: ast.Call, store: Class) -> Iterator[str]:
    """Of its attributes and methods that no other store has."""
    held = {
        named(target)[-1]
        for node in walk(store.node)
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if named(target)
    }
    own = (held | store.methods.keys()) - set(project.sdk.methods("Store"))
    holders = {"store", *_names_of(module, call)}
    for other in project.python.modules:
        for node in other.all(ast.Attribute):
            holder = (named(node.value) or [""])[-1]
            inside = store.node in other.above(node)
            if node.attr in own and holder in holders and not inside:
                yield f"{other.path}:{node.lineno} uses {holder}.{node.attr}, its own."


def _names_of(module: Module, call: ast.Call) -> Iterator[str]:
    match module.parents.get(call):
        case ast.Assign(targets=targets):
            yield from (named(target)[-1] for target in targets if named(target))
        case ast.AnnAssign(target=target):
            yield from named(target)[-1:]


def _around(module: Module, node: ast.AST) -> Iterator[ast.AST]:
    for around in module.above(node):
        if isinstance(around, Function | ast.ClassDef):
            return
        yield around


def _is_check(module: Module, node: ast.AST) -> bool:
    """Where its class is asked for when the app runs: by isinstance, or by a field of pydantic."""
    match node, module.parents.get(node):
        case ast.Call(func=ast.Name(id="isinstance")), _:
            return True
        case ast.AnnAssign(), ast.ClassDef(bases=[_, *_]):
            return True
    return False
