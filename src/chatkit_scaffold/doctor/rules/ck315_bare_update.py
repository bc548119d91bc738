"""An update is sent without the event around it

Deltas, parts and annotations are no events: sent as they are, they name no message, and the browser
drops them. Wrap each in `ThreadItemUpdatedEvent(item_id=..., update=...)`.
"""

import ast
import re

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Project

SEVERITY = ERROR
UPDATE = re.compile(
    r"chatkit\.(AssistantMessageContentPart\w+|WorkflowTask(Added|Updated)|Widget(Component|Root)"
    r"Updated|WidgetStreamingTextValueDelta|GeneratedImageUpdated)"
)
WRONG = {
    "app/server.py": """
from chatkit.server import ChatKitServer
from chatkit.types import AssistantMessageContentPartTextDelta


class Server(ChatKitServer):
    async def respond(self, thread, input_user_message, context):
        yield AssistantMessageContentPartTextDelta(content_index=0, delta="Hello")
"""
}
RIGHT = {
    "app/server.py": """
from chatkit.server import ChatKitServer
from chatkit.types import AssistantMessageContentPartTextDelta, ThreadItemUpdatedEvent


class Server(ChatKitServer):
    async def respond(self, thread, input_user_message, context):
        delta = AssistantMessageContentPartTextDelta(content_index=0, delta="Hello")
        yield ThreadItemUpdatedEvent(item_id=self.message_id, update=delta)
        for update in words():
            yield ThreadItemUpdatedEvent(item_id=self.message_id, update=update)


def words():
    yield AssistantMessageContentPartTextDelta(content_index=0, delta="Hello")
"""
}


def check(project: Project) -> Findings:
    python = project.python
    for module in python.modules:
        for node in module.all(ast.Yield):
            # A plain generator is not what ChatKit reads: somebody wraps what comes out of it.
            if node.value is None or not isinstance(module.function_of(node), ast.AsyncFunctionDef):
                continue
            place, made = python.values.origin(module, node.value)
            if isinstance(made, ast.Call) and UPDATE.fullmatch(python.meaning(place, made.func)):
                message = "The browser drops an update without its event: nothing is shown."
                yield Finding.at(module, node.value, message)
