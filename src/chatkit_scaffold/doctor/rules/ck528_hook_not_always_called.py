"""The hook is not called at every render

React counts hooks: after other hooks, below an early `return` or inside a condition, `useChatKit`
ends with "Rendered more hooks than during the previous render", and the page is blank.
"""

import re
from typing import Any

from chatkit_scaffold.doctor.rule import HOOK, WARNING, Finding, Findings, Project

SEVERITY = WARNING
FUNCTIONS = ("arrow_function", "function_expression", "function_declaration", "method_definition")
OTHERS = re.compile(rb"\buse[A-Z]\w*\s*[(<]")
CONDITIONS = ("if_statement", "ternary_expression", "for_statement", "while_statement")
WRONG = {
    "src/Chat.tsx": """import { useRef } from "react";
import { ChatKit, useChatKit } from "@openai/chatkit-react";
import { options } from "./options";

export function Chat({ user }) {
  const box = useRef(null);
  if (!user) return null;
  const { control } = useChatKit(options);
  return <ChatKit ref={box} control={control} />;
}
"""
}
RIGHT = {
    "src/Chat.tsx": """import { useRef } from "react";
import { ChatKit, useChatKit } from "@openai/chatkit-react";
import { options } from "./options";

export function Chat({ user }) {
  const box = useRef(null);
  const { control } = useChatKit(options);
  if (!user) return null;
  return <ChatKit ref={box} control={control} />;
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
        if node.type in CONDITIONS:
            return "it is inside a condition" if _hooked(node) else None
        block = node.parent is not None and node.parent.type == "statement_block"
        before = node.prev_named_sibling if block else None
        while before is not None:
            if before.type == "if_statement" and _leaves(before):
                return "a return comes before it" if _hooked(before) else None
            before = before.prev_named_sibling
    return None


def _hooked(node: Any) -> bool:
    """Whether another hook is called above: a component whose only hook this is may leave early."""
    function = node
    while function.parent is not None and function.type not in FUNCTIONS:
        function = function.parent
    return bool(OTHERS.search(function.text[: node.start_byte - function.start_byte]))


def _leaves(condition: Any) -> bool:
    then = condition.child_by_field_name("consequence")
    if then is None:
        return False
    body = then.named_children if then.type == "statement_block" else [then]
    return any(statement.type == "return_statement" for statement in body)
