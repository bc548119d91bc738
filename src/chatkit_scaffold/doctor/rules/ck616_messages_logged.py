"""What people write, or who they are, ends up in the log

Bodies of requests hold messages and headers hold tokens; logs are kept for long and read by many.
Log an id and a length instead.
"""

from chatkit_scaffold.doctor.rule import (
    WARNING,
    Finding,
    Findings,
    Project,
    private_lines,
    sees_everything,
)

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
    body = await request.body()
    print("request:", body[:500])
    result = await Server(None).process(body, {})
    return StreamingResponse(result, headers={"X-Accel-Buffering": "no"})
"""
}
RIGHT = {"app/main.py": WRONG["app/main.py"].replace("body[:500]", "len(body)")}


def check(project: Project) -> Findings:
    flow = project.python.flow
    classes = [*project.python.servers, *project.python.subclasses("chatkit.ThreadItemConverter")]
    starts = [(endpoint.module, endpoint.function) for endpoint in project.endpoints]
    starts += [(m.module, m.node) for found in classes for m in found.own.values()]
    for module in {endpoint.module for endpoint in project.endpoints}:
        starts += [(module, f) for f in module.functions if sees_everything(f)]
    for module, function in dict.fromkeys(p for start in starts for p in flow.reached(*start)):
        for line in private_lines(module, function):
            yield Finding.at(module, line, "This goes into the log, where many can read it.")
