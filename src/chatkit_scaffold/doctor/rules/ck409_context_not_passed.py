"""The agent runs without its context

An `AgentContext` is made and not given to the run: tools get None where they expect it, and
widgets, progress and client tools of theirs fail with "'NoneType' object has no attribute".
"""

import ast

from chatkit_scaffold.doctor.rule import WARNING, Call, Edit, Finding, Findings, Fix, Project

SEVERITY = WARNING
RUNS = ("agents.Runner.run_streamed", "agents.Runner.run")
WRONG = {
    "app/server.py": """
from agents import Runner
from chatkit.agents import AgentContext, stream_agent_response
from app.assistant import assistant, load_history


async def turn(thread, store, user):
    agent_context = AgentContext(thread=thread, store=store, request_context=user)
    result = Runner.run_streamed(assistant, await load_history(thread, user))
    async for event in stream_agent_response(agent_context, result):
        yield event
"""
}
RIGHT = {
    "app/server.py": WRONG["app/server.py"].replace("user))\n", "user), context=agent_context)\n")
}


def check(project: Project) -> Findings:
    python = project.python
    for call in python.calls(*RUNS):
        function = call.module.function_of(call.node)
        if not function or call.is_open or call.argument("context", 2) is not None:
            continue
        made = [
            c for c in python.flow.calls(call.module, function) if c.name == "chatkit.AgentContext"
        ]
        if made:
            message = "Tools get None for their context: those that use it fail."
            yield Finding.at(call.module, call.node, message, _fix(call, made))


def _fix(call: Call, made: list[Call]) -> Fix | None:
    holder = call.module.parents.get(made[0].node)
    names = [t.id for t in getattr(holder, "targets", []) if isinstance(t, ast.Name)]
    given = [*call.node.args, *(word.value for word in call.node.keywords)]
    if len(made) != 1 or len(names) != 1 or not given:
        return None
    end = max(call.module.span(node)[1] for node in given)
    return Fix((Edit.insert(call.module, end, f", context={names[0]}"),), safe=True)
