"""The endpoint answers with the text of an exception

What went wrong inside (SQL, file names, keys in URLs) reaches the browser of whoever asks. Errors
during the stream never come here anyway: ChatKit turns those into an event of its own. Log it, and
answer with words for people.
"""

import ast

from chatkit_scaffold.doctor.rule import WARNING, Finding, Findings, Project

SEVERITY = WARNING
WRONG = {
    "app/main.py": """
from chatkit.server import ChatKitServer
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import StreamingResponse

app = FastAPI()


class Server(ChatKitServer):
    async def respond(self, thread, input_user_message, context):
        yield await self.answer(thread)


@app.post("/chatkit")
async def chatkit(request: Request):
    try:
        result = await Server(None).process(await request.body(), {})
    except Exception as error:
        raise HTTPException(500, detail=str(error)) from error
    return StreamingResponse(result, headers={"X-Accel-Buffering": "no"})
"""
}
RIGHT = {"app/main.py": WRONG["app/main.py"].replace("str(error)", '"Please try again."')}


def check(project: Project) -> Findings:
    for endpoint in project.endpoints:
        module = endpoint.module
        for handler in ast.walk(endpoint.function):
            if not isinstance(handler, ast.ExceptHandler) or not handler.name:
                continue
            for node in ast.walk(handler):
                if isinstance(node, ast.Return | ast.Raise) and (
                    told := next((n for n in ast.walk(node) if _tells(n, handler.name)), None)
                ):
                    message = "What went wrong inside is sent to whoever asks."
                    yield Finding.at(module, told, message)


def _tells(node: ast.AST, error: str) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="str" | "repr"), args=[ast.Name(id=name)]):
            return name == error
        case ast.FormattedValue(value=ast.Name(id=name)):
            return name == error
    return False
