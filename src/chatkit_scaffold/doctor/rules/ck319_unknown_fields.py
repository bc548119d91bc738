"""An item or event is given a field that it does not have

ChatKit's models drop what they do not know without a word: `status`, `role` and the like are lost,
and what they were to do does not happen.
"""

from chatkit_scaffold.doctor.rule import WARNING, Call, Edit, Finding, Findings, Fix, Project

SEVERITY = WARNING
OWN_RULES = ("Page", "ErrorEvent")  # CK205 and CK320 know better what was meant
WRONG = {
    "app/items.py": """
from chatkit.types import AssistantMessageItem


def answer(id, thread, now, content):
    return AssistantMessageItem(
        id=id, thread_id=thread.id, created_at=now, content=content, status="completed"
    )
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
        home = project.sdk.homes(model)
        fields = project.sdk.fields(model) if package == "chatkit" else {}
        if not fields or model in OWN_RULES or "chatkit.types" not in home:
            continue
        for word in call.node.keywords:
            if word.arg and word.arg not in fields and not word.arg.startswith("model_"):
                message = f"{model} has no field {word.arg!r}: it is dropped without a word."
                yield Finding.at(call.module, word, message, _fix(call, word.arg))


def _fix(call: Call, name: str) -> Fix | None:
    """Takes the argument away, with the comma before it."""
    words = call.node.keywords
    place = next(n for n, word in enumerate(words) if word.arg == name)
    if place == 0:
        return None
    start = call.module.span(words[place - 1])[1]
    end = call.module.span(words[place])[1]
    return Fix((Edit(call.module.path, start, end, ""),), safe=True)
