"""What the server makes of an answer, and the bytes it travels in."""

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from tests.llm.replies import FailAfter, Say


@dataclass(frozen=True)
class Frame:
    data: bytes
    is_word: bool = False


class Stream(Protocol):
    """One streamed answer; it may fail anywhere between two frames."""

    def frames(self) -> Iterator[Frame]: ...

    def fail(self, fault: FailAfter) -> Iterator[Frame]: ...


class Api(Protocol):
    """One of the two languages. It may refuse a request; every method after `check` trusts it."""

    path: str
    # What the real API can do and this one cannot, with the value that asks for nothing.
    undone: ClassVar[Mapping[str, object]]

    def check(self, body: dict[str, Any]) -> None: ...

    def read_question(self, body: dict[str, Any]) -> str: ...

    def render(self, body: dict[str, Any], answer: Say) -> dict[str, Any]: ...

    def stream(self, body: dict[str, Any], answer: Say) -> Stream: ...


def frame_event(payload: dict[str, Any], is_word: bool = False) -> Frame:
    name = f"event: {payload['type']}\n" if "type" in payload else ""
    return Frame(f"{name}data: {json.dumps(payload)}\n\n".encode(), is_word)


def make_id(prefix: str) -> str:
    return prefix + secrets.token_hex(24)


def cut_pieces(text: str, size: int = 8) -> Iterator[str]:
    for start in range(0, len(text), size):
        yield text[start : start + size]


def read_text(content: object) -> str:
    """The text of a message, whether it came as one string or as parts."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return " ".join(part["text"] for part in parts if "text" in part)


def count_tokens(value: object) -> int:
    """Not the real count: enough for a client to see that longer is more."""
    return len(json.dumps(value)) // 4 + 1
