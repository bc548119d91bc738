"""The answer is not sent as an event stream

ChatKit's component reads server-sent events. With `application/x-ndjson` or another type nothing
appears at all, or "Failed to parse NDJSON line" in a client of one's own, and compression may hold
the text back.
"""

import ast

from chatkit_scaffold.doctor.rule import ERROR, Edit, Finding, Findings, Fix, Project

SEVERITY = ERROR
STREAM = "text/event-stream"
SERVER = """
from chatkit.server import ChatKitServer, StreamingResult
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse

app = FastAPI()


class Server(ChatKitServer):
    async def respond(self, thread, input_user_message, context):
        yield await self.answer(thread)


server = Server(None)
"""
ENDPOINT = """

@app.post("/chatkit")
async def chatkit(request: Request) -> Response:
    result = await server.process(await request.body(), {})
    if isinstance(result, StreamingResult):
        headers = {"X-Accel-Buffering": "no"}
        return StreamingResponse(result, media_type="application/x-ndjson", headers=headers)
    return Response(result.json, media_type="application/json")
"""
WRONG = {"app/main.py": SERVER + ENDPOINT}
RIGHT = {"app/main.py": SERVER + ENDPOINT.replace("application/x-ndjson", STREAM)}


def check(project: Project) -> Findings:
    python = project.python
    for endpoint in project.endpoints:
        for place in python.flow.reached(endpoint.module, endpoint.function):
            for call in python.flow.calls(*place):
                if not call.name.endswith("StreamingResponse"):
                    continue
                given = call.argument("media_type", 3)
                kind = python.values.text(call.module, given)
                if given is not None and kind and not kind.startswith(STREAM):
                    message = f"ChatKit reads {STREAM}: of {kind} it shows nothing."
                    literal = isinstance(given, ast.Constant)
                    edit = Edit.replace(call.module, given, f'"{STREAM}"')
                    fix = Fix((edit,), safe=True) if literal else None
                    yield Finding.at(call.module, given, message, fix)
