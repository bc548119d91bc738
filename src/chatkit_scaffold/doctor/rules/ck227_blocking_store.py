"""A store waits for its database and holds up everybody

Its methods are async and call a driver that is not: while one query runs, the whole process stands
still, every other answer stops in mid-sentence. Use an async driver, or `asyncio.to_thread`.
"""

import ast

from chatkit_scaffold.doctor.rule import (
    WARNING,
    Finding,
    Findings,
    Method,
    Project,
    chain,
    kind,
    scope,
)

SEVERITY = WARNING
DRIVERS = (
    "sqlite3", "psycopg2", "pymysql", "MySQLdb", "pymssql", "pyodbc", "cx_Oracle", "oracledb",
)  # fmt: skip
WAITS = (
    *(f"{driver}.connect" for driver in DRIVERS), "psycopg.connect", "pymongo.MongoClient",
    "redis.Redis", "redis.from_url", "sqlalchemy.Session", "sqlmodel.Session", "sqlite3.Connection",
    "sqlalchemy.sessionmaker", "sqlalchemy.create_engine", "supabase.create_client",
    "supabase.Client",
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
    "app/store.py": WRONG["app/store.py"]
    .replace("import sqlite3", "import asyncio\nimport sqlite3", 1)
    .replace('"chat.db"', '"chat.db", check_same_thread=False')
    .replace("self.database.execute(sql", "await asyncio.to_thread(self.database.execute, sql")
}


def check(project: Project) -> Findings:
    message = "Everybody's answers stand still while this waits for the database."
    for found in project.python.stores:
        for method in found.own.values():
            if method.is_async and (node := _blocks(project, method)):
                yield Finding.at(method.module, node, message)
                break


def _blocks(project: Project, method: Method) -> ast.AST | None:
    module = method.module
    for node in scope(method.node):
        if isinstance(node, ast.Call) and not isinstance(module.parents.get(node), ast.Await):
            links = [project.python.meaning(module, node.func)]
            links += [kind(project.python, module, link) for link in chain(node.func)]
            if any(link in WAITS for link in links):
                return node
    return None
