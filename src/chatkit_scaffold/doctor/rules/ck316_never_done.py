"""An item is announced and never done, so it is not kept

`ThreadItemAddedEvent` only shows an item. What the SDK stores is the item of `ThreadItemDoneEvent`:
without it the answer is gone after a reload, and the model does not know that it said it. Yield
`ThreadItemDoneEvent` with the whole item at the end.
"""

import ast

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Project

SEVERITY = ERROR
KEEPS = ("ThreadItemDoneEvent", "ThreadItemReplacedEvent", "ThreadItemRemovedEvent",
         "add_thread_item", "save_item", "thread.item.done")  # fmt: skip
WRONG = {
    "app/server.py": """
from chatkit.server import ChatKitServer
from chatkit.types import ThreadItemAddedEvent

from app import answer


class Server(ChatKitServer):
    async def respond(self, thread, input_user_message, context):
        item = await answer(thread, input_user_message)
        yield ThreadItemAddedEvent(item=item)
"""
}
RIGHT = {
    "app/server.py": """
from chatkit.server import ChatKitServer
from chatkit.types import ThreadItemAddedEvent, ThreadItemDoneEvent

from app import answer


class Server(ChatKitServer):
    async def respond(self, thread, input_user_message, context):
        item = await answer(thread, input_user_message)
        yield ThreadItemAddedEvent(item=item)
        yield ThreadItemDoneEvent(item=item)
"""
}


def check(project: Project) -> Findings:
    for call in project.python.calls("chatkit.ThreadItemAddedEvent"):
        yielded = isinstance(call.module.parents.get(call.node), ast.Yield)
        # Elsewhere in the module an item may be done in any way: then nothing is said.
        if yielded and not any(word in call.module.text for word in KEEPS):
            message = "No ThreadItemDoneEvent follows: the item is shown, and never stored."
            yield Finding.at(call.module, call.node, message)
