"""handle_stream_cancelled does not take the unfinished items

ChatKit passes `(thread, pending_items, context)` when a user presses stop. With fewer parameters
that is a TypeError, and what the assistant had said so far is lost.
"""

from chatkit_scaffold.doctor.rule import ERROR, Edit, Finding, Findings, Fix, Method, Project

SEVERITY = ERROR
WRONG = {
    "app/server.py": """
from chatkit.server import ChatKitServer


class Server(ChatKitServer):
    async def handle_stream_cancelled(self, thread, context):
        await self.note(thread)
"""
}
RIGHT = {
    "app/server.py": """
from chatkit.server import ChatKitServer


class Server(ChatKitServer):
    async def handle_stream_cancelled(self, thread, pending_items, context):
        await self.note(thread)
"""
}


def check(project: Project) -> Findings:
    known = project.sdk.methods("ChatKitServer").get("handle_stream_cancelled")
    wanted = known["parameters"] if known else []
    for found in project.python.servers:
        method = found.own.get("handle_stream_cancelled")
        if method and wanted and not method.accepts(len(wanted)):
            message = f"Stop fails, and the half answer is lost: it gets ({', '.join(wanted)})."
            yield Finding.at(method.module, method.node, message, _fix(method))


def _fix(method: Method) -> Fix | None:
    if method.parameters != ["thread", "context"] or method.node.args.defaults:
        return None
    end = method.module.span(method.node.args.args[1])[1]
    return Fix((Edit.insert(method.module, end, ", pending_items"),), safe=True)
