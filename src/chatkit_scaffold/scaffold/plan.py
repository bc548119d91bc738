"""What a change means for each file: three trees in, decisions out. Writes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from chatkit_scaffold.scaffold.lines import alike, marked
from chatkit_scaffold.scaffold.merge import Names, merge, plain
from chatkit_scaffold.tree import Blocked, Content, Tree

LOCKS = {"uv.lock", "poetry.lock", "package-lock.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock"}
YOURS = {".env", *LOCKS}  # never touched once they are there


class Action(StrEnum):
    NOTHING = "nothing"
    KEEP = "keep"  # something would change, but the owner's word stands
    CREATE = "create"
    UPDATE = "update"
    MERGE = "merge"
    DELETE = "delete"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Change:
    path: str
    action: Action
    reason: str
    before: Content | None = None  # on disk
    after: Content | None = None  # to be on disk; none: no file
    conflicts: int = 0  # in the text, between markers
    warning: bool = False

    @property
    def writes(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class Sides:
    """A path in the three trees."""

    path: str
    base: Content | None
    target: Content | None
    disk: Content | Blocked | None


def plan(
    base: Tree, target: Tree, disk: Mapping[str, Content | Blocked], names: Names, record: str = ""
) -> list[Change]:
    """`record` is the file in which this tool writes down how the project is made."""
    changes = []
    for path in sorted(base.keys() | target.keys()):
        if path == record:
            changes.append(_record(path, target.get(path), disk.get(path)))
        else:
            sides = Sides(path, base.get(path), target.get(path), disk.get(path))
            changes.append(_decide(sides, names))
    return changes


def same(one: Content | Blocked | None, other: Content | None) -> bool:
    """Git on Windows gives every text other line ends, which is no edit."""
    if isinstance(one, str) and isinstance(other, str):
        return plain(one) == plain(other)
    return one == other


def _record(path: str, target: Content | None, disk: Content | Blocked | None) -> Change:
    before = None if isinstance(disk, Blocked) else disk
    if same(before, target):
        return Change(path, Action.NOTHING, "", before, before)
    return Change(path, Action.UPDATE, "records the answers", before, target)


def _decide(sides: Sides, names: Names) -> Change:
    if isinstance(sides.disk, Blocked):
        return _blocked(sides, sides.disk)
    if sides.base == sides.target:
        return _stays(sides, Action.NOTHING)
    if same(sides.disk, sides.target):
        return _stays(sides, Action.NOTHING, "is so already")
    if sides.disk is None:
        if sides.base is None:
            return Change(sides.path, Action.CREATE, "new", None, sides.target)
        return _stays(sides, Action.KEEP, "you deleted it, and it stays deleted")
    return _change(sides, sides.disk, names)


def _change(sides: Sides, disk: Content, names: Names) -> Change:
    path, base, target = sides.path, sides.base, sides.target
    if PurePosixPath(path).name in YOURS:
        return _stays(sides, Action.KEEP, "yours alone")
    if target is None:
        if same(disk, base):
            return Change(path, Action.DELETE, "no longer needed", disk, None)
        return _stays(sides, Action.KEEP, "no longer needed, but you edited it", warning=True)
    if isinstance(disk, str) and isinstance(target, str) and not isinstance(base, bytes):
        return _merge(sides, base, target, disk, names)
    if same(disk, base):
        return Change(path, Action.UPDATE, "unedited", disk, target)
    reason = "not text, and changed by you and by the template: yours stays"
    return _stays(sides, Action.CONFLICT, reason, warning=True)


def _stays(sides: Sides, action: Action, reason: str = "", *, warning: bool = False) -> Change:
    disk = None if isinstance(sides.disk, Blocked) else sides.disk
    return Change(sides.path, action, reason, disk, disk, warning=warning)


def _merge(sides: Sides, base: str | None, target: str, disk: str, names: Names) -> Change:
    path = sides.path
    if path.endswith(".md") and base and not alike(base, disk):
        return _stays(sides, Action.KEEP, "you wrote it anew, and it stays", warning=True)
    merged = merge(path, base or "", disk, target, names)
    notes = "".join(f"; {note}" for note in merged.notes)
    if merged.conflicts:
        both = "you and the template changed the same lines" if base else "you made it, too"
        action, reason = Action.CONFLICT, both + notes
    elif base is not None and same(disk, base):
        action, reason = Action.UPDATE, "unedited"
    elif merged.text == disk:
        action, reason = Action.KEEP, "has what it needs" + notes
    else:
        action, reason = Action.MERGE, "with your edits" + notes
    return Change(path, action, reason, disk, merged.text, merged.conflicts, bool(notes))


def _blocked(sides: Sides, blocked: Blocked) -> Change:
    if sides.base == sides.target:
        return _stays(sides, Action.NOTHING)
    if sides.target is None:
        reason = f"no longer needed, but {blocked.reason}"
        return _stays(sides, Action.KEEP, reason, warning=True)
    return _stays(sides, Action.CONFLICT, f"not written: {blocked.reason}", warning=True)


def unresolved(disk: Mapping[str, Content | Blocked]) -> list[str]:
    """Files with the markers of a merge before this one."""
    return sorted(path for path, text in disk.items() if isinstance(text, str) and marked(text))
