"""The Responses API: what it accepts, answers as documents, and the memory of what it made."""

from collections.abc import Mapping
from typing import Any, ClassVar

from tests.llm.errors import RefusedError
from tests.llm.replies import Say
from tests.llm.responses_items import (
    count_usage,
    make_call,
    make_message,
    make_searches,
    start_response,
)
from tests.llm.responses_rules import check_calls, check_request
from tests.llm.responses_stream import EventStream
from tests.llm.wire import read_text


class Responses:
    path = "/responses"
    undone: ClassVar[Mapping[str, object]] = {
        "background": False,
        "conversation": None,
        "prompt": None,
    }

    def __init__(self) -> None:
        self._made: dict[str, list[dict[str, Any]]] = {}

    def check(self, body: dict[str, Any]) -> None:
        check_request(body)
        items = body.get("input")
        given = [self._resolve(item) for item in items] if isinstance(items, list) else []
        check_calls(given, self._recall(body.get("previous_response_id")))

    def read_question(self, body: dict[str, Any]) -> str:
        given = body.get("input")
        if not isinstance(given, list):
            return given or ""
        said = [item["content"] for item in given if item.get("role") == "user"]
        return read_text(said[-1]) if said else ""

    def render(self, body: dict[str, Any], answer: Say) -> dict[str, Any]:
        output = make_searches(answer, body.get("tools") or [])
        output += [make_message(answer)] if answer.text else []
        output += [make_call(call) for call in answer.calls]
        response = start_response(body)
        if response["store"]:
            self._made[response["id"]] = output
        usage = count_usage(body, output)
        return response | {"status": "completed", "output": output, "usage": usage}

    def stream(self, body: dict[str, Any], answer: Say) -> EventStream:
        return EventStream(self.render(body, answer), answer)

    def _resolve(self, item: dict[str, Any]) -> dict[str, Any]:
        if item.get("type") != "item_reference":
            return item
        for output in self._made.values():
            for made in output:
                if made["id"] == item["id"]:
                    return made
        raise RefusedError(f"Item with id '{item['id']}' not found.", "input", status=404)

    def _recall(self, response: str | None) -> set[str]:
        """The calls of an earlier response, which this request has to answer."""
        if response is None:
            return set()
        if response not in self._made:
            raise RefusedError(
                f"Previous response with id '{response}' not found.",
                "previous_response_id",
                "previous_response_not_found",
            )
        return {item["call_id"] for item in self._made[response] if "call_id" in item}
