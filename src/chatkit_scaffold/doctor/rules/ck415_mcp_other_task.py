"""An MCP server is closed by another task than the one that opened it

A connection belongs to the task that made it. Closed in a background task, or opened in one, it
ends with "Attempted to exit cancel scope in a different task than it was entered in", and takes
other requests with it. Use `async with` inside one function, or the app's lifespan.
"""

import ast

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Project

SEVERITY = ERROR
STARTS = ("add_task", "create_task", "ensure_future", "run_coroutine_threadsafe")
WRONG = {
    "app/main.py": """
from agents.mcp import MCPServerStdio
from chatkit.agents import AgentContext


async def turn(run, background, agent_context: AgentContext):
    files = MCPServerStdio(params={"command": "files"})
    await files.connect()
    background.add_task(files.cleanup)
    await run(agent_context, files)
"""
}
RIGHT = {
    "app/main.py": """
from agents.mcp import MCPServerStdio
from chatkit.agents import AgentContext


async def turn(run, agent_context: AgentContext):
    async with MCPServerStdio(params={"command": "files"}) as files:
        await run(agent_context, files)
"""
}


def check(project: Project) -> Findings:
    for call in project.python.method_calls(*STARTS):
        for argument in call.node.args:
            function = argument.func if isinstance(argument, ast.Call) else argument
            if (
                isinstance(function, ast.Attribute)
                and function.attr in ("connect", "cleanup")
                and project.python.values.made_by(call.module, function.value).startswith(
                    "agents.MCPServer"
                )
            ):
                message = "Another task cannot open or close this connection: it breaks."
                yield Finding.at(call.module, call.node, message)
