"""The model's input is a coroutine

`simple_to_agent_input` and `to_agent_input` have to be awaited. Without that the run gets a
coroutine: every turn ends with an error, and the log says "coroutine was never awaited".
"""

import ast

from chatkit_scaffold.doctor.rule import ERROR, Call, Edit, Finding, Findings, Fix, Project

SEVERITY = ERROR
WRONG = {
    "app/history.py": """
from chatkit.agents import simple_to_agent_input


async def history(page):
    items = simple_to_agent_input(page.data[::-1])
    return [*items]
"""
}
RIGHT = {
    "app/history.py": """
from chatkit.agents import simple_to_agent_input


async def history(page):
    items = await simple_to_agent_input(page.data[::-1])
    return [*items]


def coroutine(page):
    return simple_to_agent_input(page.data[::-1])
"""
}


def check(project: Project) -> Findings:
    for call in project.python.calls("chatkit.simple_to_agent_input"):
        module = call.module
        inside = isinstance(module.function_of(call.node), ast.AsyncFunctionDef)
        if inside and not _waits(call):
            edit = Edit.insert(module, module.span(call.node)[0], "await ")
            message = "The model gets a coroutine instead of the conversation: every turn fails."
            yield Finding.at(module, call.node, message, Fix((edit,), safe=True))


def _waits(call: Call) -> bool:
    """Awaited, handed on, or put into a variable that is awaited."""
    above = call.module.parents.get(call.node)
    if isinstance(above, ast.Assign):
        names = {target.id for target in above.targets if isinstance(target, ast.Name)}
        around = call.module.function_of(call.node) or call.module.tree
        later = [n for n in ast.walk(around) if isinstance(n, ast.Await | ast.Call)]
        held = [n.value if isinstance(n, ast.Await) else n for n in later]
        awaited = {h.id for h in held if isinstance(h, ast.Name)}
        return bool(names & awaited)
    run = isinstance(above, ast.Call) and getattr(above.func, "attr", "").startswith("run")
    return not run
