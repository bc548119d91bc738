"""The newest words of an answer are held back: what a browser has cannot be taken back."""

from collections.abc import Callable

from chatkit.types import (
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartDone,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemUpdatedEvent,
)

from app.events import Events

# Characters. What is refused has to show by so many; for a check of whole answers take a million.
HELD = 200


class Refused(Exception):
    """The answer is off the screen, and the rest of it was never there."""


async def hold_back(events: Events, may_say: Callable[[str], bool]) -> Events:
    shown, place, text, sent = "", 0, "", 0

    def rest() -> ThreadItemUpdatedEvent:
        delta = AssistantMessageContentPartTextDelta(content_index=place, delta=text[sent:])
        return ThreadItemUpdatedEvent(item_id=shown, update=delta)

    try:
        async for event in events:
            fine, ends = True, False
            match event:
                case ThreadItemAddedEvent(item=AssistantMessageItem(id=id)):
                    shown, text, sent = id, "", 0
                case ThreadItemUpdatedEvent(update=AssistantMessageContentPartAdded()):
                    text, sent = "", 0
                case ThreadItemUpdatedEvent(update=AssistantMessageContentPartTextDelta() as part):
                    place = part.content_index
                    text += part.delta
                    # What came before was looked at with so much behind it.
                    fine = may_say(text[max(0, sent - HELD) :])
                    part.delta = text[sent : max(sent, len(text) - HELD)]
                    sent += len(part.delta)
                case ThreadItemUpdatedEvent(update=AssistantMessageContentPartDone()):
                    ends = True
                case ThreadItemDoneEvent(item=AssistantMessageItem(content=parts)):
                    fine, ends = may_say("".join(part.text for part in parts)), True
            if not fine:
                if shown:
                    yield ThreadItemRemovedEvent(item_id=shown)
                raise Refused
            if ends and text[sent:]:
                yield rest()
                text, sent = "", 0
            yield event
    except Refused:
        raise
    except Exception:
        if text[sent:]:  # half an answer is kept when its model fails
            yield rest()
        raise
