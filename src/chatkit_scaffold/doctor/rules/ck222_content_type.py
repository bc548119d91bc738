"""The content of a message has a type that does not exist

Parts of a user's message are `input_text` (or `input_tag`), those of an assistant's `output_text`.
With `text` the item is refused: "Input should be 'output_text'", and the turn or the reload fails.
"""

import ast

from chatkit_scaffold.doctor.rule import ERROR, Edit, Finding, Findings, Fix, Project

SEVERITY = ERROR
TYPES = {
    "chatkit.AssistantMessageItem": ("output_text",),
    "chatkit.UserMessageItem": ("input_text", "input_tag"),
}
WRONG = {
    "app/items.py": """
from chatkit.types import AssistantMessageItem


def answer(id, thread, now, text):
    content = {"type": "text", "text": text}
    return AssistantMessageItem(
        id=id, thread_id=thread, created_at=now, content=[{"type": "text", "text": text}]
    )
"""
}
RIGHT = {
    "app/items.py": """
from chatkit.types import AssistantMessageItem


def answer(id, thread, now, text):
    return AssistantMessageItem(
        id=id, thread_id=thread, created_at=now, content=[{"type": "output_text", "text": text}]
    )
"""
}


def check(project: Project) -> Findings:
    for call in project.python.calls(*TYPES):
        content = call.argument("content")
        if not isinstance(content, ast.List):
            continue
        for part in content.elts:
            fields = zip(part.keys, part.values, strict=True) if isinstance(part, ast.Dict) else ()
            for key, value in fields:
                if not isinstance(key, ast.Constant) or key.value != "type":
                    continue
                known = TYPES[call.name]
                if isinstance(value, ast.Constant) and value.value not in known:
                    fix = Fix((Edit.replace(call.module, value, f'"{known[0]}"'),), safe=True)
                    message = f"ChatKit refuses content of type {value.value!r}."
                    yield Finding.at(call.module, value, message, fix)
