"""The body of a request is parsed before ChatKit gets it

`process` takes the raw body. A dict is refused with a ValidationError, an HTTP 500 for every
message; a Pydantic model as parameter makes FastAPI answer 422 before the endpoint runs.
"""

import ast

from chatkit_scaffold.doctor.rule import ERROR, Edit, Finding, Findings, Fix, Module, Project, named

SEVERITY = ERROR
WRONG = {
    "app/main.py": """
from chatkit.server import ChatKitServer
from fastapi import FastAPI, Request

app = FastAPI()


class Server(ChatKitServer):
    async def respond(self, thread, input_user_message, context):
        yield await self.answer(thread)


server = Server(None)


@app.post("/chatkit")
async def chatkit(request: Request):
    body = await request.json()
    return await server.process(body, {})
"""
}
RIGHT = {"app/main.py": WRONG["app/main.py"].replace("request.json()", "request.body()")}


def check(project: Project) -> Findings:
    for endpoint in project.endpoints:
        module = endpoint.module
        body = endpoint.call.argument("request", 0)
        if body is None:
            continue
        place, made = project.python.values.origin(module, body)
        if isinstance(made, ast.Call) and getattr(made.func, "attr", "") == "json":
            message = "ChatKit takes the raw body: this parsed one is refused, every time."
            yield Finding.at(place, made, message, _fix(place, made, body))
        elif isinstance(body, ast.Name) and _is_dict_parameter(endpoint.function, body.id):
            message = "ChatKit takes the raw body of the request, not a parsed parameter."
            yield Finding.at(module, body, message)


def _fix(module: Module, made: ast.Call, body: ast.expr) -> Fix | None:
    name = body.id if isinstance(body, ast.Name) else ""
    around = module.function_of(made)
    uses = [n for n in ast.walk(around or made) if isinstance(n, ast.Name) and n.id == name]
    if len(uses) > 2 or not isinstance(made.func, ast.Attribute):  # noqa: PLR2004 (set and passed)
        return None
    end = module.span(made.func)[1]
    return Fix((Edit(module.path, end - len("json"), end, "body"),), safe=True)


def _is_dict_parameter(function: ast.AST, name: str) -> bool:
    arguments = getattr(function, "args", None)
    for argument in arguments.args if arguments else ():
        if argument.arg == name and argument.annotation is not None:
            kind = argument.annotation
            kind = kind.value if isinstance(kind, ast.Subscript) else kind
            return named(kind)[-1:] in (["dict"], ["Dict"], ["ChatKitReq"])
    return False
