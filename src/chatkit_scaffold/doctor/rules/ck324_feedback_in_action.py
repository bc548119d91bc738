"""Thumbs up and down are expected where they never come

ChatKit passes feedback to `add_feedback(thread_id, item_ids, feedback, context)`, as "positive" or
"negative", and never to `action`. Without that method the click is answered and lost.
"""

import ast

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Project

SEVERITY = ERROR
WORDS = ("feedback", "thumbs_up", "thumbs_down", "items.feedback", "message.feedback")
WRONG = {
    "app/server.py": """
from chatkit.server import ChatKitServer


class Server(ChatKitServer):
    async def action(self, thread, action, sender, context):
        if action.type == "thumbs_up":
            yield await self.thank(thread)
"""
}
RIGHT = {
    "app/server.py": """
from chatkit.server import ChatKitServer


class Server(ChatKitServer):
    async def add_feedback(self, thread_id, item_ids, feedback, context):
        await self.ratings.keep(item_ids, feedback == "positive", context.user_id)
"""
}


def check(project: Project) -> Findings:
    for found in project.python.servers:
        method = found.own.get("action")
        if not method or "add_feedback" in found.methods:
            continue
        for node in ast.walk(method.node):
            if isinstance(node, ast.Constant) and node.value in WORDS:
                around = method.module.parents.get(node)
                if isinstance(around, ast.Compare | ast.MatchValue | ast.Tuple | ast.List):
                    message = "Feedback never comes here: it goes to add_feedback, and is lost."
                    yield Finding.at(method.module, node, message)
