"""A name is imported that the SDK does not have

"cannot import name 'MemoryStore' from 'chatkit.store'": the app does not start. There is no
built-in store: write a subclass of `chatkit.store.Store`, or let `chatkit-scaffold new` make one.
"""

import ast

from chatkit_scaffold.doctor.rule import (
    ERROR,
    Edit,
    Finding,
    Findings,
    Fix,
    Module,
    Project,
)

SEVERITY = ERROR
WRONG = (
    {"app/store.py": "from chatkit.store import MemoryStore\n\nstore = MemoryStore()\n"},
    {"app/events.py": "from chatkit.types import ChatKitServer\n"},
)
RIGHT = (
    {"app/store.py": "from chatkit.store import NotFoundError, Store\n"},
    {"app/events.py": "from chatkit.types import ThreadItemDoneEvent\n"},
)


def check(project: Project) -> Findings:
    for module, node, alias, source in project.python.imported("chatkit", "agents"):
        names = project.sdk.exports(source)
        if not names or "*" in names or alias.name in names or alias.name == "*":
            continue
        if project.hides(source.partition(".")[0], module.path):
            continue
        if project.sdk.has(f"{source}.{alias.name}") or alias.name.startswith("_"):
            continue
        if any(isinstance(above, ast.Try) for above in module.above(node)):
            continue
        message = f"{project.sdk.release(source)} has no {alias.name} in {source}."
        yield Finding.at(module, alias, message, _fix(project, module, node, alias))


def _fix(project: Project, module: Module, node: ast.ImportFrom, alias: ast.alias) -> Fix | None:
    homes = project.sdk.homes(alias.name)
    if len(homes) != 1 or len(node.names) != 1:
        return None
    start = module.span(node)[0] + len("from ")
    return Fix((Edit(module.path, start, start + len(node.module or ""), homes[0]),))
