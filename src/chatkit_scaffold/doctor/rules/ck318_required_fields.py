"""An item or event is made without a field that it needs

ChatKit's models are checked when they are made: "Field required" for `created_at`, `thread_id` or
another ends the turn with an error in front of the user.
"""

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Project

SEVERITY = ERROR
WRONG = {
    "app/items.py": """
from chatkit.types import AssistantMessageItem


def answer(id, content):
    return AssistantMessageItem(id=id, content=content)
"""
}
RIGHT = {
    "app/items.py": """
from chatkit.types import AssistantMessageItem


def answer(id, thread, now, content):
    return AssistantMessageItem(id=id, thread_id=thread.id, created_at=now, content=content)
"""
}


def check(project: Project) -> Findings:
    for call in project.python.all_calls:
        package, _, model = call.name.partition(".")
        if package != "chatkit" or call.is_open or call.node.args:
            continue
        fields = project.sdk.fields(model)
        missing = [n for n, field in fields.items() if field["required"] and n not in call.keywords]
        if missing and call.node.keywords:
            message = f"{model} needs {', '.join(missing)}: without, the turn ends with an error."
            yield Finding.at(call.module, call.node, message)
