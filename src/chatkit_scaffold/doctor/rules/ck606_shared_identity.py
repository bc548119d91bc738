"""Everybody without a name is the same user

A fallback such as `"anonymous"` gives all visitors who are not signed in one account: they read and
delete each other's conversations. Answer 401, or give each visitor a random id in a signed cookie.
"""

import ast

from chatkit_scaffold.doctor.rule import WARNING, Finding, Findings, Project, shared, written_down

SEVERITY = WARNING
WRONG = {
    "app/main.py": """
from chatkit.server import ChatKitServer
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

app = FastAPI()


class Server(ChatKitServer):
    async def respond(self, thread, input_user_message, context):
        yield await self.answer(thread)


@app.post("/chatkit")
async def chatkit(request: Request):
    user_id = request.session.get("user_id") or "anonymous"
    result = await Server(None).process(await request.body(), {"user_id": user_id})
    return StreamingResponse(result, headers={"X-Accel-Buffering": "no"})
"""
}
RIGHT = {
    "app/main.py": WRONG["app/main.py"].replace('.get("user_id") or "anonymous"', '["user_id"]')
}


def check(project: Project) -> Findings:
    flow = project.python.flow
    message = "All visitors without a name share one account."
    places = [(*p, False) for e in project.endpoints for p in flow.reached(e.module, e.function)]
    methods = [method for store in project.python.stores for method in store.own.values()]
    places += [(m.module, m.node, True) for m in methods if "context" in m.parameters]
    for module, function, is_store in places:
        for node in ast.walk(function):
            word = shared(node, is_store=is_store)
            if word is not None:
                yield Finding.at(module, word, message)
    for module in project.python.modules:
        for node in [*module.all(ast.Dict), *module.all(ast.Call)]:
            word = written_down(node) if "sessions" in module.text else None
            if word is not None:
                yield Finding.at(module, word, message)
