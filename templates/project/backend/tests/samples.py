"""Threads and items to try a store on, one item of every kind among them."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from chatkit.types import ThreadItem, ThreadMetadata

from app.identity import User
from app.stores.chat_store import ITEM, ChatStore

NOW = datetime(2026, 1, 2, 3, 4, 5, 6789)  # ChatKit's own times are naive and local
LATER = NOW + timedelta(days=1)
TIMES = [NOW, datetime(2026, 1, 1, tzinfo=UTC), LATER.replace(tzinfo=timezone(timedelta(hours=5)))]
STRANGE = "\x00 \U0001f600 \u202e \ufeff \u2028 \\u0000 ' \" -- % $1 ?"
ITEMS: dict[str, dict[str, Any]] = {
    "user_message": {
        "content": [
            {"type": "input_text", "text": STRANGE},
            {"type": "input_tag", "id": "t", "text": "@x", "data": {"a": [1]}, "interactive": True},
        ],
        "attachments": [{"type": "file", "id": "f", "name": "a.txt", "mime_type": "text/plain"}],
        "quoted_text": "q",
        "inference_options": {"tool_choice": {"id": "search"}, "model": "m"},
    },
    "assistant_message": {"content": [{"type": "output_text", "text": "x" * 1_000_000}]},
    "client_tool_call": {"call_id": "c", "name": "n", "arguments": {"x": None}, "output": [0.1]},
    "widget": {"widget": {"type": "Card", "children": [{"type": "Text", "value": STRANGE}]}},
    "generated_image": {"image": {"id": "i", "url": "data:image/png;base64,AAAA"}},
    "structured_input": {
        "status": "answered",
        "inputs": [{"type": "freeform", "id": "s", "question": "?", "answer": {"values": ["v"]}}],
    },
    "task": {"task": {"type": "thought", "title": "t", "content": STRANGE}},
    "workflow": {
        "workflow": {
            "type": "reasoning",
            "tasks": [{"type": "custom", "status_indicator": "complete", "icon": "bolt"}],
            "summary": {"duration": 3},
            "expanded": True,
        }
    },
    "end_of_turn": {},
    "hidden_context_item": {"content": {"a": [1, None, {"b": STRANGE}]}},
    "sdk_hidden_context": {"content": STRANGE},
}


async def begin(store: ChatStore, user: User, id: str = "") -> str:
    id = id or store.generate_thread_id(user)
    await store.save_thread(ThreadMetadata(id=id, created_at=NOW), user)
    return id


def make(kind: str, thread: str, id: str = "a", at: datetime = NOW, **fields: Any) -> ThreadItem:
    known = {"id": id, "thread_id": thread, "type": kind, "created_at": at}
    return ITEM.validate_python(known | ITEMS[kind] | fields)


async def add(store: ChatStore, user: User, thread: str, *ids: str, at: datetime = NOW) -> None:
    for id in ids:
        await store.add_thread_item(thread, make("end_of_turn", thread, id, at), user)
