"""A store gives items ids of its own

The browser knows an item by the id it was streamed with. When the store changes it, a reload shows
other ids, and feedback, retry and deletion point at nothing.
"""

import ast

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Method, Project, scope

SEVERITY = ERROR
ASKS = ("hasattr", "isinstance", "type")
FAKE = ("__fake_id__", "FAKE_RESPONSES_ID")  # CK402 has the whole story
WRONG = {
    "app/store.py": """
import uuid

from chatkit.store import Store


class MyStore(Store):
    async def add_thread_item(self, thread_id, item, context):
        item.id = f"item_{uuid.uuid4().hex}"
        self.items[context.user_id, thread_id][item.id] = item
"""
}
RIGHT = {
    "app/store.py": """
from chatkit.store import Store


class MyStore(Store):
    async def add_thread_item(self, thread_id, item, context):
        self.items[context.user_id, thread_id][item.id] = item
"""
}


def check(project: Project) -> Findings:
    for found in project.python.stores:
        for name in ("add_thread_item", "save_item", "save_thread"):
            method = found.own.get(name)
            if not method or any(word in method.module.source(method.node) for word in FAKE):
                continue
            message = "The browser knows another id than the store from here on."
            for node in scope(method.node):
                if _changes(method, node):
                    yield Finding.at(method.module, node, message)
            if name == "add_thread_item" and _loses(method):
                yield Finding.at(method.module, method.node, message)


def _loses(method: Method) -> bool:
    """Only parts of the item are kept, and its id is none of them."""
    item = method.parameters[1] if len(method.parameters) > 1 else ""
    nodes = [n for n in ast.walk(method.node) if isinstance(n, ast.Name) and n.id == item]
    uses = [method.module.parents[node] for node in nodes]
    parts = [use.attr for use in uses if isinstance(use, ast.Attribute)]
    asked = [use for use in uses if getattr(getattr(use, "func", None), "id", "") in ASKS]
    whole = len(uses) > len(parts) + len(asked) or any(part.startswith("model") for part in parts)
    return "content" in parts and "id" not in parts and not whole


def _changes(method: Method, node: ast.AST) -> bool:
    match node:
        case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=owner), attr="id")]):
            return owner in method.parameters
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id=owner), attr="model_copy"),
            keywords=[ast.keyword(arg="update", value=ast.Dict(keys=keys))],
        ):
            fields = [key.value for key in keys if isinstance(key, ast.Constant)]
            return owner in method.parameters and "id" in fields
    return False
