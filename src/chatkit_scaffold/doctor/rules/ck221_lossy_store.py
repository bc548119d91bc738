"""A store only knows messages of people and of the assistant

Items are rebuilt one by one as user or assistant messages: widgets, workflows, client tool calls,
tasks and notes come back as something else or not at all. After a reload they are gone, and client
tools fail. Store the whole JSON and read it with `TypeAdapter(ThreadItem)`.
"""

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Project

SEVERITY = ERROR
MESSAGES = ("chatkit.AssistantMessageItem", "chatkit.UserMessageItem")
WHOLE = (
    "validate_python", "validate_json", "model_validate", "model_validate_json", "parse_obj",
    "model_copy", "construct",
)  # fmt: skip
WRONG = {
    "app/store.py": """
from chatkit.store import Store
from chatkit.types import AssistantMessageItem, UserMessageItem


class MyStore(Store):
    async def load_item(self, thread_id, item_id, context):
        row = await context.database.item(thread_id, item_id)
        made = AssistantMessageItem if row.role == "assistant" else UserMessageItem
        if row.role == "assistant":
            return AssistantMessageItem(**row.fields)
        return UserMessageItem(**row.fields)
"""
}
RIGHT = {
    "app/store.py": """
from chatkit.store import Store
from chatkit.types import ThreadItem
from pydantic import TypeAdapter

ITEM = TypeAdapter(ThreadItem)


class MyStore(Store):
    async def load_item(self, thread_id, item_id, context):
        return ITEM.validate_json(await context.database.item(thread_id, item_id))
"""
}


def check(project: Project) -> Findings:
    python = project.python
    for found in python.stores:
        seen = []
        for name in ("load_item", "load_thread_items"):
            method = found.own.get(name)
            places = list(python.flow.reached(method.module, method.node)) if method else []
            calls = [call for place in places for call in python.flow.calls(*place)]
            unions = [call for call in calls if call.name == "chatkit.ThreadItem"]
            if unions and unions[0].node not in seen:
                seen.append(unions[0].node)
                message = "ThreadItem stands for all kinds of items: it cannot be called."
                yield Finding.at(unions[0].module, unions[0].node, message)
            made = [call for call in calls if call.name in MESSAGES]
            if not made or made[0].node in seen:
                continue
            if not any(c.method in WHOLE or c.name.startswith("chatkit.Widget") for c in calls):
                seen.append(made[0].node)
                message = "Whatever is no plain message is lost here: widgets, tool calls, notes."
                yield Finding.at(made[0].module, made[0].node, message)
