"""Applies fixes to texts, one round after another, until nothing is left to fix."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from chatkit_scaffold.doctor.diagnosis import Diagnosis
from chatkit_scaffold.doctor.files import Files
from chatkit_scaffold.doctor.project import Project
from chatkit_scaffold.doctor.python import BROKEN, parse
from chatkit_scaffold.doctor.rule import Edit, Finding, Fix

Examine = Callable[[Project], Diagnosis]


@dataclass(frozen=True)
class Healing:
    texts: Mapping[str, str]  # of the files that change, as they will be
    fixed: int
    after: Diagnosis


def heal(before: Diagnosis, examine: Examine, *, unsafe: bool) -> Healing:
    """The project with its fixes applied. One that breaks its file or cures nothing is left out."""
    diagnosis, fixed = before, 0
    texts: dict[str, str] = {}
    useless: set[tuple[str, str, int]] = set()
    while ready := [
        f for f in diagnosis.findings if _applies(f.fix, unsafe) and _key(f) not in useless
    ]:
        together = _apart(ready)
        for batch in (together, together[:1]):
            changed = apply(
                [e for f in batch if f.fix for e in f.fix.edits], diagnosis.project.files
            )
            after = _cured(diagnosis, changed, batch, examine)
            if after:
                fixed += len(diagnosis.findings) - len(after.findings)
                diagnosis = after
                texts |= changed
                break
        else:
            useless.add(_key(together[0]))
    return Healing(texts, fixed, diagnosis)


def _apart(findings: Sequence[Finding]) -> list[Finding]:
    """Those whose edits do not touch each other's."""
    taken: set[Edit] = set()
    chosen = []
    for finding in findings:
        edits = finding.fix.edits if finding.fix else ()
        if not any(_touch(edit, other) for edit in edits for other in taken):
            taken.update(edits)
            chosen.append(finding)
    return chosen


def _touch(one: Edit, other: Edit) -> bool:
    if one == other and one.start == one.end:
        return False  # the same insertion, which is made once
    return one.path == other.path and one.start <= other.end and other.start <= one.end


def _cured(
    before: Diagnosis, changed: Mapping[str, str], batch: Sequence[Finding], examine: Examine
) -> Diagnosis | None:
    if not _parses(changed):
        return None
    after = examine(Project(before.project.files.changed(changed), before.project.machine))
    enough = len(after.findings) <= len(before.findings) - len(batch)
    return after if enough else None


def _applies(fix: Fix | None, unsafe: bool) -> bool:
    return fix is not None and (fix.safe or unsafe)


def _key(finding: Finding) -> tuple[str, str, int]:
    return finding.code, finding.path, finding.line


def apply(edits: Sequence[Edit], files: Files) -> dict[str, str]:
    """The texts after the edits, from the end to the beginning, so that offsets stay true."""
    texts = {e.path: files.text(e.path) if e.path in files.entries else "" for e in edits}
    for edit in sorted(dict.fromkeys(edits), key=lambda e: (e.start, e.end), reverse=True):
        text = texts[edit.path]
        texts[edit.path] = text[: edit.start] + edit.text + text[edit.end :]
    return texts


def _parses(texts: Mapping[str, str]) -> bool:
    try:
        for path, text in texts.items():
            if path.endswith(".py"):
                parse(path, text)
    except BROKEN:
        return False
    return True


def diff(before: Files, texts: Mapping[str, str]) -> str:
    """A unified diff of what would be written."""
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for path, text in sorted(texts.items())
        for line in difflib.unified_diff(
            (before.text(path) if path in before.entries else "").splitlines(keepends=True),
            text.splitlines(keepends=True),
            f"a/{path}",
            f"b/{path}",
        )
    )
