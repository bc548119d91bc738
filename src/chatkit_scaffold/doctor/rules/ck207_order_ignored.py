"""A store ignores the order it is asked for

ChatKit reads the newest items with `order="desc"` and shows a thread with `order="asc"`. A store
that knows one order only answers one of them wrongly: client tools fail with "Last thread item in
... was not a ClientToolCallItem", the history stands upside down, the model reads the oldest items.
"""

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Project

SEVERITY = ERROR
WRONG = {
    "app/store.py": """
from chatkit.store import Store
from chatkit.types import Page


class MyStore(Store):
    async def load_thread_items(self, thread_id, after, limit, order, context):
        items = self.items[context.user_id, thread_id]
        start = next((n + 1 for n, item in enumerate(items) if item.id == after), 0)
        data = items[start : start + limit]
        return Page(data=data, has_more=start + limit < len(items), after=data[-1].id)
"""
}
RIGHT = {
    "app/store.py": """
from chatkit.store import Store
from chatkit.types import Page


class MyStore(Store):
    async def load_thread_items(self, thread_id, after, limit, order, context):
        items = self.items[context.user_id, thread_id][:: -1 if order == "desc" else 1]
        start = next((n + 1 for n, item in enumerate(items) if item.id == after), 0)
        data = items[start : start + limit]
        return Page(data=data, has_more=start + limit < len(items), after=data[-1].id)
"""
}


def check(project: Project) -> Findings:
    for found in project.python.stores:
        for name in ("load_thread_items", "load_threads"):
            method = found.own.get(name)
            if not method or "order" not in method.parameters or method.is_stub:
                continue
            if not method.uses("order") and not method.uses("locals"):
                message = f"{name} ignores order: new and old items change places."
                yield Finding.at(method.module, method.node, message)
