"""load_thread answers None for a thread that does not exist

ChatKit uses the answer without a look: "'NoneType' object has no attribute 'id'". A message into a
thread that was deleted meanwhile then gets a stream that breaks off instead of an answer that says
so. `NotFoundError` is for that, and the endpoint can make a 404 of it.
"""

import ast

from chatkit_scaffold.doctor.rule import (
    ERROR,
    Edit,
    Finding,
    Findings,
    Fix,
    Method,
    Project,
    scope,
)

SEVERITY = ERROR
IMPORT = "from chatkit.store import NotFoundError"
WRONG = {
    "app/store.py": """
from chatkit.store import Store


class MyStore(Store):
    async def load_thread(self, thread_id, context):
        if thread_id not in self.threads:
            return None
        return self.threads[thread_id]
"""
}
RIGHT = {
    "app/store.py": """
from chatkit.store import NotFoundError, Store


class MyStore(Store):
    async def load_thread(self, thread_id, context):
        if thread_id not in self.threads:
            raise NotFoundError(thread_id)
        return self.threads[thread_id]
"""
}


def check(project: Project) -> Findings:
    for found in project.python.stores:
        method = found.own.get("load_thread")
        for node in scope(method.node) if method else ():
            if method and isinstance(node, ast.Return) and _is_none(node.value):
                message = "A thread that is gone breaks the stream: raise NotFoundError instead."
                yield Finding.at(method.module, node, message, _fix(project, method, node))


def _is_none(value: ast.expr | None) -> bool:
    match value:
        case None | ast.Constant(value=None):
            return True
        case ast.IfExp(body=body, orelse=other):
            return _is_none(body) or _is_none(other)
        case ast.Call(func=ast.Attribute(value=ast.Attribute(), attr="get"), args=[_], keywords=[]):
            return True
    return False


def _fix(project: Project, method: Method, node: ast.Return) -> Fix | None:
    module = method.module
    if isinstance(node.value, ast.IfExp | ast.Call) or not method.parameters:
        return None
    error = Edit.replace(module, node, f"raise NotFoundError({method.parameters[0]})")
    if "NotFoundError" in project.python.names.bound(module):
        return Fix((error,))
    line = Edit.insert(module, module.import_place, f"{IMPORT}{module.newline}")
    return Fix((line, error))
