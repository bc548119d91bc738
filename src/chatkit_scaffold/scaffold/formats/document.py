"""What every format offers: its value, and changes to it that leave the rest of the text alone."""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, Protocol, Self

Key = tuple[str, ...]  # the way down to an entry


class FormatError(ValueError):
    """This text cannot be read or changed by key; by line it still can."""


class Document(Protocol):
    @property
    def text(self) -> str: ...

    @property
    def value(self) -> dict[str, Any]: ...

    def put(self, path: Key, source: Self, after: str | None) -> None:
        """Takes over an entry of the source, in the place of its own or after a neighbour."""

    def drop(self, path: Key, source: Self) -> None:
        """Takes an entry out, with the comments above it that the source has, too."""


Read = Callable[[str], Any]  # a text in, its Document out


def children(value: Any) -> dict[str, Any] | None:
    """What is inside, by name; nothing where names do not tell the entries apart."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list):
        named = {item_name(item): item for item in value}
        return named if len(named) == len(value) else None
    return None


def item_name(item: Any) -> str:
    """An entry of a list is named by the package it is about, or by itself."""
    if not isinstance(item, str):
        return json.dumps(item, sort_keys=True, default=str)
    requirement = re.match(r"[\w.-]+(?=(\[[\w,. -]*\])?\s*[<>=!~;@])", item)
    return requirement[0] if requirement else str(item)


def find(value: Any, path: Key) -> Any:
    for key in path:
        value = value[_position(value, key) if isinstance(value, list) else key]
    return value


def put(value: Any, path: Key, item: Any, after: str | None) -> None:
    parent, name = find(value, path[:-1]), path[-1]
    if isinstance(parent, list):
        names = [item_name(one) for one in parent]
        if name in names:
            parent[names.index(name)] = item
        else:
            parent.insert(names.index(after) + 1 if after in names else 0, item)
    elif name in parent:
        parent[name] = item
    else:
        names = list(parent)
        start = names.index(after) + 1 if after in names else 0
        later = [(one, parent.pop(one)) for one in names[start:]]
        parent.update([(name, item), *later])


def drop(value: Any, path: Key) -> None:
    parent = find(value, path[:-1])
    del parent[_position(parent, path[-1]) if isinstance(parent, list) else path[-1]]


def _position(items: Sequence[Any], name: str) -> int:
    return [item_name(item) for item in items].index(name)
