"""A page says that there is more, and not after what

With `has_more` and no `after` ChatKit asks for the same page again and again: on "retry" the server
loops for ever and answers nobody. With an `after` that was taken from one row too many (the usual
`limit + 1` trick, before cutting), an item is skipped at the end of each page.
"""

import ast

from chatkit_scaffold.doctor.rule import ERROR, Call, Finding, Findings, Project

SEVERITY = ERROR
WRONG = {
    "app/store.py": """
from chatkit.types import Page


def page(rows, limit):
    return Page(data=rows[:limit], has_more=len(rows) > limit)


def window(rows, limit):
    more = len(rows) > limit
    return Page(data=rows[:limit], has_more=more, after=rows[-1].id if more else None)
"""
}
RIGHT = {
    "app/store.py": """
from chatkit.types import Page


def page(rows, limit):
    data = rows[:limit]
    more = len(rows) > limit
    return Page(data=data, has_more=more, after=data[-1].id if more else None)


def everything(rows):
    return Page(data=rows, has_more=False)
"""
}


def check(project: Project) -> Findings:
    values = project.python.values
    for call in project.python.calls("chatkit.Page"):
        more, after = call.argument("has_more"), call.argument("after")
        if call.is_open or more is None or values.constant(call.module, more) is False:
            continue
        unknown = [word for word in call.keywords if word not in project.sdk.fields("Page")]
        empty = isinstance(after, ast.Constant) and after.value is None
        if (after is None or empty) and not _set_later(call) and not unknown:
            message = "has_more may be true and after is not set: a retry then never ends."
            yield Finding.at(call.module, call.node, message)
        elif after is not None and any(
            _is_beyond(node, call.argument("data")) for node in ast.walk(after)
        ):
            message = "after names a row that is not on the page: the next page skips it."
            yield Finding.at(call.module, after, message)


def _set_later(call: Call) -> bool:
    around = call.module.function_of(call.node) or call.module.tree
    return any(
        isinstance(n, ast.Attribute) and n.attr == "after" and isinstance(n.ctx, ast.Store)
        for n in ast.walk(around)
    )


def _is_beyond(node: ast.AST, data: ast.expr | None) -> bool:
    """`rows[-1]` or `rows[limit]`, where the page is `rows[:limit]`."""
    match data:
        case ast.Subscript(
            value=ast.Name(id=name), slice=ast.Slice(lower=None, upper=ast.Name(id=limit))
        ):
            beyond = (f"{name}[-1]", f"{name}[{limit}]")
            return isinstance(node, ast.Subscript) and ast.unparse(node) in beyond
    return False
