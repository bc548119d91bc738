"""A turn without a message of the user ends at once

After a client tool or a form ChatKit calls `respond` with None: the answer is in the thread, and
the assistant should go on. A server that returns on None leaves the user waiting for ever.
"""

import ast

from chatkit_scaffold.doctor.rule import (
    ERROR,
    WARNING,
    Finding,
    Findings,
    Project,
    asks_for,
    beside,
    scope,
    turns,
)

SEVERITY = WARNING
WRONG = {
    "app/server.py": """
from chatkit.server import ChatKitServer


class Server(ChatKitServer):
    async def respond(self, thread, input_user_message, context):
        if input_user_message is None:
            return
        yield await self.answer(thread)
"""
}
RIGHT = {
    "app/server.py": """
from chatkit.server import ChatKitServer


class Server(ChatKitServer):
    async def respond(self, thread, input_user_message, context):
        if input_user_message is not None and thread.title is None:
            thread.title = "New"
        yield await self.answer(thread)
"""
}


def check(project: Project) -> Findings:
    text = "None is the turn after a client tool or a form: the user waits for ever."
    python, calls = project.python, [*project.python.calls("chatkit.ClientToolCall")]
    for found in python.servers:
        pages = beside(found.module.path, project.frontends, lambda script: script.path)
        waits = any("onClientTool" in script.text for script in pages) or any(
            found in beside(call.module.path, python.servers, lambda s: s.module.path)
            for call in calls
        )
        for method, message in turns(found):
            for node in scope(method.node):
                if not isinstance(node, ast.If) or not any(map(_ends, node.body)):
                    continue
                if _is_none(node.test, message) or asks_for(
                    python, method.module, node.test, "chatkit.ClientToolCallItem", but=message
                ):
                    severity = ERROR if waits else WARNING
                    yield Finding.at(method.module, node, text, severity=severity)


def _is_none(test: ast.expr, name: str) -> bool:
    match test:
        case ast.Compare(ast.Name(id=found), [ast.Is()], [ast.Constant(None)]):
            return found == name
        case ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=found)):
            return found == name
        case ast.BoolOp(op=ast.Or(), values=values):
            return any(_is_none(value, name) for value in values)
    return False


def _ends(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Return)
