"""Everybody without a name is the same user

A fallback such as `"anonymous"` gives all visitors who are not signed in one account: they read and
delete each other's conversations. Answer 401, or give each visitor a random id in a signed cookie.
"""

import ast
import re

from chatkit_scaffold.doctor.rule import WARNING, Finding, Findings, Project

SEVERITY = WARNING
SHARED = re.compile(r"(anonymous|anon|default|guest|demo|unknown|public)([-_ ]?user)?", re.I)
USER = re.compile(r"(^|[^a-z])(user|account|customer|owner|session)([-_]?id)?$", re.IGNORECASE)
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
    places = [(*p, False) for e in project.endpoints for p in flow.reached(e.module, e.function)]
    methods = [method for store in project.python.stores for method in store.own.values()]
    places += [(m.module, m.node, True) for m in methods if "context" in m.parameters]
    for module, function, is_store in places:
        for node in ast.walk(function):
            fallback = _fallback(node, is_store)
            if fallback is not None:
                message = "All visitors without a name share one account."
                yield Finding.at(module, fallback, message)


def _fallback(node: ast.AST, is_store: bool) -> ast.expr | None:
    """In a store `return "default"` is enough: the key for what belongs to nobody."""
    match node:
        case ast.BoolOp(op=ast.Or(), values=[*first, ast.Constant(value=str(word)) as last]):
            about_user = any(USER.search(_key(value)) for value in first)
        case ast.Call(
            func=ast.Attribute(attr="get"), args=[key, ast.Constant(value=str(word)) as last]
        ):
            about_user = bool(USER.search(str(getattr(key, "value", ""))))
        case ast.Return(value=ast.Constant(value=str(word)) as last):
            about_user = is_store
        case _:
            return None
    return last if about_user and SHARED.fullmatch(word) else None


def _key(value: ast.expr) -> str:
    """What a value is called: a name, an attribute, or the key it is looked up by."""
    match value:
        case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=str(key)), *_]):
            return key
        case ast.Subscript(slice=ast.Constant(value=str(key))):
            return key
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""
