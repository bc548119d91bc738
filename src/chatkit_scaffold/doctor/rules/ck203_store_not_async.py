"""A store method is not async, or one that must not be is

ChatKit awaits the methods of a store, so a plain one fails with "object can't be used in 'await'
expression". The exceptions make ids: `generate_thread_id`, `generate_item_id` and
`generate_attachment_id` are not awaited, and as coroutines they become the ids.
"""

import ast

from chatkit_scaffold.doctor.rule import (
    ERROR,
    Edit,
    Finding,
    Findings,
    Fix,
    Method,
    Project,
    scope,
)

SEVERITY = ERROR
WRONG = {
    "app/store.py": """
from chatkit.store import Store


class MyStore(Store):
    def load_item(self, thread_id, item_id, context):
        return self.items[thread_id][item_id]

    async def generate_thread_id(self, context):
        return "thr_" + context.next_number()
"""
}
RIGHT = {
    "app/store.py": """
from chatkit.store import Store


class MyStore(Store):
    async def load_item(self, thread_id, item_id, context):
        return self.items[thread_id][item_id]

    def delete_thread(self, thread_id, context):
        return self.database.delete(thread_id)  # a coroutine of its own

    def generate_thread_id(self, context):
        return "thr_" + context.next_number()
"""
}


def check(project: Project) -> Findings:
    for base in ("Store", "AttachmentStore"):
        wanted = project.sdk.methods(base)
        for found in project.python.subclasses(f"chatkit.{base}"):
            for name, method in found.own.items():
                if name not in wanted or method.node.decorator_list or method.is_stub:
                    continue
                start = method.module.span(method.node)[0]
                if wanted[name]["async"] and not method.is_async and _answers_at_once(method):
                    fix = Fix((Edit.insert(method.module, start, "async "),), safe=True)
                    message = f"ChatKit awaits {name}, and this one cannot be awaited."
                    yield Finding.at(method.module, method.node, message, fix)
                elif method.is_async and not wanted[name]["async"]:
                    message = f"ChatKit does not await {name}: its coroutine becomes the id."
                    yield Finding.at(method.module, method.node, message)


def _answers_at_once(method: Method) -> bool:
    """Returning a call may return something that can be awaited."""
    returned = [n.value for n in scope(method.node) if isinstance(n, ast.Return)]
    return not any(isinstance(value, ast.Call | ast.Await) for value in returned)
