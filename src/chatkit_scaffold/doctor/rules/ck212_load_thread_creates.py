"""load_thread makes threads that do not exist

ChatKit saves new threads itself. A `load_thread` that makes one for any id brings deleted threads
back, makes one for every guess, and lets whoever asks with somebody else's id become its owner.
Raise `NotFoundError`.
"""

import ast
import re

from chatkit_scaffold.doctor.rule import (
    ERROR,
    Finding,
    Findings,
    Method,
    Project,
    alternatives,
    is_now,
    scope,
)

SEVERITY = ERROR
INSERT = re.compile(r"\s*insert\s+into\b", re.IGNORECASE)
THREADS = ("chatkit.ThreadMetadata", "chatkit.Thread")
WRONG = {
    "app/store.py": """
from datetime import datetime

from chatkit.store import Store
from chatkit.types import ThreadMetadata


class MyStore(Store):
    async def load_thread(self, thread_id, context):
        if thread_id not in self.threads:
            self.threads[thread_id] = ThreadMetadata(id=thread_id, created_at=datetime.now())
        return self.threads[thread_id]
"""
}
RIGHT = {
    "app/store.py": """
from chatkit.store import NotFoundError, Store
from chatkit.types import ThreadMetadata


class MyStore(Store):
    async def load_thread(self, thread_id, context):
        row = await self.database.thread(thread_id, context.user_id)
        if row is None:
            raise NotFoundError(thread_id)
        return ThreadMetadata(id=row.id, created_at=row.created_at, title=row.title)
"""
}


def check(project: Project) -> Findings:
    message = "load_thread makes a thread for any id that anybody sends."
    for method in [m for store in project.python.stores if (m := store.own.get("load_thread"))]:
        for node in scope(method.node):
            if _saves(project, method, node):
                yield Finding.at(method.module, node, message)
        # Helpers of its own are looked into as well, but not for what else they may insert.
        for place in project.python.flow.reached(method.module, method.node):
            for call in project.python.flow.calls(*place):
                created = call.argument("created_at") if call.name in THREADS else None
                if is_now(project.python, call.module, created):
                    yield Finding.at(call.module, call.node, message)


def _saves(project: Project, method: Method, node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=str(text)):
            return INSERT.match(text) is not None
        case ast.Call(func=ast.Attribute(attr="save_thread" | "insert_one")):
            return True
        case ast.Call(func=ast.Attribute(attr="add" | "merge"), args=[row]):  # to a session
            made = [found for _, found in alternatives(project.python, method.module, row)]
            return any(isinstance(one, ast.Call) and one.keywords for one in made)
    return False
