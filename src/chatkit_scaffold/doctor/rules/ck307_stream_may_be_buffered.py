"""Nothing tells proxies to let the stream through

nginx and other proxies collect an answer before they pass it on, so people wait and then see all of
the text at once. `X-Accel-Buffering: no` and `Cache-Control: no-cache` on the streaming response
stop that.
"""

from chatkit_scaffold.doctor.rule import INFO, Finding, Findings, Project

SEVERITY = INFO
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
    result = await Server(None).process(await request.body(), {})
    return StreamingResponse(result, media_type="text/event-stream")
"""
}
RIGHT = {
    "app/main.py": WRONG["app/main.py"].replace(
        'stream")', 'stream", headers={"X-Accel-Buffering": "no", "Cache-Control": "no-cache"})'
    )
}


def check(project: Project) -> Findings:
    flow = project.python.flow
    for endpoint in project.endpoints:
        places = list(flow.reached(endpoint.module, endpoint.function))
        if any("accel-buffering" in module.text.lower() for module, _ in places):
            continue
        for call in [call for place in places for call in flow.calls(*place)]:
            bare = "headers" not in call.keywords and not call.is_open
            if call.name.endswith("StreamingResponse") and bare:
                message = "Behind a proxy the whole answer may come at once, at its end."
                yield Finding.at(call.module, call.node, message)
