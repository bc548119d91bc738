"""The page waits for something that ChatKit never tells

Its events are those of the element, such as `chatkit.response.end`. Messages and the events of the
wire (`thread.item.added`) stay inside the component, and its requests have no `messages`: such code
never runs.
"""

import re
from collections.abc import Iterator
from typing import Any

from chatkit_scaffold.doctor.rule import (
    ERROR,
    HOOK,
    Finding,
    Findings,
    Project,
    Script,
    events,
    handlers,
)

SEVERITY = ERROR
WIRE = re.compile(r"thread\.(created|updated|item[._](added|updated|done|removed|replaced))")
BY_HAND = ("getReader(", "EventSource", "text/event-stream", "TextDecoder")
HANDLER = re.compile(r"on[A-Z]\w*")
WRONG = (
    {
        "chat.js": """const chat = document.querySelector("openai-chatkit");
chat.addEventListener("chatkit.message", ({ detail }) => count(detail));
"""
    },
    {
        "chat.js": """const chat = document.querySelector("openai-chatkit");
chat.addEventListener("chatkit.log", ({ detail }) => {
  if (detail.name === "thread.item.added") count(detail.data);
});
"""
    },
)
RIGHT = {"chat.js": WRONG[0]["chat.js"].replace("chatkit.message", "chatkit.response.end")}


def check(project: Project) -> Findings:
    known = events(project.sdk)
    for script in project.scripts:
        for call in script.calls("addEventListener"):
            for node in script.arguments(call)[:1]:
                name = script.string(node) or ""
                if name.startswith("chatkit.") and name not in known:
                    yield Finding.at(script, node, f"ChatKit has no event {name!r}.")
        if not any(word in script.text for word in BY_HAND):
            yield from (
                Finding.at(script, n, f"{what} never comes here.") for n, what in _wire(script)
            )
    for setup in project.setups:
        for key, node in setup.script.pairs(setup.node).items() if setup.by == HOOK else ():
            mine = HANDLER.fullmatch(key) and key not in project.sdk.type("ChatKitOptions")["keys"]
            if mine and key not in handlers(project.sdk):
                yield Finding.at(setup.script, node, f"ChatKit has no {key}: it is never called.")


def _wire(script: Script) -> Iterator[tuple[Any, str]]:
    for node in script.all("string"):
        if script.parent(node).type in ("binary_expression", "switch_case"):
            name = script.string(node) or ""
            if WIRE.fullmatch(name):
                yield node, name
    wire = "thread.item" in script.text
    for node in script.all("member_expression"):
        text = script.source(node)
        if text == "body.messages" and "domainKey" in script.text:
            yield node, "A list of messages"
        elif wire and re.fullmatch(r"\w+\??\.item\??\.role", text):
            yield node, "A role"
