"""The package called `agents` is another one

On the Python index `agents` is an unrelated package. The Agents SDK is `openai-agents`; only its
module is called `agents`. With the other one: "cannot import name 'Agent' from 'agents'".
"""

from chatkit_scaffold.doctor.rule import ERROR, Edit, Finding, Findings, Fix, Project

SEVERITY = ERROR
WRONG = {
    "pyproject.toml": '[project]\nname = "app"\nversion = "1"\ndependencies = ["agents>=1.4"]\n',
    "app/assistant.py": """
from agents import Agent
from chatkit.agents import AgentContext

assistant = Agent[AgentContext](name="Guide")
""",
}
RIGHT = {
    **WRONG,
    "pyproject.toml": WRONG["pyproject.toml"].replace("agents>=1.4", "openai-agents>=0.24,<0.25"),
}


def check(project: Project) -> Findings:
    names = {alias.name for _, _, alias, _ in project.python.imported("agents")}
    if not names & project.sdk.exports("agents"):
        return
    for found in project.depends_on("agents"):
        if found.is_node:
            continue
        edits = [Edit(found.path, *found.span, "openai-agents")]
        if found.bounds:
            edits.append(Edit(found.path, *found.end, project.sdk.pair("openai-agents")))
        message = "This is not the Agents SDK, which is called openai-agents."
        plain = project.files.plain(found.path)
        yield Finding.at(plain, found.span, message, Fix(tuple(edits), safe=True))
