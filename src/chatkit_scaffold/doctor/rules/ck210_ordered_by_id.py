"""A store pages by comparing ids

The ids of ChatKit are random: what is greater than one (`id > :after`) is an arbitrary part of the
thread. Messages are skipped, repeated and out of order as soon as there is a second page.
"""

import ast
import re

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Project

SEVERITY = ERROR
SQL = re.compile(
    r"(?:where|and)\s+(?:\w+\.)?id\s*(?:[<>]=?|\0)\s*(?::\w+|\?|%s|%\(\w+\)s|\$[\d\0]|@\w+|\0)",
    re.IGNORECASE,
)
WRONG = {
    "app/store.py": """
from chatkit.store import Store
from app.models import ThreadRow, select


class MyStore(Store):
    async def load_thread_items(self, thread_id, after, limit, order, context):
        sql = "SELECT data FROM items WHERE thread_id = ? AND id > ? ORDER BY created_at LIMIT ?"
        return await self.page(sql, thread_id, after, limit, order, context.user_id)

    async def load_threads(self, limit, after, order, context):
        query = select(ThreadRow).where(ThreadRow.id > after).limit(limit)
        return await self.page(query, order, context.user_id)
"""
}
RIGHT = {
    "app/store.py": """
from chatkit.store import Store

NEXT = "SELECT data FROM items WHERE seq > (SELECT seq FROM items WHERE id = ?) ORDER BY seq"


class MyStore(Store):
    async def load_thread_items(self, thread_id, after, limit, order, context):
        return await self.page(NEXT, thread_id, after, limit, order, context.user_id)
"""
}


def check(project: Project) -> Findings:
    for found in project.python.stores:
        for name in ("load_thread_items", "load_threads"):
            method = found.own.get(name)
            for node in ast.walk(method.node) if method else ():
                if method and (_is_text(node) or _is_comparison(node)):
                    message = "Ids are random: what is greater than one is no next page."
                    yield Finding.at(method.module, node, message)


def _is_text(node: ast.AST) -> bool:
    """What is filled into an f-string counts as one sign that nobody writes."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    values = [part.value if isinstance(part, ast.Constant) else "\0" for part in parts]
    if not isinstance(node, ast.JoinedStr | ast.Constant):
        return False
    return SQL.search("".join(v for v in values if isinstance(v, str))) is not None


def _is_comparison(node: ast.AST) -> bool:
    match node:
        case ast.Compare(
            left=ast.Attribute(attr="id"),
            ops=[ast.Gt() | ast.Lt()],
            comparators=[ast.Name(id="after" | "cursor")],
        ):
            return True
    return False
