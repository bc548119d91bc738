"""JSON, indented as it was."""

import json
import re
from typing import Any

from chatkit_scaffold.scaffold.formats.document import FormatError, Key, drop, find, put


class JsonDocument:
    def __init__(self, text: str) -> None:
        try:
            self.value = json.loads(text, object_pairs_hook=_once)
        except ValueError as error:
            raise FormatError from error
        indent = re.search(r"^[ \t]+", text, re.MULTILINE)
        self._indent = indent[0] if indent else None

    @property
    def text(self) -> str:
        return json.dumps(self.value, ensure_ascii=False, indent=self._indent) + "\n"

    def put(self, path: Key, source: "JsonDocument", after: str | None) -> None:
        put(self.value, path, find(source.value, path), after)

    def drop(self, path: Key) -> None:
        drop(self.value, path)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("A name is in there twice.")
    return dict(pairs)
