"""The second turn fails with a Chat Completions model

ChatKit's converter writes what the assistant said as `output_text` parts, which the Agents SDK
refuses for Chat Completions models since 0.19: "Unknown content: {'type': 'output_text', ...}". The
first message is answered, every later one ends with an error. Subclass `ThreadItemConverter` and
give the text as it is from `assistant_message_to_input`.
"""

import ast

from chatkit_scaffold.doctor.rule import ERROR, Call, Finding, Findings, Project

SEVERITY = ERROR
METHOD = "assistant_message_to_input"
FIRST = (0, 19)
WRONG = {
    "app/server.py": """
from agents import Agent, OpenAIChatCompletionsModel
from chatkit.agents import simple_to_agent_input
from app.llm import client

agent = Agent(name="Helper", model=OpenAIChatCompletionsModel("some-model", client))


async def history(page):
    return await simple_to_agent_input(page.data[::-1])
"""
}
RIGHT = {
    "app/server.py": """
from agents import Agent, OpenAIChatCompletionsModel
from chatkit.agents import ThreadItemConverter
from app.llm import client

agent = Agent(name="Helper", model=OpenAIChatCompletionsModel("some-model", client))


class Converter(ThreadItemConverter):
    async def assistant_message_to_input(self, item):
        return {"role": "assistant", "content": "".join(part.text for part in item.content)}


async def history(page):
    return await Converter().to_agent_input(page.data[::-1])
"""
}


def check(project: Project) -> Findings:
    version = project.sdk.version("openai-agents").split(".")
    numbers = tuple(int(part) for part in version[:2] if part.isdigit())
    if not project.chat_models or numbers < FIRST:
        return
    message = "Every message after the first is answered with an error: Unknown content."
    asked = any(project.python.method_calls("to_agent_input"))
    converters = ("chatkit.ThreadItemConverter",) if asked else ()
    for call in project.python.calls("chatkit.simple_to_agent_input", *converters):
        if not _is_new_message(call):
            yield Finding.at(call.module, call.node, message)
    for found in project.python.subclasses("chatkit.ThreadItemConverter") if asked else ():
        if METHOD not in found.methods:
            yield Finding.at(found.module, found.node, message)


def _is_new_message(call: Call) -> bool:
    """Only what the user just wrote is converted: the rest comes from a session."""
    around = call.module.function_of(call.node)
    given = [argument.arg for argument in around.args.args[2:3]] if around else []
    first = call.node.args[0] if call.node.args else None
    return (
        around is not None
        and around.name == "respond"
        and isinstance(first, ast.Name)
        and first.id in given
    )
