"""Ollama is asked through the door that loses tools

LiteLLM's `ollama/` drops tool calls while it streams: the user sees JSON instead of an answer, and
no tool runs. `ollama_chat/` calls them.
"""

import re

from chatkit_scaffold.doctor.rule import WARNING, Edit, Finding, Findings, Fix, Project

SEVERITY = WARNING
WRONG = {
    "app/assistant.py": """
from agents import Agent, function_tool, set_tracing_disabled
from chatkit.agents import AgentContext

set_tracing_disabled(True)


@function_tool
def today() -> str:
    return "Monday"


assistant = Agent[AgentContext](name="Helper", model="litellm/ollama/qwen3", tools=[today])
"""
}
RIGHT = {"app/assistant.py": WRONG["app/assistant.py"].replace("/ollama/", "/ollama_chat/")}


def check(project: Project) -> Findings:
    python = project.python
    if not any("function_tool" in module.text for module in python.modules):
        return
    litellm = any(True for _ in python.calls("agents.LitellmModel"))
    pattern = r"(litellm/)?ollama/.+" if litellm else r"litellm/ollama/.+"
    for module, node in python.strings(pattern):
        text = re.sub(r"(^|/)ollama/", r"\1ollama_chat/", module.source(node).strip("\"'"))
        fix = Fix((Edit.replace(module, node, f'"{text}"'),), safe=True)
        message = "Tools do not run: the user sees their JSON instead."
        yield Finding.at(module, node, message, fix)
