"""respond waits for an input that never comes

The answer of a client tool is no longer passed to `respond`: since 1.0 its input is a user message
or None. A branch for `ClientToolCallItem` never runs, and what it was to do is not done.
"""

import ast
from collections.abc import Iterator

from chatkit_scaffold.doctor.rule import (
    WARNING,
    Finding,
    Findings,
    Method,
    Project,
    alternatives,
    scope,
)

SEVERITY = WARNING
OLD = ("chatkit.ClientToolCallItem", "chatkit.ClientToolCallOutputItem")
WRONG = {
    "app/server.py": """
from chatkit.server import ChatKitServer
from chatkit.types import ClientToolCallItem


class Server(ChatKitServer):
    async def respond(self, thread, input, context):
        if isinstance(input, ClientToolCallItem):
            yield await self.answer_tool(input.output)
        yield await self.answer(thread)
"""
}
RIGHT = {
    "app/server.py": """
from chatkit.server import ChatKitServer
from chatkit.types import ClientToolCallItem


class Server(ChatKitServer):
    async def respond(self, thread, input, context):
        page = await self.store.load_thread_items(thread.id, None, 1, "desc", context)
        if isinstance(page.data[0], ClientToolCallItem):
            yield await self.answer_tool(page.data[0].output)
        yield await self.answer(thread)
"""
}


def check(project: Project) -> Findings:
    for found in project.python.servers:
        method = found.own.get("respond")
        if not method:
            continue
        for hint in _hints(method):
            if project.python.meaning(method.module, hint) in OLD:
                yield Finding.at(method.module, hint, "respond never gets this.")
        for node in scope(method.node):
            asked = [getattr(a, "id", "") for a in node.args] if isinstance(node, ast.Call) else []
            if asked and asked[:1] == method.parameters[1:2] and _asks(project, method, node):
                message = "respond never gets a client tool call: this branch is dead."
                yield Finding.at(method.module, node, message)


def _asks(project: Project, method: Method, call: ast.AST) -> bool:
    """An `isinstance(input, ClientToolCallItem)`, be it in a function that is asked."""
    return isinstance(call, ast.Call) and any(
        isinstance(made, ast.Call)
        and getattr(made.func, "id", "") == "isinstance"
        and any(project.python.meaning(place, kind) in OLD for kind in made.args[1:])
        for place, made in alternatives(project.python, method.module, call)
    )


def _hints(method: Method) -> Iterator[ast.Name]:
    """The names in the type of its input."""
    for argument in method.node.args.args[2:3]:
        if argument.annotation is not None:
            yield from (n for n in ast.walk(argument.annotation) if isinstance(n, ast.Name))
