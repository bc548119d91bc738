"""A store answers with a list instead of a page

`load_threads` and `load_thread_items` must return a `Page`. With a list ChatKit fails with "'list'
object has no attribute 'has_more'", so people cannot open their history.
"""

import ast

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Module, Project, scope

SEVERITY = ERROR
PAGED = ("load_threads", "load_thread_items")
LISTS = ("list", "sorted")
WRONG = {
    "app/store.py": """
from chatkit.store import Store


class MyStore(Store):
    async def load_threads(self, limit, after, order, context):
        rows = sorted(context.threads, key=lambda t: t.created_at, reverse=order == "desc")
        start = next((n + 1 for n, t in enumerate(rows) if t.id == after), 0)
        return rows[start : start + limit]
"""
}
RIGHT = {
    "app/store.py": """
from chatkit.store import Store
from chatkit.types import Page


class MyStore(Store):
    async def load_threads(self, limit, after, order, context):
        rows = sorted(context.threads, key=lambda t: t.created_at, reverse=order == "desc")
        start = next((n + 1 for n, t in enumerate(rows) if t.id == after), 0)
        data = rows[start : start + limit]
        more = len(rows) > start + limit
        return Page(data=data, has_more=more, after=data[-1].id if more else None)
"""
}


def check(project: Project) -> Findings:
    for found in project.python.stores:
        for name in PAGED:
            method = found.own.get(name)
            for node in scope(method.node) if method else ():
                value = node.value if isinstance(node, ast.Return) else None
                if method and value and _is_list(project, method.module, value):
                    message = f"{name} must return a Page: ChatKit fails on this list."
                    yield Finding.at(method.module, node, message)


def _is_list(project: Project, module: Module, value: ast.expr) -> bool:
    module, made = project.python.values.origin(module, value)
    match made:
        case ast.List() | ast.ListComp():
            return True
        case ast.Subscript(value=inner, slice=ast.Slice()):
            return _is_list(project, module, inner)
        case ast.Call(func=function):
            return project.python.meaning(module, function) in LISTS
    return False
