"""The OpenAI key is sent to another provider

A client with a `base_url` and no `api_key` takes `OPENAI_API_KEY` from the environment and sends it
to that address. Where there is none, the app does not start: "Missing credentials". Give it the
provider's own key, or any word where none is needed.
"""

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Project

SEVERITY = ERROR
WRONG = {
    "app/llm.py": """
from agents import OpenAIChatCompletionsModel, set_tracing_disabled
from openai import AsyncOpenAI

set_tracing_disabled(True)
model = OpenAIChatCompletionsModel("qwen3", AsyncOpenAI(base_url="http://localhost:11434/v1"))
"""
}
RIGHT = {"app/llm.py": WRONG["app/llm.py"].replace('/v1")', '/v1", api_key="none")')}


def check(project: Project) -> Findings:
    for client in project.clients:
        if client.is_foreign and not client.call.is_open and "api_key" not in client.call.keywords:
            message = f"Your OpenAI key goes to {client.host}."
            yield Finding.at(client.call.module, client.call.node, message)
