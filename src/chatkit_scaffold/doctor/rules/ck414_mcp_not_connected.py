"""An MCP server is used without being connected

Its tools cannot be listed: "Server not initialized. Make sure you call `connect()` first", in every
turn. Enter it with `async with` (a plain `with` does not work), call `connect()` in the app's
lifespan, or give it to an `MCPServerManager`.
"""

import ast

from chatkit_scaffold.doctor.rule import ERROR, Call, Edit, Finding, Findings, Fix, Project

SEVERITY = ERROR
SERVERS = (
    "agents.MCPServerStdio", "agents.MCPServerSse", "agents.MCPServerStreamableHttp",
)  # fmt: skip
ENTERS = ("connect", "enter_async_context", "connect_all")
WRONG = (
    {
        "app/tools.py": """
from agents import Agent
from agents.mcp import MCPServerStreamableHttp
from chatkit.agents import AgentContext

files = MCPServerStreamableHttp(params={"url": "http://localhost:9000/mcp"})
assistant = Agent[AgentContext](name="Helper", mcp_servers=[files])
"""
    },
    {
        "app/tools.py": """
from agents.mcp import MCPServerStdio
from chatkit.agents import AgentContext


async def turn(run, agent_context: AgentContext):
    with MCPServerStdio(params={"command": "files"}) as files:
        await run(agent_context, files)
"""
    },
)
RIGHT = {
    "app/tools.py": """
from agents.mcp import MCPServerStdio
from chatkit.agents import AgentContext


async def turn(run, agent_context: AgentContext):
    async with MCPServerStdio(params={"command": "files"}) as files:
        await run(agent_context, files)
"""
}


def check(project: Project) -> Findings:
    python = project.python
    managed = any(True for _ in python.calls("agents.MCPServerManager"))
    entered = managed or any(True for _ in python.method_calls(*ENTERS))
    entered = entered or any(
        m.all(ast.AsyncWith) and "mcp" in m.text.lower() for m in python.modules
    )
    for call in python.calls(*SERVERS):
        around = call.module.parents.get(call.module.parents.get(call.node, call.node))
        if isinstance(around, ast.With):
            message = "An MCP server cannot be entered by a plain with: the turn fails."
            yield Finding.at(call.module, call.node, message, _fix(call, around))
        elif not entered:
            message = "Nobody connects this MCP server, so every turn that lists its tools fails."
            yield Finding.at(call.module, call.node, message)


def _fix(call: Call, around: ast.With) -> Fix | None:
    if len(around.items) > 1:
        return None
    edit = Edit.insert(call.module, call.module.span(around)[0], "async ")
    return Fix((edit,), safe=True)
