"""A provider is asked in an API that it does not have

The Agents SDK speaks the Responses API unless told otherwise. Gemini, Anthropic, Mistral and others
only have Chat Completions: every turn ends with a 404. Use `OpenAIChatCompletionsModel`, or
`set_default_openai_api("chat_completions")` beside `set_default_openai_client`.
"""

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Project

SEVERITY = ERROR
CHAT_ONLY = (
    "generativelanguage.googleapis.com", "api.anthropic.com", "api.mistral.ai", "api.deepseek.com",
    "api.together.xyz", "api.perplexity.ai", "api.cohere.ai", "api.cerebras.ai",
)  # fmt: skip
WRONG = {
    "app/llm.py": """
from agents import OpenAIResponsesModel, set_tracing_disabled
from openai import AsyncOpenAI
from app.config import key

set_tracing_disabled(True)
client = AsyncOpenAI(base_url="https://api.mistral.ai/v1", api_key=key)
model = OpenAIResponsesModel("mistral-small", client)
"""
}
RIGHT = {"app/llm.py": WRONG["app/llm.py"].replace("ResponsesModel", "ChatCompletionsModel")}


def check(project: Project) -> Findings:
    python = project.python
    foreign = {client.call.node: client for client in project.clients if client.host in CHAT_ONLY}
    for call in python.calls("agents.OpenAIResponsesModel", "agents.set_default_openai_client"):
        first = call.name.endswith("client")
        given = call.argument("client" if first else "openai_client", 0 if first else 1)
        made = python.values.origin(call.module, given)[1] if given else None
        client = foreign.get(made)  # type: ignore[call-overload]
        switched = first and any(
            python.values.text(c.module, c.argument("api", 0)) == "chat_completions"
            for c in python.calls("agents.set_default_openai_api")
        )
        if client and not switched:
            message = f"{client.host} has no Responses API: every turn ends with a 404."
            yield Finding.at(call.module, call.node, message)
