"""Traces of another provider's conversations go to OpenAI

Tracing is on by default and sends every prompt and answer to OpenAI. With another provider that is
a leak of what people wrote, or, with that provider's key, an error in the log at every turn:
"Tracing client error 401: Incorrect API key provided". Call `set_tracing_disabled(True)`.
"""

from chatkit_scaffold.doctor.rule import (
    WARNING,
    Client,
    Edit,
    Finding,
    Findings,
    Fix,
    Module,
    Project,
)

SEVERITY = WARNING
SWITCHES = (
    "set_tracing_disabled", "set_tracing_export_api_key", "set_trace_processors",
    "tracing_disabled", "OPENAI_AGENTS_DISABLE_TRACING",
)  # fmt: skip
WRONG = {
    "app/llm.py": """
from agents import OpenAIChatCompletionsModel
from openai import AsyncOpenAI
from app.config import key

client = AsyncOpenAI(base_url="https://openrouter.ai/api/v1", api_key=key)
model = OpenAIChatCompletionsModel("some/model", client)
"""
}
RIGHT = {
    "app/llm.py": """
from agents import OpenAIChatCompletionsModel, set_tracing_disabled
from openai import AsyncOpenAI
from app.config import key

set_tracing_disabled(True)
client = AsyncOpenAI(base_url="https://openrouter.ai/api/v1", api_key=key)
model = OpenAIChatCompletionsModel("some/model", client)
"""
}


def check(project: Project) -> Findings:
    texts = [module.text for module in project.python.modules]
    texts += [variable.name for variable in project.variables]
    if any(switch in text for switch in SWITCHES for text in texts):
        return
    uses_agents = any(True for _ in project.python.imported("agents"))
    foreign = [client.call for client in project.clients if client.is_foreign]
    for call in project.python.calls("agents.OpenAIProvider"):
        url = project.python.values.text(call.module, call.argument("base_url"))
        foreign += [call] if Client(call, url).is_foreign else []
    foreign += project.python.calls("agents.LitellmModel", "agents.AnyLLMModel")
    if foreign and uses_agents:
        call = foreign[0]
        message = "What people write to this provider is sent to OpenAI as well, as traces."
        yield Finding.at(call.module, call.node, message, _fix(call.module))


def _fix(module: Module) -> Fix:
    line = f"from agents import set_tracing_disabled{module.newline}"
    call = f"set_tracing_disabled(True){module.newline}"
    return Fix(
        (
            Edit.insert(module, module.import_place, line),
            Edit.insert(module, module.after_imports, call),
        )
    )
