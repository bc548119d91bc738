"""A comment silences what is not there

What `# chatkit: ignore[...]` was written for has been mended, or its code has a typing error. The
next mistake of this kind on the same line would stay unseen: take the comment away.
"""

from chatkit_scaffold.doctor.rule import WARNING, Findings, Project

SEVERITY = WARNING
WRONG = {
    "app/page.py": """from chatkit.types import Page


def page(rows):
    return Page(data=rows, has_more=False)  # chatkit: ignore[CK206] the rest is not shown
"""
}
RIGHT = {
    "app/page.py": """from chatkit.types import Page


def page(rows, limit):
    return Page(data=rows[:limit], has_more=True)  # chatkit: ignore[CK206] the rest is not shown
"""
}


def check(_: Project) -> Findings:
    """Only known when all other rules have run: `suppression.py` tells."""
    yield from ()
