"""An ErrorEvent is made with fields or a code that it does not have

It has `code`, `message` and `allow_retry`. An `error_code` is dropped, so the user gets the general
text; any `code` but "custom" is a ValidationError inside the error handling itself.
"""

import ast

from chatkit_scaffold.doctor.rule import ERROR, Edit, Finding, Findings, Fix, Project

SEVERITY = ERROR
CODES = ("custom", "stream.error")
WRONG = (
    {
        "app/problems.py": """
from chatkit.types import ErrorEvent


def problem(text):
    return ErrorEvent(error_code="rate_limit", message=text)
"""
    },
    {
        "app/problems.py": """
from chatkit.types import ErrorEvent


def problem(text):
    return ErrorEvent(code="rate_limit", message=text)
"""
    },
)
RIGHT = {
    "app/problems.py": """
from chatkit.types import ErrorEvent


def problem(text):
    return ErrorEvent(code="custom", message=text, allow_retry=True)
"""
}


def check(project: Project) -> Findings:
    fields = project.sdk.fields("ErrorEvent")
    for call in project.python.calls("chatkit.ErrorEvent"):
        for word in call.node.keywords:
            code = word.value.value if isinstance(word.value, ast.Constant) else None
            fix = None
            if word.arg in ("error_code", "code") and isinstance(code, str):
                if word.arg == "error_code" and "code" in call.keywords:
                    continue
                fix = Fix((Edit.replace(call.module, word, 'code="custom"'),), safe=True)
            if fields and word.arg and word.arg not in fields:
                message = f"ErrorEvent has no {word.arg!r}: the user never learns of it."
                yield Finding.at(call.module, word, message, fix)
            elif word.arg == "code" and isinstance(code, str) and code not in CODES:
                message = 'The code of an error is "custom"; any other fails while it is told.'
                yield Finding.at(call.module, word, message, fix)
