"""A database session is closed before the answer has been streamed

FastAPI 0.106 to 0.117 ends a dependency with `yield` before the body of a streaming response runs.
The store then works on a closed session in mid-answer: "connection is closed", and the message is
lost. Use FastAPI 0.118 or later, or open the session inside the store.
"""

import ast
import re

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Project

SEVERITY = ERROR
OLD = re.compile(r"(==|~=|<=?)\s*0\.(\d+)")
FIRST, FIXED = 106, 118
WRONG = {
    "requirements.txt": "fastapi==0.115.0\n",
    "app/main.py": """
from chatkit.server import ChatKitServer
from fastapi import Depends, FastAPI, Request
from fastapi.responses import StreamingResponse
from app.database import open_session

app = FastAPI()


class Server(ChatKitServer):
    async def respond(self, thread, input_user_message, context):
        yield await self.answer(thread, context["session"])


async def get_session():
    async with open_session() as session:
        yield session


@app.post("/chatkit")
async def chatkit(request: Request, session=Depends(get_session)):
    result = await Server(None).process(await request.body(), {"session": session})
    return StreamingResponse(result, headers={"X-Accel-Buffering": "no"})
""",
}
RIGHT = {**WRONG, "requirements.txt": "fastapi>=0.118\n"}


def check(project: Project) -> Findings:
    if not _is_old(project):
        return
    for endpoint in project.endpoints:
        for name, mark in endpoint.dependencies:
            target = project.python.names.meaning(endpoint.module, mark)
            uses = [n.id for n in ast.walk(endpoint.call.node) if isinstance(n, ast.Name)]
            yields = target.node and any(isinstance(n, ast.Yield) for n in ast.walk(target.node))
            if yields and name in uses:
                message = "The session is closed before the answer is streamed, and stored."
                yield Finding.at(endpoint.module, endpoint.call.node, message)


def _is_old(project: Project) -> bool:
    bounds = [OLD.search(d.bounds) for d in project.dependencies if d.name == "fastapi"]
    return any(found and FIRST <= int(found[2]) < FIXED for found in bounds)
