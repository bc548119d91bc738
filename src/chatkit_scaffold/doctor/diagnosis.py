"""One examination: the rules run over a project, and what is left of their findings."""

import gc
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from typing import Any

from chatkit_scaffold.doctor.baseline import Entry, without
from chatkit_scaffold.doctor.files import Unchecked
from chatkit_scaffold.doctor.project import HOSTED, Project
from chatkit_scaffold.doctor.rule import ERROR, INFO, WARNING, Finding, Rule
from chatkit_scaffold.doctor.suppression import read_silences, silence

HOSTED_FAMILIES = ("CK0", "CK1", "CK5", "CK6")
SEVERITIES = (ERROR, WARNING, INFO)


@dataclass(frozen=True)
class Diagnosis:
    project: Project
    rules: Sequence[Rule]
    findings: Sequence[Finding]
    unchecked: Sequence[Unchecked] = ()
    silenced: int = 0  # by a comment
    known: int = 0  # in the baseline
    crashed: bool = False

    def count(self, severity: str) -> int:
        return sum(finding.severity == severity for finding in self.findings)

    def exit_code(self, *, strict: bool) -> int:
        if self.crashed:
            return 2
        return int(bool(self.count(ERROR) or (strict and self.count(WARNING))))

    def fixable(self, *, safe: bool) -> int:
        return sum(f.fix is not None and f.fix.safe is safe for f in self.findings)

    def summary(self) -> dict[str, Any]:
        return {
            **{severity: self.count(severity) for severity in SEVERITIES},
            "fixable": {"safe": self.fixable(safe=True), "unsafe": self.fixable(safe=False)},
            "silenced": self.silenced,
            "known": self.known,
            "rules": len(self.rules),
            "files": len(self.project.files.paths),
        }


@dataclass
class _Run:
    findings: list[Finding] = field(default_factory=list)
    unchecked: list[Unchecked] = field(default_factory=list)
    crashed: bool = False


@contextmanager
def _without_collection() -> Iterator[None]:
    """Syntax trees hold no cycles, and looking for some takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_without_collection()
def examine(
    project: Project,
    rules: Sequence[Rule],
    exclude: Sequence[str] = (),
    baseline: Counter[Entry] | None = None,
) -> Diagnosis:
    run = _Run()
    if project.mode == HOSTED:
        reason = "OpenAI hosts the backend of this project: there is none here to look at"
        run.unchecked += [Unchecked(code, reason) for code in ("CK2", "CK3", "CK4")]
        rules = [rule for rule in rules if rule.code.startswith(HOSTED_FAMILIES)]
    for rule in rules:
        _apply(rule, project, run)
    kept = [f for f in run.findings if not _excluded(f.path, exclude)]
    comments = [s for s in read_silences(project.files) if not _excluded(s.path, exclude)]
    loud, silenced = silence(kept, comments, (rule.code for rule in rules))
    loud.sort(key=lambda f: (f.path, f.line, f.column, f.code))
    new, known = without(loud, baseline or Counter(), project.files)
    unchecked = [*project.unchecked, *run.unchecked]
    return Diagnosis(project, rules, new, unchecked, silenced, known, run.crashed)


def _apply(rule: Rule, project: Project, run: _Run) -> None:
    try:
        found = [
            replace(finding, code=rule.code, severity=finding.severity or rule.severity)
            for finding in rule.check(project)
        ]
    except Exception as error:  # a mistake in one rule must not hide what the others see
        run.unchecked.append(Unchecked(rule.code, f"the rule failed: {error!r}. Please report it"))
        run.crashed = True
    else:
        run.findings += dict.fromkeys(found)


def _excluded(path: str, patterns: Sequence[str]) -> bool:
    return any(path.startswith(p.rstrip("/") + "/") or fnmatch(path, p) for p in patterns)
