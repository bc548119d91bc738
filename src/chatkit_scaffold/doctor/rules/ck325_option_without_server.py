"""The page offers what the backend does not do

Thumbs go to `add_feedback`, speech to `transcribe`. Without these methods a click is answered and
lost, or ends in an error: people are offered something that does not work.
"""

from chatkit_scaffold.doctor.rule import WARNING, Finding, Findings, Project, beside

SEVERITY = WARNING
HALVES = {
    ("threadItemActions", "feedback"): ("add_feedback", "What people rate is lost"),
    ("composer", "dictation", "enabled"): ("transcribe", "What people say is not understood"),
}
SERVER = """
from chatkit.server import ChatKitServer

from app.assistant import answer


class Server(ChatKitServer):
    async def respond(self, thread, input_user_message, context):
        async for event in answer(thread, context):
            yield event
"""
CHAT = """chatkit.setOptions({
  api: { url: "http://localhost:8000/chatkit", domainKey: KEY },
  threadItemActions: { feedback: true },
});
"""
WRONG = {"app/server.py": SERVER, "frontend/chat.js": CHAT}
RIGHT = {
    "app/server.py": SERVER
    + """
    async def add_feedback(self, thread_id, item_ids, feedback, context):
        await self.store.rate(thread_id, item_ids, feedback, context)
""",
    "frontend/chat.js": CHAT,
}


def check(project: Project) -> Findings:
    servers = project.python.servers
    if not any("respond" in server.methods for server in servers):
        return
    for setup in project.setups:
        near = beside(setup.script.path, servers, lambda server: server.module.path)
        for path, (method, loss) in HALVES.items():
            node = setup.at(*path)
            on = node is not None and setup.script.source(node) == "true"
            if on and not any(method in server.methods for server in near):
                yield Finding.at(setup.script, node, f"{loss}: the server has no {method}.")
