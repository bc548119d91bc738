"""A provider is used whose package is not asked for

"`litellm` is required to use the LitellmModel": the Agents SDK brings LiteLLM and any-llm only as
extras. Depend on `openai-agents[litellm]`.
"""

from chatkit_scaffold.doctor.rule import ERROR, Edit, Finding, Findings, Fix, Project

SEVERITY = ERROR
EXTRAS = {
    "litellm": ("litellm/", "agents.LitellmModel"),
    "any-llm": ("any-llm/", "agents.AnyLLMModel"),
}
PACKAGES = {"litellm": ("litellm",), "any-llm": ("any-llm-sdk", "any-llm")}
WRONG = {
    "requirements.txt": "openai-agents==0.24.0\n",
    "app/assistant.py": """
from agents import Agent, set_tracing_disabled
from chatkit.agents import AgentContext

set_tracing_disabled(True)
assistant = Agent[AgentContext](name="Guide", model="litellm/anthropic/claude-sonnet-4-5")
""",
}
RIGHT = {**WRONG, "requirements.txt": "openai-agents[litellm]==0.24.0\n"}


def check(project: Project) -> Findings:
    listed = [d for d in project.depends_on("openai-agents") if not d.is_node]
    for extra, (prefix, model) in EXTRAS.items():
        used = [call for call, name in project.models if name.startswith(prefix)]
        used += project.python.calls(model)
        there = any(extra in d.extras for d in listed) or project.depends_on(*PACKAGES[extra])
        if not used or not listed or there:
            continue
        found = listed[0]
        name = f"openai-agents[{extra}]"
        fix = None if found.extras else Fix((Edit(found.path, *found.span, name),), safe=True)
        message = f"The app uses {extra}, which only {name} brings."
        yield Finding.at(project.files.plain(found.path), found.span, message, fix)
