"""The endpoint answers with the text of an exception

What went wrong inside (SQL, file names, keys in URLs) reaches the browser of whoever asks. Errors
during the stream never come here anyway: ChatKit turns those into an event of its own. Log it, and
answer with words for people.
"""

import ast
from collections.abc import Iterator

from chatkit_scaffold.doctor.rule import (
    WARNING,
    Endpoint,
    Finding,
    Findings,
    Function,
    Module,
    Project,
    told,
)

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
    places = [place for endpoint in project.endpoints for place in _answering(project, endpoint)]
    for module, function in dict.fromkeys(places):
        for handler in ast.walk(function):
            for node in ast.walk(handler) if isinstance(handler, ast.ExceptHandler) else ():
                if isinstance(node, ast.Return | ast.Raise) and isinstance(
                    handler, ast.ExceptHandler
                ):
                    words = told(node, handler)
                    if words:
                        message = "What went wrong inside is sent to whoever asks."
                        yield Finding.at(module, words[0], message)


def _answering(project: Project, endpoint: Endpoint) -> Iterator[tuple[Module, Function]]:
    """The endpoint, what FastAPI asks for it, and the routes below it, as for uploads."""
    yield endpoint.module, endpoint.function
    for _, asked in endpoint.dependencies:
        meaning = project.python.names.meaning(endpoint.module, asked)
        if meaning.module and isinstance(meaning.node, Function):
            yield meaning.module, meaning.node
    routes = [route for route in project.routes if route.module is endpoint.module]
    own = tuple(
        f"{route.path}/" for route in routes if route.node is endpoint.function and route.path
    )
    yield from ((route.module, route.node) for route in routes if route.path.startswith(own))
