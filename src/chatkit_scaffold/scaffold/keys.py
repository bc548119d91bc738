"""Three documents into one, by key: the template's changes, made in the text of the owner."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from chatkit_scaffold.scaffold.formats.document import (
    FormatError,
    Key,
    Read,
    children,
    drop,
    find,
    put,
)
from chatkit_scaffold.scaffold.lines import Merged, Names, merge_lines

GONE = object()


class Kind(Enum):
    PUT = "put"
    DROP = "drop"
    NOTE = "note"
    CLASH = "clash"


@dataclass(frozen=True)
class Edit:
    kind: Kind
    path: Key
    after: str | None = None  # its neighbour in the template
    note: str = ""
    added: bool = False  # by both sides


def merge_keys(read: Read, base: str, mine: str, theirs: str, names: Names) -> Merged:
    old, own, new = read(base), read(mine), read(theirs)
    edits = list(compare(old.value, own.value, new.value))
    wanted = deepcopy(own.value)
    for edit in edits:
        if edit.kind is Kind.PUT:
            own.put(edit.path, new, edit.after)
            put(wanted, edit.path, find(new.value, edit.path), edit.after)
        elif edit.kind is Kind.DROP:
            own.drop(edit.path, old)
            drop(wanted, edit.path)
    text = own.text
    if read(text).value != wanted:
        raise FormatError
    # Markers around what both changed, and nothing else: the same text with either side's word.
    before, after = read(text), read(text)
    for edit in edits:
        if edit.kind is Kind.CLASH:
            after.put(edit.path, new, None)
            if edit.added:
                before.drop(edit.path, before)
            else:
                before.put(edit.path, old, None)
    merged = merge_lines(before.text, text, after.text, names)
    return replace(merged, notes=tuple(edit.note for edit in edits if edit.note))


def compare(base: Any, mine: Any, theirs: Any, path: Key = ()) -> Iterator[Edit]:
    """What the template changed, and what that means where the owner changed it, too."""
    old_items, own_items, new_items = (children(value) or {} for value in (base, mine, theirs))
    after: str | None = None
    for key in [*new_items, *(key for key in old_items if key not in new_items)]:
        old, own, new = (items.get(key, GONE) for items in (old_items, own_items, new_items))
        here, name = (*path, key), ".".join((*path, key))
        if new in (old, own):
            pass
        elif children(own) is not None and type(own) is type(new) and own != []:
            # Into it, even where its value is unedited: there may be comments of the owner's.
            yield from compare(old if type(old) is type(own) else None, own, new, here)
        elif own == old:
            yield Edit(Kind.DROP if new is GONE else Kind.PUT, here, after)
        elif own is GONE:
            yield Edit(Kind.NOTE, here, note=f"you deleted {name}, and it stays deleted")
        elif new is GONE:
            yield Edit(Kind.NOTE, here, note=f"{name} is no longer needed, but you edited it")
        else:
            yield Edit(Kind.CLASH, here, added=old is GONE)
        if new is not GONE and (own is not GONE or old is GONE):
            after = key
