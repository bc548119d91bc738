"""action does not take what ChatKit passes

ChatKit calls `action(thread, action, sender, context)`, where `action` has a type and a payload.
Code for `action_name, payload` compares an object with a string: no branch ever matches, and
buttons do nothing. A `context` in third place is the widget that was clicked.
"""

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Project

SEVERITY = ERROR
OLD_SECOND = ("action_name", "action_type", "action_id", "name", "type")
OLD_THIRD = ("payload", "data", "params", "arguments", "context", "ctx")
WRONG = {
    "app/server.py": """
from chatkit.server import ChatKitServer


class Server(ChatKitServer):
    async def action(self, thread, action_name, payload, context):
        if action_name == "order":
            yield await self.order(payload)
"""
}
RIGHT = {
    "app/server.py": """
from chatkit.server import ChatKitServer


class Server(ChatKitServer):
    async def action(self, thread, action, sender, context):
        if action.type == "order":
            yield await self.order(action.payload)
"""
}


def check(project: Project) -> Findings:
    known = project.sdk.methods("ChatKitServer").get("action")
    wanted = known["parameters"] if known else []
    for found in project.python.servers:
        method = found.own.get("action")
        if not method or not wanted or method.node.decorator_list:
            continue
        names = method.parameters
        renamed = (names[1:2] and names[1] in OLD_SECOND) or (names[2:3] and names[2] in OLD_THIRD)
        if renamed or not method.accepts(len(wanted)):
            message = f"Buttons do nothing: ChatKit passes ({', '.join(wanted)})."
            yield Finding.at(method.module, method.node, message)
