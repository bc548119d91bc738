"""While tools run: the user sees each as a task, and later turns remember what it answered."""

from datetime import datetime
from typing import Any, cast

from agents import Agent, RunContextWrapper, RunHooks, Tool
from agents.tool_context import ToolContext
from chatkit.agents import AgentContext
from chatkit.types import CustomTask, HiddenContextItem, ThreadItemDoneEvent

from app.identity import User

MAX_RESULT = 4000  # characters of a tool's answer that later turns get to read

Context = RunContextWrapper[AgentContext[User]]


class Progress(RunHooks[AgentContext[User]]):
    def __init__(self) -> None:
        self._tasks: dict[str, tuple[CustomTask, int]] = {}

    async def on_tool_start(self, context: Context, agent: Agent[Any], tool: Tool) -> None:
        chat = context.context
        title = tool.name.removeprefix("mcp_").replace("__", ": ").replace("_", " ").capitalize()
        task = CustomTask(title=title, icon="bolt", status_indicator="loading")
        await chat.add_workflow_task(task)
        if chat.workflow_item:
            place = len(chat.workflow_item.workflow.tasks) - 1
            self._tasks[call_of(context).tool_call_id] = (task, place)

    async def on_tool_end(
        self, context: Context, agent: Agent[Any], tool: Tool, result: object
    ) -> None:
        chat, call = context.context, call_of(context)
        task, place = self._tasks.pop(call.tool_call_id)
        task.status_indicator = "complete"
        if chat.workflow_item:
            await chat.update_workflow_task(task, place)
        if chat.client_tool_call:  # the browser answers, and the thread keeps what it says
            return
        memory = HiddenContextItem(
            id=chat.generate_id("message"),
            thread_id=chat.thread.id,
            created_at=datetime.now(),
            content={
                "call_id": call.tool_call_id,
                "name": call.tool_name,
                "arguments": call.tool_arguments,
                "output": text_of(result)[:MAX_RESULT],
            },
        )
        await chat.stream(ThreadItemDoneEvent(item=memory))


def text_of(result: object) -> str:
    match result:
        case {"type": "text", "text": str(text)}:
            return text
        case list():
            return "\n".join(map(text_of, result))
    return str(result)


def call_of(context: Context) -> ToolContext[AgentContext[User]]:
    return cast(ToolContext[AgentContext[User]], context)  # what the SDK hands to function tools
