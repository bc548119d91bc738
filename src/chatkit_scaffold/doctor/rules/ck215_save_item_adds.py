"""save_item adds where it should replace

ChatKit calls `save_item` for an item that exists: a client tool that answered, a widget that
changed. As an alias or a copy of `add_thread_item` it stores a second one, and people see the
message doubled after a reload.
"""

import ast
import re

from chatkit_scaffold.doctor.rule import ERROR, Class, Finding, Findings, Method, Project

SEVERITY = ERROR
INSERT = re.compile(r"\binsert\s+into\b", re.IGNORECASE)
UPSERT = re.compile(
    r"on\s+(conflict|duplicate)|insert\s+or\s+|\bmerge\b|\bupdate\b|\bdelete\b", re.IGNORECASE
)
WRONG = {
    "app/store.py": """
from chatkit.store import Store


class MyStore(Store):
    async def save_item(self, thread_id, item, context):
        self.items[context.user_id, thread_id].append(item)
"""
}
RIGHT = {
    "app/store.py": """
from chatkit.store import Store


class MyStore(Store):
    async def add_thread_item(self, thread_id, item, context):
        self.items[context.user_id, thread_id][item.id] = item

    save_item = add_thread_item
"""
}


def check(project: Project) -> Findings:
    for found in project.python.stores:
        method = found.own.get("save_item")
        if method and not method.is_stub and _inserts(_body(found, method)):
            message = "save_item adds an item that is there already: it is shown twice."
            yield Finding.at(method.module, method.node, message)


def _body(found: Class, method: Method) -> Method:
    """Where it only passes on to add_thread_item, that."""
    statement = method.node.body[-1]
    calls = [n for n in ast.walk(statement) if isinstance(n, ast.Call)]
    passes_on = any(getattr(call.func, "attr", "") == "add_thread_item" for call in calls)
    return found.methods.get("add_thread_item", method) if passes_on else method


def _inserts(method: Method) -> bool:
    nodes = list(ast.walk(method.node))
    texts = [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    if any(map(INSERT.search, texts)):
        return not any(map(UPSERT.search, texts))
    appends = any(isinstance(n, ast.Attribute) and n.attr == "append" for n in nodes)
    return appends and not any(isinstance(n, ast.Attribute) and n.attr == "id" for n in nodes)
