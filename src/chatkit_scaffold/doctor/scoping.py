"""Which methods of a store look at who is asking."""

import ast

from chatkit_scaffold.doctor.classes import Class, Method
from chatkit_scaffold.doctor.logs import is_log
from chatkit_scaffold.doctor.syntax import walk

DATA = {  # with the number of parameters: the last one is the context, by whatever name
    "load_thread": 2, "save_thread": 2, "load_thread_items": 5, "load_threads": 4,
    "add_thread_item": 3, "save_item": 3, "load_item": 3, "delete_thread": 2,
    "delete_thread_item": 3,
}  # fmt: skip

NEW_IDS = ("generate_item_id", "generate_thread_id")


def context_users(store: Class) -> tuple[list[Method], list[Method]]:
    """The methods that use their context, and those that do not. Passing it on to another method
    of the store counts when that one uses it, or when nobody can see what it does."""
    known = [m for name in DATA if (m := store.methods.get(name)) and not m.is_stub]
    methods = [m for m in known if _context(m)]
    asking = [m for m in methods if _uses(store, m, _context(m), frozenset())]
    return asking, [m for m in methods if m not in asking]


def _context(method: Method) -> str:
    names = method.parameters
    if "context" in names:
        return "context"
    return names[-1] if len(names) == DATA[method.name] else ""


def _uses(store: Class, method: Method, name: str, seen: frozenset[str]) -> bool:
    idle: set[ast.AST] = set()
    for node in walk(method.node):
        if isinstance(node, ast.Call) and not _passes_on(store, node, name, seen | {method.name}):
            idle.update([*node.args, *(word.value for word in node.keywords)])
        # A log line tells, and decides nothing.
        if isinstance(node, ast.Call) and is_log(node):
            idle.update(walk(node))
        if isinstance(node, ast.Delete):
            idle.update(node.targets)  # `del context`, for the linter
    return any(
        isinstance(n, ast.Name) and n.id == name and n not in idle for n in walk(method.node)
    )


def _passes_on(store: Class, call: ast.Call, name: str, seen: frozenset[str]) -> bool:
    """Whether somebody who gets it here uses it, or may."""
    match call.func:
        case ast.Attribute(value=ast.Name(id="self"), attr=called):
            method = store.methods.get(called)
        case _:
            return True
    if called in NEW_IDS or called in seen:
        return False
    if method is None:
        return called not in DATA
    given = dict(zip(method.parameters, call.args, strict=False))
    given |= {word.arg: word.value for word in call.keywords if word.arg}
    taken = [
        key for key, value in given.items() if isinstance(value, ast.Name) and value.id == name
    ]
    if method.is_stub or len(given) < len(call.args) + len(call.keywords):
        return True
    return any(_uses(store, method, key, seen) for key in taken)
