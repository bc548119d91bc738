"""Times of another clock are mixed with ChatKit's

ChatKit stamps threads, messages and workflows with `datetime.now()`: local, without a zone. Items
made with UTC stand beside them hours off and out of order, and a zone makes it an error: "can't
subtract offset-naive and offset-aware datetimes". Use `datetime.now()`, and convert in the store.
"""

import ast

from chatkit_scaffold.doctor.rule import ERROR, WARNING, Finding, Findings, Project, moments

SEVERITY = WARNING
SUBTRACTED = ("chatkit.WorkflowItem",)  # its duration is counted from created_at
WRONG = {
    "app/items.py": """
from datetime import UTC, datetime

from chatkit.types import HiddenContextItem


def note(id, thread_id, text):
    return HiddenContextItem(
        id=id, thread_id=thread_id, created_at=datetime.now(UTC), content=text
    )
"""
}
RIGHT = {
    "app/items.py": """
from datetime import datetime

from chatkit.types import HiddenContextItem


def note(id, thread_id, text):
    return HiddenContextItem(id=id, thread_id=thread_id, created_at=datetime.now(), content=text)
"""
}


def check(project: Project) -> Findings:
    python = project.python
    for call in python.all_calls:
        created = call.argument("created_at") if call.name.startswith("chatkit.") else None
        if created is None:
            continue
        for place, made in moments(python, call.module, created):
            kind = python.meaning(place, made.func).rpartition(".")[2]
            zoned = kind == "now" and bool(made.args or made.keywords)
            naive = any(isinstance(a, ast.Constant) and a.value is None for a in made.args)
            if kind == "utcnow" or (zoned and not naive):
                severe = zoned and call.name in SUBTRACTED
                message = "ChatKit's own times are local and have no zone: this one is hours off."
                yield Finding.at(
                    call.module, created, message, severity=ERROR if severe else WARNING
                )
                break
