"""A debug route shows everybody's conversations

A route such as `/debug/threads` is deployed with the rest, and whoever finds it reads what all
people wrote. Remove it, or add it only where a setting says so.
"""

import ast

from chatkit_scaffold.doctor.rule import WARNING, Finding, Findings, Project

SEVERITY = WARNING
LOADS = ("load_threads", "load_thread_items", "load_thread")
WRONG = {
    "app/debug.py": """
import chatkit
from fastapi import FastAPI
from app.models import store

app = FastAPI()


@app.get("/debug/threads")
async def threads():
    return (await store.load_threads(100, None, "desc", None)).data
"""
}
RIGHT = {
    "app/debug.py": """
import chatkit
from fastapi import FastAPI
from app.models import store

app = FastAPI()


@app.get("/debug/health")
async def health():
    return {"ready": store.ready}
"""
}


def check(project: Project) -> Findings:
    for route in project.routes:
        words = route.path.lower().strip("/").replace("_", "-").split("/")
        guarded = any(isinstance(above, ast.If) for above in route.module.above(route.node))
        asks = [*route.node.args.defaults, *(a.annotation for a in route.node.args.args)]
        guarded |= any("Depends" in ast.unparse(mark) for mark in asks if mark)
        if not {"debug", "dump", "-debug"} & set(words) or guarded:
            continue
        flow = project.python.flow
        owned = (n.attr for n in ast.walk(route.node) if isinstance(n, ast.Attribute))
        if flow.leads_to(route.module, route.node, *LOADS) or {"threads", "items"} & set(owned):
            message = "Whoever finds this route reads everybody's conversations."
            yield Finding.at(route.module, route.node, message)
