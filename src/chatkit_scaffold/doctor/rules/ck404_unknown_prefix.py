"""A model's name has a prefix that the Agents SDK does not know

What stands before the slash must be `openai`, `litellm` or `any-llm`: with `openrouter/...` or
`google/...` every turn ends with "Unknown prefix". Make a model object with its own client, or
write `litellm/openrouter/...` and install `openai-agents[litellm]`.
"""

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Project

SEVERITY = ERROR
KNOWN = ("openai", "litellm", "any-llm")
OWN = ("agents.MultiProvider", "agents.OpenAIProvider", "agents.MultiProviderMap")
WRONG = {
    "app/assistant.py": """
from agents import Agent
from chatkit.agents import AgentContext

assistant = Agent[AgentContext](name="Helper", model="openrouter/meta-llama/llama-4")
"""
}
RIGHT = {
    "app/assistant.py": """
from agents import Agent
from chatkit.agents import AgentContext

assistant = Agent[AgentContext](name="Helper", model="gpt-5-mini")
"""
}


def check(project: Project) -> Findings:
    python = project.python
    if any(True for _ in python.calls(*OWN)) or python.subclasses("agents.ModelProvider"):
        return
    for call, name in project.models:
        prefix, slash, _ = name.partition("/")
        given = call.argument("model")
        plain = call.name in ("agents.Agent", "agents.RunConfig")
        if slash and plain and given is not None and prefix not in KNOWN:
            message = f"The Agents SDK does not know the prefix {prefix!r}: every turn fails."
            yield Finding.at(call.module, given, message)
