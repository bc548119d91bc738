"""Every site may call the API with its visitors' cookies

With `allow_origins=["*"]` and `allow_credentials=True` Starlette answers each origin with its own
name and allows cookies. Any page that one of your users opens can then read and write their
conversations. Name the origins of your pages.
"""

import ast

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Project

SEVERITY = ERROR
WRONG = {
    "app/main.py": """
import chatkit
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
"""
}
RIGHT = (
    {"app/main.py": WRONG["app/main.py"].replace('"*"', '"https://chat.example.com"')},
    {"app/main.py": WRONG["app/main.py"].replace(", allow_credentials=True", "")},
)


def check(project: Project) -> Findings:
    values = project.python.values
    for call in project.middleware("CORSMiddleware"):
        cookies = values.constant(call.module, call.argument("allow_credentials"))
        given = call.argument("allow_origins")
        if cookies is not True or given is None:
            continue
        module, origins = values.origin(call.module, given)
        listed = origins.elts if isinstance(origins, ast.List | ast.Tuple) else [origins]
        pattern = values.text(call.module, call.argument("allow_origin_regex"))
        if pattern in (".*", "https?://.*") or "*" in [values.text(module, n) for n in listed]:
            message = "Any site can act for a user who is signed in here."
            yield Finding.at(call.module, call.node, message)
