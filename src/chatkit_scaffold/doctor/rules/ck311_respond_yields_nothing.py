"""respond is not an async generator

ChatKit iterates over what `respond` gives. A coroutine that returns its events ends every turn with
an error: "'async for' requires an object with __aiter__ method, got coroutine". Yield them.
"""

import ast

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Project, scope

SEVERITY = ERROR
WRONG = {
    "app/server.py": """
from chatkit.server import ChatKitServer


class Server(ChatKitServer):
    async def respond(self, thread, input_user_message, context):
        return [await self.answer(thread)]
"""
}
RIGHT = {
    "app/server.py": """
from chatkit.server import ChatKitServer


class Server(ChatKitServer):
    async def respond(self, thread, input_user_message, context):
        yield await self.answer(thread)


class Other(ChatKitServer):
    def respond(self, thread, input_user_message, context):
        return self.events(thread)
"""
}


def check(project: Project) -> Findings:
    for found in project.python.servers:
        for name in ("respond", "action"):
            method = found.own.get(name)
            if not method or not method.is_async or method.is_stub or method.node.decorator_list:
                continue
            if not any(isinstance(node, ast.Yield) for node in scope(method.node)):
                message = f"{name} must yield its events: as a coroutine it fails in every turn."
                yield Finding.at(method.module, method.node, message)
