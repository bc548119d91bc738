"""JSON, indented as it was; what stood in one line still does."""

import json
import re
from typing import Any

from chatkit_scaffold.scaffold.formats.document import FormatError, Key, drop, find, put


class JsonDocument:
    def __init__(self, text: str) -> None:
        try:
            self.value = json.loads(text or "{}", object_pairs_hook=_once)
        except ValueError as error:
            raise FormatError from error
        indent = re.search(r"^[ \t]+", text, re.MULTILINE)
        self._indent = indent[0] if indent else "  "
        self._written = text

    @property
    def text(self) -> str:
        return self._dump(self.value, "\n") + "\n"

    def put(self, path: Key, source: "JsonDocument", after: str | None) -> None:
        put(self.value, path, find(source.value, path), after)
        self._written += source._written

    def drop(self, path: Key, source: "JsonDocument") -> None:  # noqa: ARG002
        drop(self.value, path)

    def _dump(self, value: Any, line: str) -> str:
        flat = json.dumps(value, ensure_ascii=False)
        for form in (flat, f"{flat[0]} {flat[1:-1]} {flat[-1]}"):
            if form in self._written or not isinstance(value, dict | list) or not value:
                return form
        inner = line + self._indent
        if isinstance(value, list):
            items = [self._dump(item, inner) for item in value]
        else:
            items = [
                f"{json.dumps(name, ensure_ascii=False)}: {self._dump(item, inner)}"
                for name, item in value.items()
            ]
        return f"{flat[0]}{inner}{f',{inner}'.join(items)}{line}{flat[-1]}"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("A name is in there twice.")
    return dict(pairs)
