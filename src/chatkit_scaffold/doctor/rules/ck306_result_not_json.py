"""An answer that is no stream is sent wrongly

`process` answers lists, titles and deletions with a `NonStreamingResult`, whose `json` holds the
bytes. The result itself cannot be sent ("'NonStreamingResult' object has no attribute 'encode'"),
and `JSONResponse` cannot take bytes: the history stays empty, with an HTTP 500.
"""

import ast

from chatkit_scaffold.doctor.rule import (
    ERROR,
    Call,
    Edit,
    Finding,
    Findings,
    Fix,
    Project,
    result_names,
)

SEVERITY = ERROR
WRONG = {
    "app/main.py": """
from chatkit.server import ChatKitServer, StreamingResult
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse

app = FastAPI()


class Server(ChatKitServer):
    async def respond(self, thread, input_user_message, context):
        yield await self.answer(thread)


@app.post("/chatkit")
async def chatkit(request: Request):
    result = await Server(None).process(await request.body(), {})
    if isinstance(result, StreamingResult):
        headers = {"X-Accel-Buffering": "no"}
        return StreamingResponse(result, media_type="text/event-stream", headers=headers)
    return Response(content=result, media_type="application/json")
"""
}
RIGHT = {"app/main.py": WRONG["app/main.py"].replace("content=result", "content=result.json")}


def check(project: Project) -> Findings:
    python = project.python
    for endpoint in project.endpoints:
        names = result_names(endpoint)
        for call in python.flow.calls(endpoint.module, endpoint.function):
            kind, fix = call.name.rpartition(".")[2], None
            content = call.argument("content", 0)
            if kind in ("Response", "JSONResponse") and _is(content, names) and content:
                edits = [Edit.insert(call.module, call.module.span(content)[1], ".json")]
                fix = Fix(tuple(edits), safe=True) if kind == "Response" else None
            elif not (
                (
                    kind == "JSONResponse"
                    and isinstance(content, ast.Attribute)
                    and _json(content, names)
                )
                or (
                    call.method in ("model_dump_json", "json", "model_dump") and _owner(call, names)
                )
                or (call.name == "json.dumps" and _is(content, names))
            ):
                continue
            message = "Lists and titles fail with an HTTP 500: send the bytes of result.json."
            yield Finding.at(call.module, call.node, message, fix)


def _is(node: ast.expr | None, names: set[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in names


def _json(node: ast.Attribute, names: set[str]) -> bool:
    return node.attr == "json" and _is(node.value, names)


def _owner(call: Call, names: set[str]) -> bool:
    return isinstance(call.node.func, ast.Attribute) and _is(call.node.func.value, names)
