"""The last message is given to the model twice

ChatKit stores the user's message before it calls `respond`, so the history holds it already.
Appended again, the model reads it twice: it answers twice, or remarks on the repetition.
"""

import ast

from chatkit_scaffold.doctor.rule import WARNING, Finding, Findings, Project

SEVERITY = WARNING
WRONG = {
    "app/server.py": """
from chatkit.server import ChatKitServer


class Server(ChatKitServer):
    async def respond(self, thread, item, context):
        page = await self.store.load_thread_items(thread.id, None, 50, "desc", context)
        items = page.data[::-1]
        items.append(item)
        yield await self.answer(items)
"""
}
RIGHT = {"app/server.py": WRONG["app/server.py"].replace("        items.append(item)\n", "")}


def check(project: Project) -> Findings:
    python = project.python
    for found in python.servers:
        method = found.own.get("respond")
        if not method or len(method.parameters) < 2:  # noqa: PLR2004 (thread and the message)
            continue
        name, module = method.parameters[1], method.module
        compares = any(
            isinstance(n, ast.Compare) and f"{name}.id" in module.source(n)
            for n in ast.walk(method.node)
        )
        loads = python.flow.leads_to(module, method.node, "load_thread_items")
        for node in ast.walk(method.node) if loads and not compares else ():
            if _adds(node, name):
                message = "The model reads the last message twice: the history holds it already."
                yield Finding.at(module, node, message)


def _adds(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr="append"), args=[ast.Name(id=added)]):
            return added == name
        case ast.BinOp(op=ast.Add(), right=ast.List(elts=[ast.Name(id=added)])):
            return added == name
        case ast.List(elts=[*_, ast.Starred(), ast.Name(id=added)]):
            return added == name
    return False
