"""Things a thread holds, with as few words as a test needs."""

from datetime import datetime

from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    ClientToolCallItem,
    CustomTask,
    FileAttachment,
    InferenceOptions,
    ThreadMetadata,
    UserMessageContent,
    UserMessageItem,
    UserMessageTextContent,
    Workflow,
    WorkflowItem,
)

NOW = datetime(2026, 1, 1)  # naive, because the SDK's own times are
THREAD = "thr_1"


def thread() -> ThreadMetadata:
    return ThreadMetadata(id=THREAD, created_at=NOW)


def user(item_id: str, *content: UserMessageContent) -> UserMessageItem:
    return UserMessageItem(
        id=item_id,
        thread_id=THREAD,
        created_at=NOW,
        content=list(content) or [UserMessageTextContent(text=item_id)],
        inference_options=InferenceOptions(),
    )


def assistant(item_id: str, text: str = "Hello") -> AssistantMessageItem:
    content = [AssistantMessageContent(text=text)] if text else []
    return AssistantMessageItem(id=item_id, thread_id=THREAD, created_at=NOW, content=content)


def browser_call(item_id: str) -> ClientToolCallItem:
    """A tool that runs in the browser and has not answered yet."""
    return ClientToolCallItem(
        id=item_id, thread_id=THREAD, created_at=NOW, call_id="call_1", name="look", arguments={}
    )


def workflow(item_id: str, created_at: datetime = NOW) -> WorkflowItem:
    tasks = Workflow(type="custom", tasks=[CustomTask(title="Reading")])
    return WorkflowItem(id=item_id, thread_id=THREAD, created_at=created_at, workflow=tasks)


def attachment(item_id: str) -> FileAttachment:
    return FileAttachment(id=item_id, name="notes.txt", mime_type="text/plain")
