"""The model only gets the last message

It answers "hi" well and forgets everything: each turn starts from nothing. Load the thread's items,
newest first, and turn them round; or use a session, a conversation id or `previous_response_id`.
"""

from chatkit_scaffold.doctor.rule import (
    WARNING,
    Call,
    Finding,
    Findings,
    Project,
    is_all,
    named,
    turns,
)

SEVERITY = WARNING
MEMORY = (
    "previous_response_id", "auto_previous_response_id", "conversation_id", "conversation",
    "session",
)  # fmt: skip
RUNS = ("agents.Runner.run_streamed", "agents.Runner.run")
WRONG = {
    "app/server.py": """
from agents import Runner
from chatkit.agents import AgentContext, simple_to_agent_input, stream_agent_response
from chatkit.server import ChatKitServer
from app.assistant import assistant


class Server(ChatKitServer):
    async def respond(self, thread, item, context):
        agent_context = AgentContext(thread=thread, store=self.store, request_context=context)
        messages = await simple_to_agent_input(item)
        result = Runner.run_streamed(assistant, messages, context=agent_context)
        async for event in stream_agent_response(agent_context, result):
            yield event
"""
}
RIGHT = {
    "app/server.py": WRONG["app/server.py"].replace(
        "simple_to_agent_input(item)",
        """simple_to_agent_input(
            (await self.store.load_thread_items(thread.id, None, 50, "desc", context)).data[::-1]
        )""",
    )
}


def check(project: Project) -> Findings:
    text = "The model forgets everything: it only gets the last message."
    for found in project.python.servers:
        for method, message in turns(found):
            calls = project.python.flow.calls(method.module, method.node)
            streamed = [call for call in calls if call.name == RUNS[0]]
            for call in streamed or [call for call in calls if call.name == RUNS[1] or _asks(call)]:
                given = call.argument("input", 1) or call.argument("messages")
                if given is None or call.is_open or any(word in call.keywords for word in MEMORY):
                    continue
                if is_all(project.python, method, message, given):
                    yield Finding.at(method.module, call.node, text)


def _asks(call: Call) -> bool:
    """Without the Agents SDK: `client.responses.create(...)`."""
    return named(call.node.func)[-2:] in (["responses", "create"], ["completions", "create"])
