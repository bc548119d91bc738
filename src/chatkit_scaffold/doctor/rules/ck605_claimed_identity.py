"""The user is whoever the request says it is

A header, a query parameter or a field of the body called `user_id` can be set by anybody: changing
one word shows them another person's conversations. Take the user from a verified token or from a
signed session cookie.
"""

import re
from collections.abc import Iterator
from typing import Any

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Project, Script, claims

SEVERITY = ERROR
VERIFIED = re.compile(
    r"^\s*(from|import) (jwt|jose|hmac|itsdangerous|authlib|auth0|clerk)|"
    r"\b\w*(unsign|verif|authenticate|compare_digest)\w*\(",
    re.MULTILINE,
)
SENT = re.compile(r"\b(body|query|searchParams|params)\b")
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
    seen: set[Any] = set()
    message = "Anybody can send this and is then that user."
    for endpoint in project.endpoints:
        for module, function in project.python.flow.reached(endpoint.module, endpoint.function):
            if VERIFIED.search(module.text):
                continue
            for node in claims(function):
                if node not in seen:
                    seen.add(node)
                    yield Finding.at(module, node, message)
    for script in project.scripts:
        for node in _sessions(script):
            yield Finding.at(script, node, message)


def _sessions(script: Script) -> Iterator[Any]:
    """The `user` of a hosted session that a route of the page's own server asks for."""
    if "chatkit/sessions" not in script.text and "chatkit.sessions" not in script.text:
        return
    for pair in script.all("pair"):
        value = pair.child_by_field_name("value")
        if script.source(pair.child_by_field_name("key")) == "user" and value is not None:
            words = re.findall(r"\w+", script.source(value))
            made = [script.definitions[word] for word in words if word in script.definitions]
            plain = [script.source(node) for node in made if "function" not in node.type]
            if any(SENT.search(text) for text in [script.source(value), *plain]):
                yield value
