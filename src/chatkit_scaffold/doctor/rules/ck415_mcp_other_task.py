"""An MCP server is closed by another task than the one that opened it

With mcp 1 a connection belongs to the task that made it. Closed in a background task, or opened in
one, it ends with "Attempted to exit cancel scope in a different task than it was entered in", and
takes the turn with it. Use `async with` inside one function, the app's lifespan, or mcp 2.
"""

import ast

from chatkit_scaffold.doctor.rule import WARNING, Finding, Findings, Project

SEVERITY = WARNING
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
    installed = project.machine.python_package("mcp")
    asked = [dependency.floor[:1] for dependency in project.depends_on("mcp")]
    if (2,) in asked or (installed and not installed[1].startswith("1.")):
        return
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
