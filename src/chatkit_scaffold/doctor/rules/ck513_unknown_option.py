"""An option that ChatKit does not have

Its check is strict, so one misspelt key keeps the chat from opening (`ChatKit.create(): Invalid
input`). The keys come from the types of the package: a title has a `text`, a prompt a `label` and a
`prompt`.
"""

from typing import Any

from chatkit_scaffold.doctor.rule import (
    ERROR,
    Edit,
    Finding,
    Findings,
    Fix,
    Project,
    Script,
    annotated,
    mismatches,
    nearest,
)

SEVERITY = ERROR
ALIASES = {"content": "text", "title": "text", "text": "label", "name": "label"}
PROMPTS = {"text": "label", "title": "label", "message": "prompt", "value": "prompt"}
WRONG = {
    "chat.js": """chatkit.setOptions({
  api: { url: "https://api.example.com/chatkit", domainKey: KEY },
  header: { title: { content: "Help" } },
  startScreen: { greetings: "Hello" },
});
"""
}
RIGHT = {
    "chat.js": WRONG["chat.js"].replace("content:", "text:").replace("greetings:", "greeting:")
}


def check(project: Project) -> Findings:
    found = [m for setup in project.setups for m in mismatches(project.sdk, setup)]
    found += [m for script in project.scripts for m in annotated(project.sdk, script)]
    for wrong in found:
        where = ".".join(wrong.path[:-1]) or "ChatKit"
        if wrong.is_key:
            known = PROMPTS if wrong.path[-2:-1] == ("prompts",) else ALIASES
            name = nearest(wrong) or known.get(wrong.given)
            new = name if name in wrong.allowed else None
            hint = f" It is called {new}." if new else ""
            pair = wrong.script.parent(wrong.node)
            node = pair if pair.type == "pair" else wrong.node
            fix = _rename(wrong.script, node, new)
            message = f"ChatKit refuses to open: {where} takes no {wrong.given}.{hint}"
            yield Finding.at(wrong.script, node, message, fix)
        elif wrong.path[-1:] != ("icon",) and wrong.path[:1] != ("theme",):
            message = f"ChatKit refuses {wrong.given!r} for {'.'.join(wrong.path)}."
            yield Finding.at(wrong.script, wrong.node, message)


def _rename(script: Script, pair: Any, new: str | None) -> Fix | None:
    key = pair.child_by_field_name("key")
    if not new or key is None:
        return None
    return Fix((Edit.replace(script, key, new),), safe=True)
