"""A store method cannot be called the way ChatKit calls it

ChatKit passes `context` by its name and the rest by position or name, as its abstract methods list
them. A method with other parameters fails with "unexpected keyword argument 'context'" or "got
multiple values for argument 'context'", and the turn or the list it belongs to with it.
"""

from typing import Any

from chatkit_scaffold.doctor.rule import ERROR, Edit, Finding, Findings, Fix, Method, Project

SEVERITY = ERROR
BY_NAME = ("load_threads",)
BOTH_WAYS = ("load_thread_items",)
WRONG = {
    "app/store.py": """
from chatkit.store import Store


class MyStore(Store):
    async def save_item(self, item, context):
        self.items[item.id] = item

    async def delete_thread(self, thread_id):
        del self.threads[thread_id]
"""
}
RIGHT = {
    "app/store.py": """
from chatkit.store import Store


class MyStore(Store):
    async def save_item(self, thread_id, item, context):
        self.items[thread_id, item.id] = item

    async def delete_thread(self, thread_id, context):
        del self.threads[thread_id]
"""
}


def check(project: Project) -> Findings:
    for base in ("Store", "AttachmentStore"):
        wanted = project.sdk.methods(base)
        for found in project.python.subclasses(f"chatkit.{base}"):
            for name, method in found.own.items():
                if name in wanted and not _fits(method, wanted[name]["parameters"], name):
                    listed = ", ".join(wanted[name]["parameters"])
                    message = f"ChatKit cannot call {name} like this: it passes ({listed})."
                    fix = _fix(method, wanted[name]["parameters"])
                    yield Finding.at(method.module, method.node, message, fix)


def _fits(method: Method, wanted: list[str], name: str) -> bool:
    if method.takes_anything or method.node.decorator_list:
        return True
    if name.startswith("generate_"):
        return method.accepts(len(wanted))
    own, keywords = method.parameters, [a.arg for a in method.node.args.kwonlyargs]
    required: list[Any] = own[: len(own) - len(method.node.args.defaults)]
    if name in BOTH_WAYS:
        return own[: len(wanted)] == wanted and set(required) <= set(wanted)
    if name in BY_NAME:
        return set(wanted) <= {*own, *keywords} and set(required) <= set(wanted)
    before = len(wanted) - 1
    placed = "context" in keywords or (len(own) > before and own[before] == "context")
    return placed and len(own) >= before and len(required) <= len(wanted)


def _fix(method: Method, wanted: list[str]) -> Fix | None:
    arguments = method.node.args
    plain = not (arguments.defaults or arguments.kwonlyargs or arguments.posonlyargs)
    if not plain or method.parameters != wanted[:-1] or not wanted[:-1]:
        return None
    end = method.module.span(arguments.args[-1])[1]
    return Fix((Edit.insert(method.module, end, ", context"),), safe=True)
