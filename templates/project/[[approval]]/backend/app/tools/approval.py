"""Tools that ask first: `needs_approval=True` is all that one has to say.

The turn ends with a card that the thread's owner answers once, also days later; the call is made as
it is stored, and nothing of it comes from the browser.
"""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from agents import Agent, FunctionTool, RunContextWrapper, Runner, RunResultStreaming
from agents.testing import ScriptedModel, function_call
from chatkit.actions import Action
from chatkit.agents import AgentContext, stream_agent_response
from chatkit.errors import CustomStreamError
from chatkit.types import (
    CustomSummary,
    HiddenContextItem,
    ThreadItemDoneEvent,
    ThreadMetadata,
    WidgetItem,
)

from app.events import Events
from app.identity import User
from app.progress import Progress
from app.server import ChatServer
from app.tools.questions import ALLOW, REFUSE, Call, asked, close, question, same, ticket
from app.tools.removal import removal

MAX_ITEMS = 60  # in which an earlier question is looked for


def join(server: ChatServer) -> None:
    server.assistant.tools = [*server.assistant.tools, removal(server)]
    server.stages.append(ask)
    server.actions |= dict.fromkeys([ALLOW, REFUSE], partial(decide, server))


async def ask(events: Events, result: RunResultStreaming) -> Events:
    async for event in events:
        yield event
    chat: AgentContext[User] = result.context_wrapper.context
    for wanted in result.interruptions:
        call = {
            "call_id": wanted.call_id or "",
            "name": wanted.name or "",
            "arguments": wanted.arguments or "{}",
        }
        page = await chat.store.load_thread_items(
            chat.thread.id, None, MAX_ITEMS, "desc", chat.request_context
        )
        for item in page.data:
            if isinstance(item, WidgetItem) and same(asked(item), call):
                yield close(item, "Asked again below", "reload")
                await chat.store.delete_thread_item(
                    chat.thread.id, ticket(item.id), chat.request_context
                )
        id = chat.generate_id("message")
        yield hide(chat, f"{wanted.name} waits for the user's answer.", ticket(id))
        yield ThreadItemDoneEvent(
            item=WidgetItem(
                id=id,
                thread_id=chat.thread.id,
                created_at=datetime.now(),
                widget=question(call),
            )
        )


async def decide(
    server: ChatServer,
    thread: ThreadMetadata,
    action: Action[str, Any],
    sender: WidgetItem,
    user: User,
) -> Events:
    call = asked(sender)
    # Of several processes that are asked at once, the one that takes the ticket away goes on.
    place = {"user_id": user.id, "thread_id": thread.id, "id": ticket(sender.id)}
    if call is None or not await server.chats.remove("items", **place):
        raise CustomStreamError("This question was answered before.")
    chat = AgentContext(thread=thread, store=server.store, request_context=user)
    # Before the call and not after it: whatever happens, it is made at most once.
    if action.type == ALLOW:
        yield close(sender, "Allowed", "check")
        async for event in make(call, server, chat):
            yield event
    else:
        yield close(sender, "Refused", "info")
        output = "The user did not allow this. Do not try it again."
        yield hide(chat, {**call, "output": output})
    async for event in server.respond(thread, None, user):
        yield event


async def make(call: Call, server: ChatServer, chat: AgentContext[User]) -> Events:
    tools = await server.assistant.get_all_tools(RunContextWrapper(chat))
    tool = next((tool for tool in tools if tool.name == call["name"]), None)
    if not isinstance(tool, FunctionTool):
        yield hide(chat, {**call, "output": "There is no such tool any more."})
        return
    # A run of one step: what the model wants is known, so a script stands in for it.
    wanted = function_call(call["name"], call["arguments"], call_id=call["call_id"])
    agent = Agent[AgentContext[User]](
        name="Approved",
        model=ScriptedModel([[wanted]]),
        tools=[replace(tool, needs_approval=False)],
        tool_use_behavior="stop_on_first_tool",
    )
    result = Runner.run_streamed(agent, "Go on.", context=chat, hooks=Progress())
    async for event in stream_agent_response(chat, result):
        yield event
    if chat.workflow_item:
        chat.workflow_item.workflow.summary = CustomSummary(title="Done as allowed", icon="check")
        yield ThreadItemDoneEvent(item=chat.workflow_item)


def hide(chat: AgentContext[User], content: object, id: str = "") -> ThreadItemDoneEvent:
    """For the model alone."""
    return ThreadItemDoneEvent(
        item=HiddenContextItem(
            id=id or chat.generate_id("message"),
            thread_id=chat.thread.id,
            created_at=datetime.now(),
            content=content,
        )
    )
