"""Three texts into one: what was made, what the owner has, what would be made now.

Files that list things are read, too: lines that merge well may still say something twice.
"""

from dataclasses import dataclass, replace

from chatkit_scaffold.scaffold.formats import FormatError, reader, same
from chatkit_scaffold.scaffold.keys import merge_keys
from chatkit_scaffold.scaffold.lines import Merged, Names, merge_lines

__all__ = ["Merged", "Names", "merge"]

BOM = "\ufeff"


@dataclass(frozen=True)
class Style:
    """How a text is written down, which is its owner's to say."""

    bom: bool
    crlf: bool
    ended: bool

    @staticmethod
    def of(text: str) -> "Style":
        crlf = "\r\n" in text and text.count("\n") == text.count("\r\n")
        return Style(text.startswith(BOM), crlf, text.endswith("\n") or not text)

    def take_off(self, text: str) -> str:
        text = text.removeprefix(BOM)
        text = text.replace("\r\n", "\n") if self.crlf else text
        return text if self.ended else f"{text}\n"

    def put_on(self, text: str) -> str:
        text = text if self.ended else text.removesuffix("\n")
        text = text.replace("\n", "\r\n") if self.crlf else text
        return f"{BOM}{text}" if self.bom else text


def plain(text: str) -> str:
    return Style.of(text).take_off(text)


def merge(path: str, base: str, mine: str, theirs: str, names: Names) -> Merged:
    merged = _merge(path, plain(base), plain(mine), plain(theirs), names)
    return replace(merged, text=Style.of(mine or theirs).put_on(merged.text))


def _merge(path: str, base: str, mine: str, theirs: str, names: Names) -> Merged:
    by_line = merge_lines(base, mine, theirs, names, entries=path.endswith("ignore"))
    read = reader(path)
    if base == mine or read is None:
        return by_line
    try:
        by_key = merge_keys(read, base, mine, theirs, names)
    except FormatError:
        return by_line
    # Lines keep what both sides wrote around the values, so they win where they say the same.
    if by_line.conflicts or by_key.conflicts or not same(read, by_line.text, by_key.text):
        return by_key
    return replace(by_key, text=by_line.text)
