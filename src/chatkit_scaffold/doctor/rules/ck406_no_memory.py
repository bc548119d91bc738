"""The model only gets the last message

It answers "hi" well and forgets everything: each turn starts from nothing. Load the thread's items,
newest first, and turn them round; or use a session, a conversation id or `previous_response_id`.
"""

import ast

from chatkit_scaffold.doctor.rule import WARNING, Finding, Findings, Project

SEVERITY = WARNING
MEMORY = ("previous_response_id", "auto_previous_response_id", "conversation_id", "session")
RUNS = ("agents.Runner.run_streamed", "agents.Runner.run")
WRONG = {
    "app/server.py": """
from agents import Runner
from chatkit.agents import AgentContext, simple_to_agent_input, stream_agent_response
from chatkit.server import ChatKitServer
from app.assistant import assistant


class Server(ChatKitServer):
    async def respond(self, thread, item, context):
        agent_context = AgentContext(thread=thread, store=self.store, request_context=context)
        messages = await simple_to_agent_input(item)
        result = Runner.run_streamed(assistant, messages, context=agent_context)
        async for event in stream_agent_response(agent_context, result):
            yield event
"""
}
RIGHT = {
    "app/server.py": WRONG["app/server.py"].replace(
        "simple_to_agent_input(item)",
        """simple_to_agent_input(
            (await self.store.load_thread_items(thread.id, None, 50, "desc", context)).data[::-1]
        )""",
    )
}


def check(project: Project) -> Findings:
    python = project.python
    for found in python.servers:
        method = found.own.get("respond")
        if not method or len(method.parameters) < 2:  # noqa: PLR2004 (thread and the message)
            continue
        message = method.parameters[1]
        if python.flow.leads_to(method.module, method.node, "load_thread_items"):
            continue
        for call in python.flow.calls(method.module, method.node):
            given = call.argument("input", 1) if call.name in RUNS else None
            remembers = any(word in call.keywords for word in MEMORY) or call.is_open
            if given is not None and not remembers:
                place, made = python.values.origin(method.module, given)
                if place is method.module and _only(made, message):
                    text = "The model forgets everything: it only gets the last message."
                    yield Finding.at(method.module, call.node, text)


def _only(made: ast.expr, message: str) -> bool:
    """Whether it is made of the message and nothing that could hold the rest."""
    if not isinstance(made, ast.Call):
        return False
    given = [*made.args, *(word.value for word in made.keywords)]
    names = [n.id for part in given for n in ast.walk(part) if isinstance(n, ast.Name)]
    return bool(names) and set(names) <= {message}
