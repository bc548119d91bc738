"""An event is never sent, because its coroutine is not awaited

`stream`, `stream_widget`, `start_workflow`, `add_workflow_task`, `update_workflow_task` and
`end_workflow` are coroutines. Called without `await` they do nothing: the progress, the widget or
the task never appears.
"""

import ast

from chatkit_scaffold.doctor.rule import ERROR, Call, Edit, Finding, Findings, Fix, Project, named

SEVERITY = ERROR
METHODS = (
    "stream", "stream_widget", "start_workflow", "end_workflow", "add_workflow_task",
    "update_workflow_task",
)  # fmt: skip
WRONG = {
    "app/tools.py": """
from agents import RunContextWrapper, function_tool
from chatkit.agents import AgentContext
from chatkit.types import ProgressUpdateEvent


@function_tool
async def look_up(ctx: RunContextWrapper[AgentContext], name: str) -> str:
    ctx.context.stream(ProgressUpdateEvent(text="Looking it up"))
    return name.title()
"""
}
RIGHT = {"app/tools.py": WRONG["app/tools.py"].replace("ctx.context.str", "await ctx.context.str")}


def check(project: Project) -> Findings:
    for call in project.python.method_calls(*METHODS):
        module = call.module
        alone = isinstance(module.parents.get(call.node), ast.Expr)
        around = module.function_of(call.node)
        if alone and isinstance(around, ast.AsyncFunctionDef) and _is_context(project, call):
            edit = Edit.insert(module, module.span(call.node)[0], "await ")
            message = f"{call.method} is a coroutine: without await it never happens."
            yield Finding.at(module, call.node, message, Fix((edit,), safe=True))


def _is_context(project: Project, call: Call) -> bool:
    owner = call.node.func.value if isinstance(call.node.func, ast.Attribute) else None
    if owner is None or "chatkit" not in call.module.text:
        return False
    made = project.python.values.made_by(call.module, owner)
    parts = named(owner)
    return (
        made == "chatkit.AgentContext"
        or parts[-1:] in (["agent_context"], ["agents_context"])
        or (len(parts) > 1 and parts[-1] == "context")
    )
