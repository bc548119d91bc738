"""The user is whoever the request says it is

A header, a query parameter or a field of the body called `user_id` can be set by anybody: changing
one word shows them another person's conversations. Take the user from a verified token or from a
signed session cookie.
"""

import ast
import re

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Function, Project

SEVERITY = ERROR
CLAIM = re.compile(r"(x-)?(chatkit-)?(user|account|customer|owner)[-_]?id", re.IGNORECASE)
VERIFIED = re.compile(
    r"^\s*(from|import) (jwt|jose|hmac|itsdangerous|authlib|auth0|clerk)|"
    r"\b\w*(unsign|verif|authenticate|compare_digest)\w*\(",
    re.MULTILINE,
)
SOURCES = ("headers", "query_params")
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
    context = {"user_id": request.headers.get("X-User-Id")}
    result = await Server(None).process(await request.body(), context)
    return StreamingResponse(result, headers={"X-Accel-Buffering": "no"})
"""
}
RIGHT = {
    "app/main.py": WRONG["app/main.py"].replace(
        'request.headers.get("X-User-Id")', "request.session.get('user_id')"
    )
}


def check(project: Project) -> Findings:
    seen: set[ast.AST] = set()
    for endpoint in project.endpoints:
        for module, function in project.python.flow.reached(endpoint.module, endpoint.function):
            if VERIFIED.search(module.text):
                continue
            for node in _claims(function):
                if node not in seen:
                    seen.add(node)
                    message = "Anybody can send this and is then that user."
                    yield Finding.at(module, node, message)


def _claims(function: Function) -> list[ast.AST]:
    found: list[ast.AST] = []
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Attribute(value=source, attr="get"), args=[key, *_]):
                name = getattr(key, "value", "")
            case ast.Subscript(value=source, slice=ast.Constant(value=name)):
                pass
            case _:
                continue
        if getattr(source, "attr", "") in SOURCES and CLAIM.fullmatch(str(name)):
            found.append(node)
    arguments = function.args
    late = list(zip(reversed(arguments.args), reversed(arguments.defaults), strict=False))
    for argument, default in late:
        made = getattr(getattr(default, "func", None), "id", "")
        if made in ("Header", "Query", "Body", "Cookie") and CLAIM.fullmatch(argument.arg):
            found.append(argument)
    return found
