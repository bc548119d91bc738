"""A token is looked for, and nobody minds when there is none

`HTTPBearer(auto_error=False)` answers None where no token was sent. An endpoint that then does
nothing with it serves everybody. Answer 401 when it is missing, and verify it when it is there.
"""

import ast

from chatkit_scaffold.doctor.rule import WARNING, Endpoint, Finding, Findings, Project, scope

SEVERITY = WARNING
LOGS = ("print", "logger", "logging", "log")
WRONG = {
    "app/main.py": """
import logging

from chatkit.server import ChatKitServer
from fastapi import Depends, FastAPI, Request
from fastapi.responses import StreamingResponse
from fastapi.security import HTTPBearer

app = FastAPI()
bearer = HTTPBearer(auto_error=False)
logger = logging.getLogger(__name__)


class Server(ChatKitServer):
    async def respond(self, thread, input_user_message, context):
        yield await self.answer(thread)


@app.post("/chatkit")
async def chatkit(request: Request, given=Depends(bearer)):
    logger.info("signed in: %s", given is not None)
    result = await Server(None).process(await request.body(), {})
    return StreamingResponse(result, headers={"X-Accel-Buffering": "no"})
"""
}
RIGHT = {
    "app/main.py": WRONG["app/main.py"].replace(
        "    result =", "    user = verify(given)\n    result ="
    )
}


def check(project: Project) -> Findings:
    for endpoint in project.endpoints:
        for name, scheme in endpoint.dependencies:
            call = project.python.values.origin(endpoint.module, scheme)[1]
            words = {w.arg: w.value for w in call.keywords} if isinstance(call, ast.Call) else {}
            strict = getattr(words.get("auto_error"), "value", True)
            if strict is False and not _is_used(endpoint, name):
                message = "Everybody gets in: what was sent as a token is never looked at."
                yield Finding.at(endpoint.module, endpoint.function, message)


def _is_used(endpoint: Endpoint, name: str) -> bool:
    logged = {
        inner
        for node in scope(endpoint.function)
        if isinstance(node, ast.Call) and _owner(node.func) in LOGS
        for inner in ast.walk(node)
    }
    return any(
        isinstance(n, ast.Name) and n.id == name and n not in logged
        for n in scope(endpoint.function)
    )


def _owner(function: ast.expr) -> str:
    owner = function.value if isinstance(function, ast.Attribute) else function
    return getattr(owner, "id", "")
