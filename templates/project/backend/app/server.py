"""One turn of the chat: load the history, run the assistant, stream what it says."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from agents import Agent, Model, Runner
from chatkit.actions import Action
from chatkit.agents import AgentContext, stream_agent_response
from chatkit.errors import CustomStreamError
from chatkit.server import ChatKitServer, NonStreamingResult, StreamingResult
from chatkit.types import (
    AttachmentsCreateReq,
    AttachmentsDeleteReq,
    AudioInput,
    FeedbackKind,
    SyncCustomActionResponse,
    ThreadMetadata,
    ThreadsDeleteReq,
    ThreadStreamEvent,
    TranscriptionResult,
    UserMessageItem,
    WidgetItem,
    is_streaming_req,
)

from app.assistant import build_assistant
from app.config import Settings
from app.events import Press, Stage, keep_partial, keep_places, unique_ids
from app.history import HistoryConverter, load_history
from app.identity import User
from app.llm import RUN_CONFIG
from app.operations import read_request
from app.problems import NotOffered, apology
from app.progress import Progress
from app.stores.chat_store import ChatStore
from app.streaming import Turns, Wrapper
from app.titles import ask_for_title, first_words


class ChatServer(ChatKitServer[User]):
    dictation = False  # pages offer it once this is True and `transcribe` answers

    def __init__(self, store: ChatStore, model: Model, settings: Settings) -> None:
        super().__init__(store)
        self.chats = store
        self.model = model
        self.settings = settings
        self.assistant = build_assistant(model, settings.app_title)
        self.converter: Callable[[], HistoryConverter] = HistoryConverter
        self.choose: Callable[[UserMessageItem | None], Agent[Any]] = lambda _: self.assistant
        self.fit: Callable[[Model], Model] = lambda model: model  # to the tools it is offered
        self.before_delete: list[Callable[[str, User], Awaitable[None]]] = []
        self.stages: list[Stage] = []
        self.actions: dict[str, Press] = {}
        self.wrappers: list[Wrapper] = [Turns().one_by_one]
        self.health: dict[str, Callable[[], Awaitable[object]]] = {}

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: User
    ) -> AsyncIterator[ThreadStreamEvent]:
        # The message is already stored. None means: a tool in the browser answered, so go on.
        nameless = input_user_message if thread.title is None else None
        agent_context = AgentContext(thread=thread, store=self.store, request_context=context)
        result = Runner.run_streamed(
            self.choose(input_user_message),
            await load_history(self.store, thread, context, self.converter()),
            context=agent_context,
            hooks=Progress(),
            run_config=RUN_CONFIG,
        )
        try:
            events = unique_ids(stream_agent_response(agent_context, result), agent_context)
            for stage in self.stages:
                events = stage(events, result)
            async for event in keep_partial(keep_places(events)):
                if nameless and not thread.title:
                    # Not earlier: the user may rename or delete the thread while the model thinks,
                    # and the SDK saves the whole of it after the next event.
                    stored = await self.store.load_thread(thread.id, context)
                    thread.title = stored.title or first_words(nameless)
                yield event
            if nameless and self.settings.titles_by_model:
                title = await ask_for_title(self.assistant, nameless)
                stored = await self.store.load_thread(thread.id, context)
                if title and stored.title == first_words(nameless):
                    thread.title = title
        except CustomStreamError:
            raise  # says already what people may read
        except Exception as error:
            raise apology(error) from error
        finally:
            result.cancel()  # when the user has left, the model must stop too

    async def process(
        self, request: str | bytes | bytearray, context: User
    ) -> StreamingResult | NonStreamingResult:
        parsed = read_request(request)
        if isinstance(parsed, AttachmentsCreateReq | AttachmentsDeleteReq) and (
            self.attachment_store is None
        ):
            raise NotOffered("This app takes no files.")
        if isinstance(parsed, ThreadsDeleteReq):
            for clean_up in self.before_delete:
                await clean_up(parsed.params.thread_id, context)
        if not is_streaming_req(parsed):
            return NonStreamingResult(await self._process_non_streaming(parsed, context))
        message = getattr(parsed.params, "input", None)
        for attachment_id in getattr(message, "attachments", []):
            await self.store.load_attachment(attachment_id, context)  # before the stream begins
        stream = self._process_streaming(parsed, context)
        for wrap in self.wrappers:
            stream = wrap(stream, parsed, context.id)
        return StreamingResult(stream)

    async def add_feedback(
        self, thread_id: str, item_ids: list[str], feedback: FeedbackKind, context: User
    ) -> None:
        await self.store.load_thread(thread_id, context)
        for item_id in item_ids:
            await self.chats.save_feedback(thread_id, item_id, feedback, context)

    async def action(
        self,
        thread: ThreadMetadata,
        action: Action[str, Any],
        sender: WidgetItem | None,
        context: User,
    ) -> AsyncIterator[ThreadStreamEvent]:
        press = self.actions.get(action.type)
        if not press or not sender:
            raise CustomStreamError("This app has no buttons that answer.")
        async for event in press(thread, action, sender, context):
            yield event

    async def sync_action(
        self,
        thread: ThreadMetadata,
        action: Action[str, Any],
        sender: WidgetItem | None,
        context: User,
    ) -> SyncCustomActionResponse:
        raise NotOffered("This app has no buttons that answer.")

    async def transcribe(self, audio_input: AudioInput, context: User) -> TranscriptionResult:
        raise NotOffered("Dictation is off. ChatServer.transcribe is where it is switched on.")
