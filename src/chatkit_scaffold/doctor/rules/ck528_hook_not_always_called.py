"""The hook is not called at every render

React counts hooks: below an early `return`, inside a condition or in a callback `useChatKit` ends
with "Rendered more hooks than during the previous render", or the chat forgets its options.
"""

from typing import Any

from chatkit_scaffold.doctor.rule import HOOK, WARNING, Finding, Findings, Project

SEVERITY = WARNING
FUNCTIONS = ("arrow_function", "function_expression", "function_declaration", "method_definition")
CONDITIONS = ("if_statement", "ternary_expression", "for_statement", "while_statement")
WRONG = {
    "src/Chat.tsx": """import { ChatKit, useChatKit } from "@openai/chatkit-react";
import { options } from "./options";

export function Chat({ user }) {
  if (!user) return null;
  const { control } = useChatKit(options);
  return <ChatKit control={control} />;
}
"""
}
RIGHT = {
    "src/Chat.tsx": """import { ChatKit, useChatKit } from "@openai/chatkit-react";
import { options } from "./options";

export function Chat({ user }) {
  const { control } = useChatKit(options);
  if (!user) return null;
  return <ChatKit control={control} />;
}
"""
}


def check(project: Project) -> Findings:
    for script in project.scripts:
        for call in script.calls(HOOK):
            why = _condition(call)
            if why:
                yield Finding.at(script, call, f"React wants this at every render: {why}.")


def _condition(call: Any) -> str | None:
    node = call
    while node.parent is not None and node.parent.type not in FUNCTIONS:
        node = node.parent
        if node.parent is None:
            break
        if node.type in CONDITIONS:
            return "it is inside a condition"
        before = node.prev_named_sibling if node.parent.type == "statement_block" else None
        while before is not None:
            if before.type == "if_statement" and _leaves(before):
                return "a return comes before it"
            before = before.prev_named_sibling
    return None


def _leaves(condition: Any) -> bool:
    then = condition.child_by_field_name("consequence")
    if then is None:
        return False
    body = then.named_children if then.type == "statement_block" else [then]
    return any(statement.type == "return_statement" for statement in body)
