"""The page asks an address where ChatKit is not served

Requests go to exactly `api.url`, so it has to be the whole address of the endpoint: with the host
alone, or another path than the route's, every request is answered with 404 and the chat only shows
an error.
"""

from urllib.parse import urlsplit

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Project, outcomes

SEVERITY = ERROR
SERVER = """
from chatkit.server import ChatKitServer
from fastapi import FastAPI, Request, Response

from app.assistant import answer, store, user_of

app = FastAPI()


class Server(ChatKitServer):
    async def respond(self, thread, input_user_message, context):
        async for event in answer(thread, context):
            yield event


server = Server(store)


@app.post("/chatkit")
async def chatkit(request: Request):
    result = await server.process(await request.body(), user_of(request))
    return Response(result.json, media_type="application/json")
"""
CHAT = """chatkit.setOptions({
  api: { url: "http://localhost:8000/chatkit", domainKey: KEY },
});
"""
WRONG = (
    {"chat.js": CHAT.replace("8000/chatkit", "8000")},
    {"app/main.py": SERVER, "chat.js": CHAT.replace("/chatkit", "/api/chat")},
)
RIGHT = {"app/main.py": SERVER, "chat.js": CHAT}


def check(project: Project) -> Findings:
    served = {id(endpoint.function) for endpoint in project.endpoints}
    paths = [route.path.rstrip("/") for route in project.routes if id(route.node) in served]
    for api in project.apis:
        for node in outcomes(api.script, api.at("url")):
            address = urlsplit(api.script.string(node) or "")
            path = address.path.rstrip("/")
            if not address.netloc:
                continue
            if not path and "" not in paths:
                message = "This is the host alone: the path of the endpoint is missing."
                yield Finding.at(api.script, node, message)
            elif address.hostname == "localhost" and paths and not _served(path, paths):
                message = f"The backend serves ChatKit at {paths[0]}, not at {path}."
                yield Finding.at(api.script, node, message)


def _served(path: str, paths: list[str]) -> bool:
    """A router may be mounted below a prefix."""
    return any("{" in known or path.endswith(known) for known in paths)
