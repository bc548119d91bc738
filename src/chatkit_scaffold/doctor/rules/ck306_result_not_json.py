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
    for endpoint in project.endpoints:
        names = result_names(endpoint)
        json = {f"{name}.json" for name in names}
        calls = project.python.flow.calls(endpoint.module, endpoint.function)
        # After both kinds have been answered a last `return JSONResponse(result)` is never reached.
        answered = any(_kind(call) == "Response" and _content(call) in json for call in calls)
        whole = set() if answered else names
        for call in calls:
            kind, content, fix = _kind(call), _content(call), None
            if kind == "Response" and content in whole:
                given = call.argument("content", 0) or call.node
                end = call.module.span(given)[1]
                fix = Fix((Edit.insert(call.module, end, ".json"),), safe=True)
            elif not (
                (kind in ("JSONResponse", "dumps") and content in json | whole)
                or ast.unparse(call.node) in {f"{name}.json()" for name in names}
            ):
                continue
            message = "Lists and titles fail with an HTTP 500: send the bytes of result.json."
            yield Finding.at(call.module, call.node, message, fix)


def _kind(call: Call) -> str:
    return call.name.rpartition(".")[2]


def _content(call: Call) -> str:
    given = call.argument("content", 0)
    return ast.unparse(given) if given is not None else ""
