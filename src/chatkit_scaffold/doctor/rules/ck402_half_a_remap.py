"""The ids of messages are only half mended

Text no longer streams into its bubble when the updates keep the placeholder in `item_id`; two
messages of one turn merge when they share an id; and an id made in the store is one the browser
does not know. Make an id for each message that is added, and put it into its updates as well.
"""

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Project

SEVERITY = ERROR
WRONG = (
    {
        "app/events.py": """
from chatkit.agents import stream_agent_response


async def events(agent_context, result, new_id):
    async for event in stream_agent_response(agent_context, result):
        if event.type in ("thread.item.added", "thread.item.done"):
            if event.item.id == "__fake_id__":
                event.item.id = new_id()
        yield event
"""
    },
    {
        "app/store.py": """
from chatkit.store import Store


class MyStore(Store):
    async def add_thread_item(self, thread_id, item, context):
        if item.id == "__fake_id__":
            item.id = context.new_id()
        self.items[context.user_id, thread_id][item.id] = item
"""
    },
)
RIGHT = {
    "app/events.py": """
from chatkit.agents import stream_agent_response


async def events(agent_context, result):
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
"""
}


def check(project: Project) -> Findings:
    tools = any(True for _ in project.python.calls("chatkit.ClientToolCall"))
    for remap in project.remaps:
        around = project.python.class_at(remap.module, remap.function)
        if around and around.is_a("chatkit.Store"):
            message = "The store knows another id than the browser: feedback and retry miss."
        elif not remap.item_ids:
            message = "The updates keep the placeholder: text does not appear while it streams."
        elif not remap.each:
            message = "All messages of a turn share this id: the second replaces the first."
        elif not remap.resets and tools:
            message = "A client tool call takes the id of the message before, and replaces it."
        else:
            continue
        yield Finding.at(remap.module, remap.change, message)
