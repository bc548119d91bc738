"""The events of a stream are wrapped a second time

What `process` answers are bytes that are complete events: `data: {...}` and an empty line. Wrapped
again, nothing is shown; through `json.dumps` the stream breaks off with "Object of type bytes is
not JSON serializable".
"""

import ast

from chatkit_scaffold.doctor.rule import ERROR, Edit, Finding, Findings, Fix, Project

SEVERITY = ERROR
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

    async def events():
        async for chunk in result:
            yield f"data: {chunk}\\n\\n"

    headers = {"X-Accel-Buffering": "no"}
    return StreamingResponse(events(), media_type="text/event-stream", headers=headers)
"""
}
RIGHT = {"app/main.py": WRONG["app/main.py"].replace('f"data: {chunk}\\n\\n"', "chunk")}


def check(project: Project) -> Findings:
    for endpoint in project.endpoints:
        for module, function in project.python.flow.reached(endpoint.module, endpoint.function):
            for loop in ast.walk(function):
                if not isinstance(loop, ast.AsyncFor) or not isinstance(loop.target, ast.Name):
                    continue
                if "bytes" in [n.id for n in ast.walk(loop) if isinstance(n, ast.Name)]:
                    continue  # it lets bytes pass, so the rest never runs
                for node in ast.walk(loop):
                    if isinstance(node, ast.Yield) and _wraps(node.value, loop.target.id):
                        edit = Edit.replace(module, node.value, loop.target.id)
                        message = "The chunk is a whole event already: wrapped, it shows nothing."
                        yield Finding.at(module, node, message, Fix((edit,), safe=True))


def _wraps(value: ast.expr | None, chunk: str) -> bool:
    """`f"data: {chunk}"`, `"data: " + chunk`, `json.dumps(chunk)`, and those inside each other."""
    nodes = list(ast.walk(value)) if value else []
    texts = [n.value for n in nodes if isinstance(n, ast.Constant)]
    adds = any(isinstance(text, str) and text.lstrip().startswith("data:") for text in texts)
    dumps = any(isinstance(n, ast.Attribute) and n.attr == "dumps" for n in nodes)
    owners = [n.value for n in nodes if isinstance(n, ast.Attribute)]
    whole = [n for n in nodes if isinstance(n, ast.Name) and n.id == chunk and n not in owners]
    return (adds or dumps) and bool(whole)
