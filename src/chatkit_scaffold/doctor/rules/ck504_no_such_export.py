"""A name that ChatKit's packages do not have

`@openai/chatkit-react` has `ChatKit` and `useChatKit`; providers, threads as components and
`ChatKit.subscribe` were made up. The build fails, or the page with "is not a function". Its types
need `import type` where TypeScript keeps imports as they are (`verbatimModuleSyntax`): TS1484.
"""

from collections.abc import Iterator
from typing import Any

from chatkit_scaffold.doctor.rule import (
    ERROR,
    HOOK,
    Finding,
    Findings,
    Project,
    Script,
    imported,
    keeps_imports,
)

SEVERITY = ERROR
VALUES = ("ChatKit", "useChatKit")
REACT, TYPES = "@openai/chatkit-react", "@openai/chatkit"
WRONG = {
    "src/Chat.tsx": """import { ChatKitProvider, MainThread } from "@openai/chatkit-react";

export const Chat = () => (
  <ChatKitProvider><MainThread /></ChatKitProvider>
);
"""
}
RIGHT = {
    "src/Chat.tsx": """import { ChatKit, useChatKit } from "@openai/chatkit-react";
import { api } from "./api";

export function Chat() {
  const { control, setThreadId } = useChatKit({ api });
  return <ChatKit control={control} onDoubleClick={() => setThreadId(null)} />;
}
"""
}


def check(project: Project) -> Findings:
    names = set(project.sdk.node(REACT)["exports"]) | set(project.sdk.node(TYPES)["exports"])
    methods = {*project.sdk.type("OpenAIChatKit")["keys"], "control", "ref"} - {"setOptions"}
    asked = project.depends_on(REACT, TYPES)
    if asked and not any(d.allows(project.sdk.node(d.name)["version"]) for d in asked):
        return  # CK115 says so; what those releases have is not known here
    for script in project.scripts:
        kept = keeps_imports(project.files, script.path)
        for name, node, only_type in imported(script, REACT, TYPES):
            if name not in names:
                yield Finding.at(script, node, f"The package has no {name}: the page fails.")
            elif kept and name not in VALUES and not only_type:
                message = f"{name} is a type: with verbatimModuleSyntax it needs `import type`."
                yield Finding.at(script, node, message)
        for name, node in _taken(script):
            if name not in methods:
                yield Finding.at(script, node, f"useChatKit returns no {name}: it is undefined.")
        if "ChatKit" not in script.definitions:
            for node in script.all("member_expression"):
                if script.source(node.child_by_field_name("object")) == "ChatKit":
                    message = f"There is no {script.source(node)}: ChatKit is only a component."
                    yield Finding.at(script, node, message)


def _taken(script: Script) -> Iterator[tuple[str, Any]]:
    """`const { control, session } = useChatKit(...)`."""
    for declared in script.all("variable_declarator"):
        pattern, value = (declared.child_by_field_name(part) for part in ("name", "value"))
        called = value.child_by_field_name("function") if value else None
        if pattern is not None and pattern.type == "object_pattern":
            for node in pattern.named_children if script.source(called) == HOOK else ():
                if node.type != "rest_pattern":
                    key = node.child_by_field_name("key") or node.child_by_field_name("left")
                    yield script.source(key or node), node
