"""TOML, with its comments and its layout."""

from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from chatkit_scaffold.scaffold.formats.document import FormatError, Key, drop, find, put


class TomlDocument:
    def __init__(self, text: str) -> None:
        try:
            self._toml = tomlkit.parse(text)
        except TOMLKitError as error:
            raise FormatError from error

    @property
    def text(self) -> str:
        return tomlkit.dumps(self._toml)

    @property
    def value(self) -> dict[str, Any]:
        return self._toml.unwrap()

    def put(self, path: Key, source: "TomlDocument", after: str | None) -> None:
        item = find(source._toml, path)
        parent = find(self._toml, path[:-1])
        if isinstance(parent, list):
            put(self._toml, path, item, after)
        else:
            parent[path[-1]] = item  # tomlkit knows where a key may stand

    def drop(self, path: Key, source: "TomlDocument") -> None:  # noqa: ARG002
        drop(self._toml, path)
