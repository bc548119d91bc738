"""A store ignores the cursor, or reads it as a number

`after` is the id of the last item of the page before. A store that ignores it sends the first page
again and again: scrolling repeats itself, and "retry" loops for ever. As a number it is an error
at once: ids such as `msg_1a2b3c4d` are none.
"""

import ast

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Method, Project

SEVERITY = ERROR
WRONG = {
    "app/store.py": """
from chatkit.store import Store
from chatkit.types import Page


class MyStore(Store):
    async def load_threads(self, limit, after, order, context):
        rows = sorted(context.threads, key=str, reverse=order == "desc")
        return Page(data=rows[:limit], has_more=len(rows) > limit, after=rows[:limit][-1].id)

    async def load_thread_items(self, thread_id, after, limit, order, context):
        return await context.database.items(thread_id, int(after or 0), limit, order)
"""
}
RIGHT = {
    "app/store.py": """
from chatkit.store import Store
from chatkit.types import Page


class MyStore(Store):
    async def load_threads(self, limit, after, order, context):
        rows = sorted(context.threads, key=str, reverse=order == "desc")
        start = next((n + 1 for n, row in enumerate(rows) if row.id == after), 0)
        data = rows[start : start + limit]
        more = len(rows) > start + limit
        return Page(data=data, has_more=more, after=data[-1].id if more else None)

    async def load_thread_items(self, thread_id, after, limit, order, context):
        items = self.items[context.user_id, thread_id]
        return Page(data=items[:: -1 if order == "desc" else 1], has_more=False)
"""
}


def check(project: Project) -> Findings:
    for found in project.python.stores:
        for name in ("load_thread_items", "load_threads"):
            method = found.own.get(name)
            if not method or "after" not in method.parameters or method.is_stub:
                continue
            number = next((n for n in ast.walk(method.node) if _is_number(n)), None)
            if number:
                message = "after is the id of an item, not a number: the second page fails."
                yield Finding.at(method.module, number, message)
            elif not (method.uses("after") or method.uses("locals") or _is_whole(project, method)):
                message = f"{name} ignores after: every page is the first one."
                yield Finding.at(method.module, method.node, message)


def _is_number(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="int"), args=[given]):
            return any(isinstance(n, ast.Name) and n.id == "after" for n in ast.walk(given))
    return False


def _is_whole(project: Project, method: Method) -> bool:
    """Whether all is on one page, which then says that there is no more, and nothing is cut."""
    if method.uses("limit"):
        return False
    pages = [c for c in project.python.calls("chatkit.Page") if c.node in ast.walk(method.node)]
    values = project.python.values
    return bool(pages) and all(
        p.argument("has_more") is None or values.constant(p.module, p.argument("has_more")) is False
        for p in pages
    )
