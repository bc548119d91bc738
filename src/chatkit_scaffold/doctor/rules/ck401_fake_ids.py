"""Every message of the assistant gets the same id

Chat Completions models (and LiteLLM, any-llm) give all messages the id `__fake_id__`, and
`stream_agent_response` passes it on. In the browser and in the store each answer overwrites the one
before; with item ids as keys the second turn is an integrity error. Give each message its own id.
"""

import ast

from chatkit_scaffold.doctor.rule import ERROR, Call, Edit, Finding, Findings, Fix, Project
from chatkit_scaffold.doctor.rule import REMAP_HELPER as HELPER
from chatkit_scaffold.doctor.rule import REMAP_NAME as NAME

SEVERITY = ERROR
WRONG = {
    "app/server.py": """
from agents import Agent, OpenAIChatCompletionsModel, Runner
from chatkit.agents import AgentContext, stream_agent_response
from chatkit.server import ChatKitServer
from app.history import load_history
from app.llm import client

agent = Agent(name="Helper", model=OpenAIChatCompletionsModel("some-model", client))


class Server(ChatKitServer):
    async def respond(self, thread, input_user_message, context):
        agent_context = AgentContext(thread=thread, store=self.store, request_context=context)
        history = await load_history(self.store, thread, context)
        result = Runner.run_streamed(agent, history, context=agent_context)
        async for event in stream_agent_response(agent_context, result):
            yield event
"""
}
RIGHT = {
    "app/server.py": WRONG["app/server.py"]
    .replace("stream_agent_response(agent_context, result)", "remap_ids(agent_context, result)")
    .replace("from app.llm", "from app.events import remap_ids\nfrom app.llm"),
    "app/events.py": """
from chatkit.agents import stream_agent_response


async def remap_ids(agent_context, result):
    current = ""
    async for event in stream_agent_response(agent_context, result):
        if event.type == "thread.item.added" and event.item.id == "__fake_id__":
            event.item.id = current = agent_context.generate_id("message")
        elif event.type == "thread.item.updated" and event.item_id == "__fake_id__":
            event.item_id = current
        elif event.type == "thread.item.done" and event.item.id == "__fake_id__":
            event.item.id = current or agent_context.generate_id("tool_call")
            current = ""
        yield event
""",
}


def check(project: Project) -> Findings:
    if not project.chat_models or project.remaps:
        return
    for call in project.python.calls("chatkit.stream_agent_response"):
        message = "Each answer replaces the one before it, on the screen and in the store."
        yield Finding.at(call.module, call.node, message, _fix(call))


def _fix(call: Call) -> Fix | None:
    module, context = call.module, call.argument("context", 0)
    if not isinstance(context, ast.Name):
        return None
    helper = HELPER.replace("\n", module.newline) + module.newline * 2
    start, end = module.span(call.node)
    new_id = f'lambda: {context.id}.generate_id("message")'
    edits = [
        Edit.insert(module, module.after_imports, helper),
        Edit.insert(module, start, f"{NAME}("),
        Edit.insert(module, end, f", {new_id})"),
    ]
    return Fix(tuple(edits))
