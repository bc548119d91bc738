"""An item is saved by hand, and once more by the SDK

The SDK adds the item of each `ThreadItemDoneEvent` to the store. Where the code has added it
before, a store that appends has it twice: people see it twice after a reload, and the model reads
it twice. A database with unique ids refuses the second one, and the turn ends in an error. Only
yield the event.
"""

import ast

from chatkit_scaffold.doctor.rule import WARNING, Call, Finding, Findings, Project, following, scope

SEVERITY = WARNING
DONE = "chatkit.ThreadItemDoneEvent"
WRONG = {
    "app/server.py": """
from chatkit.server import ChatKitServer
from chatkit.types import ThreadItemDoneEvent

from app import answer


class Server(ChatKitServer):
    async def respond(self, thread, input_user_message, context):
        item = await answer(thread, input_user_message)
        await self.store.add_thread_item(thread.id, item, context)
        yield ThreadItemDoneEvent(item=item)
"""
}
RIGHT = {
    "app/server.py": """
from chatkit.server import ChatKitServer
from chatkit.types import ThreadItemDoneEvent

from app import answer, note


class Server(ChatKitServer):
    async def respond(self, thread, input_user_message, context):
        item = note("They are looking at the orders.")
        await self.store.add_thread_item(thread.id, item, context)
        item = await answer(thread, input_user_message)
        yield ThreadItemDoneEvent(item=item)

    async def action(self, thread, action, sender, context):
        item = await answer(thread, None)
        if action.type == "quiet":
            await self.store.add_thread_item(thread.id, item, context)
        else:
            yield ThreadItemDoneEvent(item=item)
"""
}


def check(project: Project) -> Findings:
    for call in project.python.method_calls("add_thread_item"):
        item = call.argument("item", 1)
        if isinstance(item, ast.Name) and _is_done_later(project, call, item.id):
            message = "The SDK saves the item of a ThreadItemDoneEvent: here it is saved as well."
            yield Finding.at(call.module, call.node, message)


def _is_done_later(project: Project, call: Call, item: str) -> bool:
    for later in following(call.node, call.module.above(call.node)):
        for node in [later, *scope(later)]:
            match node:
                case ast.Name(id=name, ctx=ast.Store()) if name == item:
                    return False
                case ast.Yield(value=ast.Call() as made):
                    event = project.python.call(call.module, made)
                    given = event.argument("item")
                    if event.name == DONE and isinstance(given, ast.Name) and given.id == item:
                        return True
    return False
