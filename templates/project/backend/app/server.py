"""One turn of the chat: load the history, run the assistant, stream what it says."""

import logging
from collections.abc import AsyncIterator

from agents import Model, Runner
from chatkit.agents import AgentContext, stream_agent_response
from chatkit.server import ChatKitServer
from chatkit.types import (
    FeedbackKind,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
    UserMessageTextContent,
)

from app.assistant import build_assistant
from app.history import load_history
from app.identity import User
from app.stores.chat_store import ChatStore
from app.streaming import unique_ids

logger = logging.getLogger(__name__)


class ChatServer(ChatKitServer[User]):
    def __init__(self, store: ChatStore, model: Model, title: str) -> None:
        super().__init__(store)
        self.assistant = build_assistant(model, title)

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: User
    ) -> AsyncIterator[ThreadStreamEvent]:
        # The message is already stored. None means: a tool in the browser answered, so go on.
        if thread.title is None and input_user_message:
            thread.title = title_of(input_user_message)
        agent_context = AgentContext(thread=thread, store=self.store, request_context=context)
        result = Runner.run_streamed(
            self.assistant,
            await load_history(self.store, thread, context),
            context=agent_context,
        )
        try:
            events = stream_agent_response(agent_context, result)
            async for event in unique_ids(events, agent_context):
                yield event
        finally:
            result.cancel()  # when the user has left, the model must stop too

    async def add_feedback(
        self, thread_id: str, item_ids: list[str], feedback: FeedbackKind, context: User
    ) -> None:
        for item_id in item_ids:
            await self.store.load_item(thread_id, item_id, context)
        logger.info("Feedback %s on %s in %s", feedback, item_ids, thread_id)


def title_of(message: UserMessageItem) -> str | None:
    text = " ".join(p.text for p in message.content if isinstance(p, UserMessageTextContent))
    words = " ".join(text.split())
    return words[:60] or None
