"""The page never loads ChatKit

No package contains the component: `@openai/chatkit` is types, `@openai/chatkit-react` a thin
wrapper. Without OpenAI's script on the page the place of the chat stays blank, and nothing says
why.
"""

import re

from chatkit_scaffold.doctor.rule import (
    CHATS,
    ERROR,
    SCRIPT_URL,
    Edit,
    Finding,
    Findings,
    Fix,
    Project,
    elements,
)

SEVERITY = ERROR
CHAT = """import { ChatKit, useChatKit } from "@openai/chatkit-react";

export function Chat() {
  const { control } = useChatKit({ api: { url: "http://localhost:8000/chatkit", domainKey: KEY } });
  return <ChatKit control={control} style={{ height: 500 }} />;
}
"""
PAGE = """<!doctype html>
<html>
  <head>
    <title>Help</title>
  </head>
  <body><div id="root"></div></body>
</html>
"""
TAG = f'<script async src="{SCRIPT_URL}"></script>'
WRONG = {"index.html": PAGE, "src/Chat.tsx": CHAT}
RIGHT = {"index.html": PAGE.replace("  </head>", f"  {TAG}\n  </head>"), "src/Chat.tsx": CHAT}
LOADED = re.compile(r"chatkit[\w./@-]*\.m?js|deployments/chatkit")
ENTRIES = ("index", "layout", "_app", "_document", "page", "main", "App")


def check(project: Project) -> Findings:
    files, scripts = project.files, project.rendering.scripts
    texts = (
        files.text(path) for path in (*scripts, *files.ending(".py"), *project.rendering.pages)
    )
    whole = project.rendering.pages or any(
        p.rpartition("/")[2].split(".")[0] in ENTRIES for p in scripts
    )
    if not whole or any(LOADED.search(text) for text in texts):
        return
    for script in project.scripts:
        shown = [*elements(script, *CHATS), *(t for t in script.tags if t.name == CHATS[1])]
        taken = [
            node
            for node in script.all("import_statement")
            if script.string(node.child_by_field_name("source")) == "@openai/chatkit-react"
            and not script.source(node).startswith("import type")
        ]
        for node in [*shown, *script.calls("useChatKit"), *taken][:1]:
            yield Finding.at(
                script, node, "Nothing will be shown: no page loads it.", _fix(project)
            )
            return


def _fix(project: Project) -> Fix | None:
    for path in project.rendering.pages:
        text = project.files.text(path)
        end = text.find("</head>")
        if end >= 0:
            indent = text[text.rfind("\n", 0, end) + 1 : end]
            tag = f"  {TAG}\n{indent}" if indent.isspace() else TAG
            return Fix((Edit(path, end, end, tag),), safe=True)
    return None
