"""History is loaded oldest first, with a limit

Loads the first items of a thread instead of the last ones: `order="asc"` together with a limit. As
soon as a thread is longer than the limit, the model never reads a new message again: it answers the
same old ones for ever, and people say that the assistant forgets what they just wrote.
"""

import ast

from chatkit_scaffold.doctor.rule import ERROR, Call, Edit, Finding, Findings, Fix, Project, scope

SEVERITY = ERROR
READERS = ("chatkit.simple_to_agent_input", "to_agent_input", "run_streamed", "stream")
WRONG = {
    "app/server.py": """
from chatkit.agents import ThreadItemConverter
from chatkit.server import ChatKitServer


class Server(ChatKitServer):
    async def history(self, thread, context):
        page = await self.store.load_thread_items(thread.id, None, 20, "asc", context)
        return await ThreadItemConverter().to_agent_input(page.data)
"""
}
RIGHT = {
    "app/server.py": """
from chatkit.agents import ThreadItemConverter
from chatkit.server import ChatKitServer


class Server(ChatKitServer):
    async def history(self, thread, context):
        page = await self.store.load_thread_items(thread.id, None, 20, "desc", context)
        return await ThreadItemConverter().to_agent_input(page.data[::-1])
"""
}


def check(project: Project) -> Findings:
    python = project.python
    for call in python.method_calls("load_thread_items"):
        function = call.module.function_of(call.node)
        around = python.class_at(call.module, call.node)
        order = call.argument("order", 3)
        if order is None or (around and around.is_a("chatkit.Store")):
            continue
        limit = python.values.constant(call.module, call.argument("limit", 2))
        nodes = scope(function or call.module.tree)
        pages = any(isinstance(n, ast.Attribute) and n.attr == "after" for n in nodes)
        if python.values.constant(call.module, order) != "asc" or limit == 1 or pages:
            continue
        callers = [c.module.function_of(c.node) for c in python.flow.callers(function)]
        near = [function, *(f for f in callers if f)]
        by_hand = function is not None and '"role":' in call.module.source(function)
        if by_hand or any(python.flow.leads_to(call.module, f, *READERS) for f in near):
            message = (
                f"The model gets the first {limit if isinstance(limit, int) else 'few'} items of a "
                "thread: in a longer one it never sees a new message."
            )
            yield Finding.at(call.module, call.node, message, _fix(call, order))


def _fix(call: Call, order: ast.expr) -> Fix | None:
    module = call.module
    used = [n for n in module.all(ast.Attribute) if n.attr == "data" and _is_page(n.value, call)]
    if not isinstance(order, ast.Constant) or len(used) != 1:
        return None
    turned = Edit.insert(module, module.span(used[0])[1], "[::-1]")
    return Fix((Edit.replace(module, order, '"desc"'), turned), safe=True)


def _is_page(value: ast.expr, call: Call) -> bool:
    """Whether this is what the call answered, or the variable that holds it."""
    module = call.module
    awaited = module.parents.get(call.node)
    holder = module.parents.get(awaited) if awaited else None
    names = [t.id for t in getattr(holder, "targets", []) if isinstance(t, ast.Name)]
    same = module.function_of(value) is module.function_of(call.node)
    return value is awaited or (same and isinstance(value, ast.Name) and value.id in names)
