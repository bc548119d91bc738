"""Texts in which an entry is some whole lines with its comments above them."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chatkit_scaffold.scaffold.formats.document import FormatError, Key


@dataclass(frozen=True)
class Block:
    start: int
    end: int
    column: int = 0


class BlockDocument(ABC):
    def __init__(self, text: str) -> None:
        self._read(text)

    @staticmethod
    @abstractmethod
    def parse(text: str) -> tuple[dict[str, Any], dict[Key, Block]]:
        """What the text says, and where."""

    def _read(self, text: str) -> None:
        self.text = text
        self._lines = text.removesuffix("\n").split("\n")
        self.value, self._blocks = self.parse(text)

    def put(self, path: Key, source: "BlockDocument", after: str | None) -> None:
        if path in self._blocks:
            old = self._blocks[path]
            self._replace(old.start, old.end, source._taken(path, old.column, comments=False))
            return
        siblings = [key for key in self._blocks if key[:-1] == path[:-1]]
        if not siblings:
            raise FormatError
        column = self._blocks[siblings[0]].column
        neighbour = self._blocks.get((*path[:-1], after or ""))
        lines = source._taken(path, column, comments=True)
        if neighbour:
            self._replace(neighbour.end, neighbour.end, lines)
        else:
            first = self._first(self._blocks[siblings[0]])
            apart = [""] if lines[0] == "" else []
            self._replace(first, first, [*lines[len(apart) :], *apart])

    def drop(self, path: Key, source: "BlockDocument") -> None:
        if path not in self._blocks:
            raise FormatError
        block = self._blocks[path]
        after = self._lines[block.end : block.end + 1]
        alone = not after or not after[0].strip()
        # Comments above a group stay with the entries that are left of it.
        first = self._first(block, blank=alone) if alone or _is_comment(after[0]) else block.start
        above = self._lines[first : block.start]
        mine = [line for line in above if line.strip() and line not in source._lines]
        self._replace(first, block.end, mine)

    def _first(self, block: Block, *, blank: bool = False) -> int:
        """Where an entry starts with its comments, and with the empty line above them."""
        first = block.start
        while first and _is_comment(self._lines[first - 1]):
            first -= 1
        return first - 1 if blank and first and not self._lines[first - 1].strip() else first

    def _taken(self, path: Key, column: int, *, comments: bool) -> Sequence[str]:
        if path not in self._blocks:
            raise FormatError
        block = self._blocks[path]
        first = self._first(block, blank=True) if comments else block.start
        return [
            " " * column + line[block.column :] if line.strip() else ""
            for line in self._lines[first : block.end]
        ]

    def _replace(self, start: int, end: int, lines: Sequence[str]) -> None:
        kept = [*self._lines[:start], *lines, *self._lines[end:]]
        self._read("".join(f"{line}\n" for line in kept))


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")
