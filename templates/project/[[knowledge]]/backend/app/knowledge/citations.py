"""The marks that the model writes, such as [source 12], become citations that ChatKit shows."""

import re
from collections.abc import AsyncIterator, Callable

from chatkit.types import (
    Annotation,
    AssistantMessageContent,
    AssistantMessageContentPartAnnotationAdded,
    AssistantMessageContentPartDone,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    FileSource,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
)

from app.knowledge.index import Found

MARK = re.compile(r" ?\[source (\d{1,9})\]")
LONGEST_MARK = 20

LookUp = Callable[[int], Found | None]
Update = AssistantMessageContentPartTextDelta | AssistantMessageContentPartAnnotationAdded


async def cite(
    events: AsyncIterator[ThreadStreamEvent], look_up: LookUp
) -> AsyncIterator[ThreadStreamEvent]:
    parts: dict[tuple[str, int], Part] = {}
    async for event in events:
        match event:
            case ThreadItemUpdatedEvent(item_id=id, update=update):
                match update:
                    case AssistantMessageContentPartTextDelta(content_index=place, delta=delta):
                        part = parts.setdefault((id, place), Part(place, look_up))
                        for ready in part.updates(delta):
                            yield ThreadItemUpdatedEvent(item_id=id, update=ready)
                        continue
                    case AssistantMessageContentPartDone(content_index=place, content=content):
                        if (id, place) in parts:
                            for ready in parts.pop((id, place)).updates("", last=True):
                                yield ThreadItemUpdatedEvent(item_id=id, update=ready)
                        update.content = cited(content, look_up)
            case ThreadItemDoneEvent(item=AssistantMessageItem() as item):
                item.content = [cited(content, look_up) for content in item.content]
        yield event


class Part:
    """A part of a message while it is streamed."""

    def __init__(self, place: int, look_up: LookUp) -> None:
        self._place, self._look_up = place, look_up
        self._held, self._sent, self._count = "", 0, 0

    def updates(self, delta: str, last: bool = False) -> list[Update]:
        text = self._held + delta
        end = len(text) if last else beginning_of_mark(text)
        text, self._held = text[:end], text[end:]
        clean, notes = resolve(text, self._sent, self._look_up)
        ready = list[Update]()
        if clean:
            self._sent += len(clean)
            ready = [AssistantMessageContentPartTextDelta(content_index=self._place, delta=clean)]
        for note in notes:
            added = AssistantMessageContentPartAnnotationAdded(
                content_index=self._place, annotation_index=self._count, annotation=note
            )
            ready.append(added)
            self._count += 1
        return ready


def beginning_of_mark(text: str) -> int:
    """From where on the text may still become a mark; its end if nothing can."""
    start = text.rfind("[", max(0, len(text) - LONGEST_MARK))
    if start < 0 or "]" in text[start:]:
        start = len(text)
    return start - text[:start].endswith(" ")


def cited(content: AssistantMessageContent, look_up: LookUp) -> AssistantMessageContent:
    text, notes = resolve(content.text, 0, look_up)
    return AssistantMessageContent(text=text, annotations=[*content.annotations, *notes])


def resolve(text: str, offset: int, look_up: LookUp) -> tuple[str, list[Annotation]]:
    """The text without its marks, and where each one stood. Marks of nothing just go."""
    clean, notes, end = "", list[Annotation](), 0
    for mark in MARK.finditer(text):
        clean += text[end : mark.start()]
        end = mark.end()
        if found := look_up(int(mark[1])):
            title, about = found.heading or found.filename, found.text[:200]
            source = FileSource(filename=found.filename, title=title, description=about)
            notes.append(Annotation(source=source, index=offset + len(clean)))
    return clean + text[end:], notes
