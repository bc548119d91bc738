"""Every message of the assistant gets the same id

Chat Completions models (and LiteLLM, any-llm) give all messages the id `__fake_id__`, and
`stream_agent_response` passes it on. In the browser and in the store each answer overwrites the one
before; with item ids as keys the second turn is an integrity error. Give each message its own id.
"""

import ast

from chatkit_scaffold.doctor.rule import (
    ERROR,
    REMAP_HELPER,
    REMAP_NAME,
    Call,
    Edit,
    Finding,
    Findings,
    Fix,
    Project,
)

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
from agents.models.fake_id import FAKE_RESPONSES_ID
from chatkit.agents import stream_agent_response


async def remap_ids(agent_context, result):
    message_id = ""
    async for event in stream_agent_response(agent_context, result):
        if event.type == "thread.item.added" and event.item.id == FAKE_RESPONSES_ID:
            message_id = agent_context.generate_id("message")
        if event.type == "thread.item.updated" and event.item_id == FAKE_RESPONSES_ID:
            event.item_id = message_id
        elif event.type in ("thread.item.added", "thread.item.done"):
            event.item.id = message_id
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
    first = next(
        n for n in module.tree.body if not isinstance(n, ast.Expr | ast.Import | ast.ImportFrom)
    )
    place = module.line_start(
        (getattr(first, "decorator_list", None) and first.decorator_list[0]) or first
    )
    helper = REMAP_HELPER.replace("\n", module.newline) + module.newline * 2
    start, end = module.span(call.node)
    new_id = f'lambda: {context.id}.generate_id("message")'
    return Fix(
        (
            Edit.insert(module, place, helper),
            Edit.insert(module, start, f"{REMAP_NAME}("),
            Edit.insert(module, end, f", {new_id})"),
        )
    )
