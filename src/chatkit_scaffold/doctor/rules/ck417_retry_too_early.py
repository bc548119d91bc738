"""Errors of the model are caught where they never come

`Runner.run_streamed` only starts the run. Rate limits, wrong keys and outages come while its events
are read, so an `except` around the start alone is dead, and its fallback never takes over.
"""

import ast

from chatkit_scaffold.doctor.rule import WARNING, Finding, Findings, Project

SEVERITY = WARNING
WRONG = {
    "app/turn.py": """
from agents import Runner
from chatkit.agents import stream_agent_response
from app.assistant import assistant, spare


async def turn(agent_context, messages):
    try:
        result = Runner.run_streamed(assistant, messages, context=agent_context)
    except Exception:
        result = Runner.run_streamed(spare, messages, context=agent_context)
    async for event in stream_agent_response(agent_context, result):
        yield event
"""
}
RIGHT = {
    "app/turn.py": """
import logging

from agents import Runner
from chatkit.agents import stream_agent_response
from app.assistant import assistant


async def turn(agent_context, messages):
    try:
        result = Runner.run_streamed(assistant, messages, context=agent_context)
        async for event in stream_agent_response(agent_context, result):
            yield event
    except Exception:
        logging.exception("The model failed")
        raise
"""
}


def check(project: Project) -> Findings:
    for call in project.python.calls("agents.Runner.run_streamed"):
        for node in call.module.above(call.node):
            if not isinstance(node, ast.Try) or not node.handlers:
                continue
            inside = [n for statement in node.body for n in ast.walk(statement)]
            reads = any(isinstance(n, ast.AsyncFor | ast.Await | ast.Yield) for n in inside)
            if call.node in inside and not reads:
                message = "run_streamed raises nothing of the model's: this except is dead."
                yield Finding.at(call.module, node, message)
                break
