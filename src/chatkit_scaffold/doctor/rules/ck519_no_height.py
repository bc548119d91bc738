"""The chat has no height

`flex-1` does nothing unless the parent is a flex container, and a percentage of a parent without a
height is nothing either: the chat is a strip of some pixels, or not to be seen at all.
"""

from itertools import pairwise
from typing import Any

from chatkit_scaffold.doctor.rule import (
    CHATS,
    WARNING,
    Finding,
    Findings,
    Project,
    Script,
    around,
    attributes,
    classes,
    elements,
)

SEVERITY = WARNING
GROWS = {"flex-1", "flex-auto", "grow", "flex-grow"}
LAYS_OUT = {"flex", "inline-flex", "grid", "inline-grid", "contents"}
WRONG = {
    "src/Chat.tsx": """import { ChatKit, useChatKit } from "@openai/chatkit-react";
import { options } from "./options";

export function Chat() {
  const { control } = useChatKit(options);
  return (
    <div className="fixed inset-0">
      <div className="flex-1 overflow-hidden">
        <ChatKit control={control} />
      </div>
    </div>
  );
}
"""
}
RIGHT = {
    "src/Chat.tsx": WRONG["src/Chat.tsx"].replace("fixed inset-0", "fixed inset-0 flex flex-col")
}


def check(project: Project) -> Findings:
    for script in project.scripts:
        for chat in elements(script, *CHATS):
            for tag, parent in pairwise((chat, *around(chat))):
                own, box = _classes(script, tag), _classes(script, parent)
                if not own or not box or box & LAYS_OUT:
                    continue
                tall = any(name.startswith(("h-", "size-")) for name in box)
                if own & GROWS and not own & {"h-full", "h-screen"}:
                    message = "flex-1 has no effect here: the parent is no flex container."
                    yield Finding.at(script, tag, message)
                elif "h-full" in own and not tall and not box & GROWS and _has_minimum(box):
                    message = "h-full is nothing here: the parent has a minimum and no height."
                    yield Finding.at(script, tag, message)


def _has_minimum(box: set[str]) -> bool:
    return any(name.startswith("min-h-") and name != "min-h-0" for name in box)


def _classes(script: Script, tag: Any) -> set[str] | None:
    style = attributes(script, tag).get("style")
    styled = style is not None and any(w in script.source(style) for w in ("display", "flex"))
    return None if styled else classes(script, tag)
