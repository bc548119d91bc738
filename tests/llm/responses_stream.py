"""One response as the events that lead to it."""

from collections.abc import Iterator
from typing import Any

from tests.llm.replies import FailAfter, Say
from tests.llm.wire import Frame, cut_pieces, frame_event

EMPTY: dict[str, dict[str, object]] = {
    "message": {"content": []},
    "function_call": {"arguments": ""},
    "web_search_call": {},
    "file_search_call": {},
}


class EventStream:
    def __init__(self, response: dict[str, Any], answer: Say) -> None:
        self._response = response
        self._started = response | {"status": "in_progress", "output": [], "usage": None}
        self._words = answer.words
        self._number = 0

    def frames(self) -> Iterator[Frame]:
        yield self._frame("response.created", response=self._started)
        yield self._frame("response.in_progress", response=self._started)
        for index, item in enumerate(self._response["output"]):
            started = item | {"status": "in_progress"} | EMPTY[item["type"]]
            yield self._frame("response.output_item.added", output_index=index, item=started)
            place = {"item_id": item["id"], "output_index": index}
            if item["type"] == "message":
                yield from self._frame_text(item, place | {"content_index": 0})
            elif item["type"] == "function_call":
                yield from self._frame_call(item, place)
            else:
                for state in ("in_progress", "searching", "completed"):
                    yield self._frame(f"response.{item['type']}.{state}", **place)
            yield self._frame("response.output_item.done", output_index=index, item=item)
        yield self._frame("response.completed", response=self._response)

    def fail(self, fault: FailAfter) -> Iterator[Frame]:
        # The frame that this comes instead of has its number already.
        self._number -= 1
        error = {"code": fault.code, "message": fault.message}
        yield self._frame("error", error={"type": fault.code, "param": None} | error)
        failed = self._started | {"status": "failed", "error": error}
        yield self._frame("response.failed", response=failed)

    def _frame_text(self, item: dict[str, Any], place: dict[str, Any]) -> Iterator[Frame]:
        [part] = item["content"]
        yield self._frame(
            "response.content_part.added", **place, part=part | {"text": "", "annotations": []}
        )
        for word in self._words:
            yield self._frame("response.output_text.delta", True, **place, delta=word, logprobs=[])
        for number, note in enumerate(part["annotations"]):
            about = {"annotation_index": number, "annotation": note}
            yield self._frame("response.output_text.annotation.added", **place, **about)
        yield self._frame("response.output_text.done", **place, text=part["text"], logprobs=[])
        yield self._frame("response.content_part.done", **place, part=part)

    def _frame_call(self, item: dict[str, Any], place: dict[str, Any]) -> Iterator[Frame]:
        kind = "response.function_call_arguments"
        for piece in cut_pieces(item["arguments"]):
            yield self._frame(f"{kind}.delta", **place, delta=piece)
        done = {"name": item["name"], "arguments": item["arguments"]}
        yield self._frame(f"{kind}.done", **place, **done)

    def _frame(self, kind: str, is_word: bool = False, **fields: object) -> Frame:
        event = {"type": kind, "sequence_number": self._number, **fields}
        self._number += 1
        return frame_event(event, is_word)
