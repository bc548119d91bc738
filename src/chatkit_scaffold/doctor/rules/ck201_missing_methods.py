"""A store, server or attachment store lacks methods

ChatKit's base classes are abstract: an object of a class that lacks one of their methods cannot be
made, and the app stops at its start with "Can't instantiate abstract class ... with abstract
methods". A Store has twelve of them.
"""

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Project

SEVERITY = ERROR
BASES = ("Store", "AttachmentStore", "ChatKitServer")
KNOWN = ("chatkit.", "typing.", "abc.", "collections.", "typing_extensions.")
WRONG = {
    "app/files.py": """
from chatkit.store import AttachmentStore


class Files(AttachmentStore):
    async def create_attachment(self, input, context):
        raise ValueError("There is no room.")


files = Files()
"""
}
RIGHT = {
    "app/files.py": """
from chatkit.store import AttachmentStore


class Files(AttachmentStore):
    async def delete_attachment(self, attachment_id, context):
        pass


files = Files()
"""
}


def check(project: Project) -> Findings:
    python = project.python
    made = {call.name for call in python.all_calls}
    for base in BASES:
        for found in python.subclasses(f"chatkit.{base}"):
            certain = all(":" in name or name.startswith(KNOWN) for name in found.ancestors)
            if not certain or f"{found.module.path}:{found.name}" not in made:
                continue
            wanted = [n for n, m in project.sdk.methods(base).items() if m["abstract"]]
            if missing := [name for name in wanted if name not in found.methods]:
                yield Finding.at(
                    found.module,
                    found.node,
                    f"{found.name} cannot be made, so the app does not start: it lacks "
                    f"{', '.join(missing)}.",
                )
