"""A change to a project, as people and programs see it before and after it is made."""

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from chatkit_scaffold.report.terminal import branches
from chatkit_scaffold.scaffold.plan import Action, Change
from chatkit_scaffold.scaffold.question import listed
from chatkit_scaffold.scaffold.standing import Standing

LOOK = {
    Action.CREATE: ("+", "green"),
    Action.UPDATE: ("~", "cyan"),
    Action.MERGE: ("~", "cyan"),
    Action.DELETE: ("-", "red"),
    Action.CONFLICT: ("!", "bold yellow"),
    Action.KEEP: ("=", "dim"),
}
DONE = {
    Action.CREATE: "created",
    Action.UPDATE: "updated",
    Action.MERGE: "merged",
    Action.DELETE: "deleted",
    Action.CONFLICT: "with conflicts",
    Action.KEEP: "kept",
}


def entries(changes: Sequence[Change]) -> list[dict[str, Any]]:
    return [
        {
            "path": change.path,
            "action": change.action,
            "reason": change.reason,
            "conflicts": change.conflicts,
        }
        for change in changes
        if change.action is not Action.NOTHING
    ]


def overview(root: str, changes: Sequence[Change]) -> RenderableType:
    shown = {change.path: _leaf(change) for change in changes if change.action in LOOK}
    return Padding(branches(root, shown, shown), (1, 2))


def _leaf(change: Change) -> Text:
    sign, style = LOOK[change.action]
    name = change.path.rpartition("/")[2]
    return Text.assemble((f"{sign} {name}", style), (f"  {change.reason}", "dim"))


def differences(changes: Sequence[Change]) -> RenderableType:
    return Group(*(line for change in changes if change.writes for line in _difference(change)))


def _difference(change: Change) -> Iterator[Text]:
    if isinstance(change.before, bytes) or isinstance(change.after, bytes):
        yield Text(f"{change.path}: not text", "dim")
        return
    before = f"a/{change.path}" if change.before is not None else "/dev/null"
    after = f"b/{change.path}" if change.after is not None else "/dev/null"
    old, new = (text.splitlines() if text else [] for text in (change.before, change.after))
    for line in difflib.unified_diff(old, new, before, after, lineterm=""):
        style = {"+": "green", "-": "red", "@": "cyan"}.get(line[0], "")
        yield Text(line, "bold" if line[:4] in {"+++ ", "--- "} else style)


def summary(changes: Sequence[Change]) -> str:
    counts = Counter(change.action for change in changes)
    return ", ".join(f"{counts[action]} {word}" for action, word in DONE.items() if counts[action])


def standing(found: Standing) -> RenderableType:
    choices = Table.grid(padding=(0, 2))
    choices.add_row(Text("template", "dim"), f"{found.project.version}{_newer(found)}")
    for name, answer in found.answers.items():
        choices.add_row(Text(name, "dim"), ", ".join(listed(answer)) or "none")
    leaves = {
        path: Text.assemble(path.rpartition("/")[2], (f"  {', '.join(states)}", "yellow"))
        for path, states in found.files.items()
    }
    files = branches(found.project.root.name, leaves, leaves) if leaves else Text("")
    same = f"{found.total - len(leaves)} of {found.total} files are as they were made."
    return Group("", Padding(choices, (0, 2)), "", Padding(files, (0, 2)), "", f"  {same}", "")


def _newer(found: Standing) -> str:
    return f" (`chatkit-scaffold update` brings {found.update})" if found.update else ", the newest"
