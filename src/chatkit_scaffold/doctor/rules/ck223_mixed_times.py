"""Times of another clock are mixed with ChatKit's

ChatKit stamps threads, messages and workflows with `datetime.now()`: local, without a zone. Items
made with UTC stand beside them hours off and out of order, and a zone makes it an error: "can't
subtract offset-naive and offset-aware datetimes". Use `datetime.now()`, and convert in the store.
"""

import ast
from collections.abc import Iterator

from chatkit_scaffold.doctor.rule import ERROR, WARNING, Finding, Findings, Module, Project

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
        for place, made in _made(project, call.module, created):
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


def _made(
    project: Project, module: Module, value: ast.expr, steps: int = 3
) -> Iterator[tuple[Module, ast.Call]]:
    """The calls that may have made it, `a if b else c` and `.isoformat()` looked through."""
    place, made = project.python.values.origin(module, value)
    match made:
        case ast.Call(func=ast.Attribute(value=inner, attr="isoformat")) if steps:
            yield from _made(project, place, inner, steps - 1)
        case ast.Call():
            yield place, made
        case ast.IfExp(body=one, orelse=other) if steps:
            yield from _made(project, place, one, steps - 1)
            yield from _made(project, place, other, steps - 1)
