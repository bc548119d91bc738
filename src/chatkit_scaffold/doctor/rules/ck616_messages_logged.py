"""What people write, or who they are, ends up in the log

Bodies of requests hold messages and headers hold tokens; logs are kept for long and read by many.
Log an id and a length instead.
"""

import ast
import re
from itertools import takewhile

from chatkit_scaffold.doctor.rule import WARNING, Finding, Findings, Module, Project, named

SEVERITY = WARNING
LOGGERS = ("logger", "logging", "log", "_logger", "LOGGER")
LEVELS = ("debug", "info", "warning", "error", "exception", "critical", "log")
PRIVATE = re.compile(
    r"(raw_|request_)?(body|payload)(_bytes|_json)?|.*_?token|authorization|api_key|"
    r"(user|base|message|selected|input)_(text|message|content|input|query|prompt)|"
    r"content_preview|transcript",
    re.IGNORECASE,
)
COUNTS = ("len", "bool", "type", "hash")
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
    body = await request.body()
    print("request:", body[:500])
    result = await Server(None).process(body, {})
    return StreamingResponse(result, headers={"X-Accel-Buffering": "no"})
"""
}
RIGHT = {"app/main.py": WRONG["app/main.py"].replace("body[:500]", "len(body)")}


def check(project: Project) -> Findings:
    flow = project.python.flow
    starts = [(endpoint.module, endpoint.function) for endpoint in project.endpoints]
    starts += [(m.module, m.node) for s in project.python.servers for m in s.own.values()]
    for module, function in dict.fromkeys(p for start in starts for p in flow.reached(*start)):
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and _is_log(node) and _tells(module, node):
                yield Finding.at(module, node, "This goes into the log, where many can read it.")


def _is_log(call: ast.Call) -> bool:
    parts = named(call.func)
    if parts == ["print"]:
        return True
    return len(parts) > 1 and parts[-1] in LEVELS and parts[-2] in LOGGERS


def _tells(module: Module, call: ast.Call) -> bool:
    for node in ast.walk(call):
        if not isinstance(node, ast.Name) or not PRIVATE.fullmatch(node.id):
            continue
        around = list(takewhile(lambda above: above is not call, module.above(node)))
        if not any(isinstance(a, ast.Compare) or _counts(a) for a in around):
            return True
    return False


def _counts(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) or (
        isinstance(node, ast.Call) and getattr(node.func, "id", "") in COUNTS
    )
