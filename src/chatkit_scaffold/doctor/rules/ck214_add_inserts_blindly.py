"""add_thread_item cannot take the same item twice

ChatKit adds an item again under the same id when a workflow goes on in a later turn, and Chat
Completions models give every message one id. A plain INSERT then ends the turn with an integrity
error, in front of the user; a list that only grows shows the item twice.
"""

import ast
import re

from chatkit_scaffold.doctor.rule import ERROR, INFO, WARNING, Finding, Findings, Method, Project

SEVERITY = WARNING
INSERT = re.compile(r"\binsert\s+into\b", re.IGNORECASE)
UPSERT = re.compile(r"on\s+(conflict|duplicate)|insert\s+or\s+|\bmerge\b", re.IGNORECASE)
LOOKS = ("merge", "get", "scalar", "execute", "exec", "query", "first", "find_one", "one")
WRONG = {
    "app/store.py": """
from chatkit.store import Store


class MyStore(Store):
    async def add_thread_item(self, thread_id, item, context):
        row = (item.id, thread_id, context.user_id, item.model_dump_json())
        await self.database.run("INSERT INTO items VALUES (?, ?, ?, ?)", row)


class Memory(Store):
    async def add_thread_item(self, thread_id, item, context):
        self.items[context.user_id, thread_id].append(item)
"""
}
RIGHT = {
    "app/store.py": """
from chatkit.store import Store

ADD = "INSERT INTO items VALUES (?, ?, ?, ?) ON CONFLICT (thread_id, id) DO UPDATE SET data = ?"


class MyStore(Store):
    async def add_thread_item(self, thread_id, item, context):
        await self.database.run(ADD, item.id, thread_id, context.user_id, item.model_dump_json())
"""
}


def check(project: Project) -> Findings:
    for found in project.python.stores:
        method = found.own.get("add_thread_item")
        if not method or method.name != method.node.name:
            continue
        texts = [n for n in ast.walk(method.node) if isinstance(n, ast.Constant)]
        sql = [n for n in texts if isinstance(n.value, str) and INSERT.search(n.value)]
        if sql and not any(isinstance(n.value, str) and UPSERT.search(n.value) for n in texts):
            message = "An item that comes a second time is an integrity error: the turn fails."
            yield Finding.at(method.module, sql[0], message, severity=ERROR)
        elif call := _adds(method):
            message = "An item that comes a second time ends the turn with an integrity error."
            yield Finding.at(method.module, call, message)
        elif call := _appends(method):
            message = "An item that comes a second time is kept, and shown, twice."
            yield Finding.at(method.module, call, message, severity=INFO)


def _adds(method: Method) -> ast.Call | None:
    """`session.add(row)` with no look at what is there."""
    calls = [n for n in ast.walk(method.node) if isinstance(n, ast.Call)]
    named = [(c.func.attr, c) for c in calls if isinstance(c.func, ast.Attribute)]
    looked = any(name in LOOKS for name, _ in named)
    return next((c for name, c in named if name in ("add", "insert_one") and not looked), None)


def _appends(method: Method) -> ast.Call | None:
    if any(isinstance(n, ast.Attribute) and n.attr == "id" for n in ast.walk(method.node)):
        return None
    calls = [n for n in ast.walk(method.node) if isinstance(n, ast.Call)]
    return next((c for c in calls if getattr(c.func, "attr", "") == "append"), None)
