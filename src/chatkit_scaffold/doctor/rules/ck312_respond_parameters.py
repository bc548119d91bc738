"""A method of the server cannot be called the way ChatKit calls it

ChatKit calls `respond(thread, input_user_message, context)`, `add_feedback(thread_id, item_ids,
feedback, context)` and the others by position. With fewer or more parameters the turn, or the
button, ends with a TypeError. The names are free.
"""

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Project

SEVERITY = ERROR
HOOKS = ("respond", "add_feedback", "transcribe", "get_stream_options", "sync_action")
WRONG = {
    "app/server.py": """
from chatkit.server import ChatKitServer


class Server(ChatKitServer):
    async def respond(self, thread, message):
        yield await self.answer(thread)
"""
}
RIGHT = {
    "app/server.py": """
from chatkit.server import ChatKitServer


class Server(ChatKitServer):
    async def respond(self, thread, item, _context):
        yield await self.answer(thread)
"""
}


def check(project: Project) -> Findings:
    wanted = project.sdk.methods("ChatKitServer")
    for found in project.python.servers:
        for name in HOOKS:
            method = found.own.get(name)
            listed = wanted[name]["parameters"] if name in wanted else []
            if not method or not listed or method.node.decorator_list:
                continue
            if not method.accepts(len(listed)):
                message = f"ChatKit passes ({', '.join(listed)}), which {name} does not take."
                yield Finding.at(method.module, method.node, message)
