"""A Page is given fields that it does not have

`Page` takes `data`, `has_more` and `after`. Anything else (`next_cursor`, `last_id`, `cursor`) is
dropped without a word, `after` stays empty, and the next page never comes.
"""

from chatkit_scaffold.doctor.rule import ERROR, Edit, Finding, Findings, Fix, Project

SEVERITY = ERROR
RENAMED = ("next_cursor", "cursor", "next", "next_page", "last_id", "after_id", "next_after")
WRONG = {
    "app/store.py": """
from chatkit.types import Page


def page(rows, limit):
    return Page(data=rows[:limit], has_more=False, next_cursor=rows[-1].id)
"""
}
RIGHT = {
    "app/store.py": """
from chatkit.types import Page


def page(rows, limit):
    data = rows[:limit]
    more = len(rows) > limit
    return Page(data=data, has_more=more, after=data[-1].id if more else None)
"""
}


def check(project: Project) -> Findings:
    known = project.sdk.fields("Page")
    for call in project.python.calls("chatkit.Page"):
        for word in call.node.keywords:
            if not known or not word.arg or word.arg in known:
                continue
            fix = None
            if word.arg in RENAMED and "after" not in call.keywords:
                start = call.module.span(word)[0]
                edit = Edit(call.module.path, start, start + len(word.arg), "after")
                fix = Fix((edit,))
            message = f"Page has no field {word.arg!r}: it is dropped, and paging stops here."
            yield Finding.at(call.module, word, message, fix)
