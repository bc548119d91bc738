"""The chat is thrown away whenever the theme changes

A `key` that follows the theme or a token makes React mount the chat anew: the frame reloads and
what people were reading and writing is gone. ChatKit takes new options as they are.
"""

import re

from chatkit_scaffold.doctor.rule import (
    CHATS,
    WARNING,
    Edit,
    Finding,
    Findings,
    Fix,
    Project,
    around,
    attributes,
    elements,
)

SEVERITY = WARNING
FOLLOWS = re.compile(r"theme|scheme|dark|token|session", re.IGNORECASE)
WRONG = {
    "src/Chat.tsx": """import { ChatKit, useChatKit } from "@openai/chatkit-react";
import { options } from "./options";

export function Chat({ theme }) {
  const { control } = useChatKit({ ...options, theme });
  return <ChatKit key={theme} control={control} />;
}
"""
}
RIGHT = {"src/Chat.tsx": WRONG["src/Chat.tsx"].replace(" key={theme}", "")}


def check(project: Project) -> Findings:
    for script in project.scripts:
        for chat in elements(script, *CHATS):
            for tag in (chat, *around(chat)):
                key = attributes(script, tag).get("key")
                if key is not None and FOLLOWS.search(script.source(key)):
                    given = script.parent(key)
                    node = script.parent(given) if given.type == "jsx_expression" else given
                    start, end = script.span(node)
                    fix = Fix((Edit(script.path, start - 1, end, ""),))
                    message = "When this changes, the conversation is loaded anew."
                    yield Finding.at(script, node, message, fix)
