"""The answer appears all at once

Only the finished message is sent, so people look at an empty bubble until the model has said all of
it. `stream_agent_response` sends each word as it comes.
"""

from chatkit_scaffold.doctor.rule import INFO, Finding, Findings, Project

SEVERITY = INFO
STREAMS = ("chatkit.stream_agent_response", "agents.Runner.run_streamed")
WRONG = {
    "app/server.py": """
from agents import Runner
from chatkit.server import ChatKitServer
from app.assistant import assistant, as_event, load_history


class Server(ChatKitServer):
    async def respond(self, thread, input_user_message, context):
        result = await Runner.run(assistant, await load_history(thread, context))
        yield as_event(thread, result.final_output)
"""
}
RIGHT = {
    "app/server.py": """
from agents import Runner
from chatkit.agents import AgentContext, stream_agent_response
from chatkit.server import ChatKitServer
from app.assistant import assistant, load_history


class Server(ChatKitServer):
    async def respond(self, thread, input_user_message, context):
        agent = AgentContext(thread=thread, store=self.store, request_context=context)
        history = await load_history(thread, context)
        result = Runner.run_streamed(assistant, history, context=agent)
        async for event in stream_agent_response(agent, result):
            yield event
"""
}


def check(project: Project) -> Findings:
    flow = project.python.flow
    for found in project.python.servers:
        method = found.own.get("respond")
        places = list(flow.reached(method.module, method.node)) if method else []
        calls = [call for place in places for call in flow.calls(*place)]
        texts = [module.text for module, _ in places]
        raw = any("raw_response_event" in t or "RawResponsesStreamEvent" in t for t in texts)
        if raw or any(call.name == STREAMS[0] for call in calls):
            continue
        whole = [c for c in calls if c.name == "agents.Runner.run"]
        items = [c for c in calls if c.method == "stream_events"]
        if (whole and not any(c.name in STREAMS for c in calls)) or items:
            call = (items or whole)[0]
            yield Finding.at(call.module, call.node, "People see nothing until all of it is said.")
