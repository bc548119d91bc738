"""A store waits for its database and holds up everybody

Its methods are async and call a driver that is not: while one query runs, the whole process stands
still, every other answer stops in mid-sentence. Use an async driver, or `asyncio.to_thread`.
"""

import ast

from chatkit_scaffold.doctor.rule import WARNING, Finding, Findings, Method, Project, scope

SEVERITY = WARNING
DRIVERS = (
    "sqlite3",
    "psycopg2",
    "pymysql",
    "MySQLdb",
    "pymssql",
    "pyodbc",
    "cx_Oracle",
    "oracledb",
)
CONNECTS = (
    *(f"{driver}.connect" for driver in DRIVERS), "psycopg.connect", "pymongo.MongoClient",
    "redis.Redis", "redis.from_url", "sqlalchemy.Session", "sqlmodel.Session",
    "sqlalchemy.sessionmaker", "sqlalchemy.create_engine",
)  # fmt: skip
WRONG = {
    "app/store.py": """
import sqlite3

from chatkit.store import Store


class MyStore(Store):
    def __init__(self):
        self.database = sqlite3.connect("chat.db")

    async def delete_thread(self, thread_id, context):
        sql = "DELETE FROM threads WHERE id = ? AND user = ?"
        self.database.execute(sql, (thread_id, context.user_id))
"""
}
RIGHT = {
    "app/store.py": """
import asyncio
import sqlite3

from chatkit.store import Store


class MyStore(Store):
    def __init__(self):
        self.database = sqlite3.connect("chat.db", check_same_thread=False)

    async def delete_thread(self, thread_id, context):
        sql = "DELETE FROM threads WHERE id = ? AND user = ?"
        await asyncio.to_thread(self.database.execute, sql, (thread_id, context.user_id))
"""
}


def check(project: Project) -> Findings:
    for found in project.python.stores:
        for method in found.own.values():
            if method.is_async and (node := _blocks(project, method)):
                message = "Everybody's answers stand still while this waits for the database."
                yield Finding.at(method.module, node, message)
                break


def _blocks(project: Project, method: Method) -> ast.AST | None:
    python, module = project.python, method.module
    for node in scope(method.node):
        if isinstance(node, ast.Call) and not isinstance(module.parents.get(node), ast.Await):
            owner = node.func.value if isinstance(node.func, ast.Attribute) else node.func
            names = (python.meaning(module, node.func), python.values.made_by(module, owner))
            if any(name in CONNECTS for name in names):
                return node
    return None
