"""A secret has a default that everybody can read

Sessions and tokens are signed with a word from the source code where the variable is missing, and
nobody notices. Whoever reads it can sign in as anybody. Let the app refuse to start instead.
"""

import ast
import re

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Project

SEVERITY = ERROR
NAME = re.compile(r"(.*_)?(SECRET|SECRET_KEY|SIGNING_KEY|JWT_KEY|SESSION_KEY)", re.IGNORECASE)
READERS = ("os.getenv", "os.environ.get")
WRONG = (
    {
        "app/config.py": "import os\n\nimport chatkit\n\n"
        'secret = os.getenv("JWT_SECRET", "dev-secret")\n'
    },
    {
        "app/config.py": "import chatkit\nfrom pydantic_settings import BaseSettings\n\n\n"
        'class Settings(BaseSettings):\n    session_secret: str = "change-me"\n'
    },
)
RIGHT = (
    {"app/config.py": 'import os\n\nimport chatkit\n\nsecret = os.environ["JWT_SECRET"]\n'},
    {"app/config.py": WRONG[1]["app/config.py"].replace(' = "change-me"', "")},
)


def check(project: Project) -> Findings:
    message = "Without the variable, everybody knows this secret."
    for call in project.python.calls(*READERS):
        name = project.python.values.text(call.module, call.argument("key", 0))
        default = call.argument("default", 1)
        if NAME.fullmatch(name) and _is_word(default):
            yield Finding.at(call.module, call.node, message)
    for call in project.middleware("SessionMiddleware"):
        given = call.argument("secret_key")
        if _is_word(given):
            yield Finding.at(call.module, call.node, "Everybody who reads this knows the secret.")
    for found in project.python.classes:
        if not any(ancestor.endswith("BaseSettings") for ancestor in found.ancestors):
            continue
        for node in found.node.body:
            match node:
                case ast.AnnAssign(target=ast.Name(id=name), value=value) if NAME.fullmatch(name):
                    if _is_word(value):
                        yield Finding.at(found.module, node, message)


def _is_word(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, str) and bool(value.value)
