"""The same change by this tool, by `copier update` and by the way of whole files, in one run.

    make bench

Copier updates only from a git repository with tags, into a clean one: it gets both. The way of
whole files is that of generators which compare hashes: whoever edited a file that changes has to
merge it.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from chatkit_scaffold.scaffold.history import ARCHIVE
from chatkit_scaffold.scaffold.lines import Names
from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.plan import Action, plan
from chatkit_scaffold.scaffold.render import render
from tests.conftest import TEMPLATE
from tests.owner import EDITS
from tests.rendering import made
from tests.versions import two_versions

BIN = Path(sys.executable).parent
ROUNDS = 9
ENV = os.environ | {
    "GIT_CONFIG_GLOBAL": os.devnull,
    **{f"GIT_{who}_NAME": "A" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "a@example.com" for who in ("AUTHOR", "COMMITTER")},
}


def sh(folder: Path, *command: str) -> None:
    done = subprocess.run(command, cwd=folder, env=ENV, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def commit(folder: Path, tag: str = "") -> None:
    if not (folder / ".git").exists():
        sh(folder, "git", "init", "--quiet")
    sh(folder, "git", "add", "--all")
    sh(folder, "git", "commit", "--quiet", "-m", "x")
    if tag:
        sh(folder, "git", "tag", tag)


def timed(folder: Path, *command: str) -> tuple[float, float]:
    """By the clock, and of the processor: the second is fair on a busy machine, too."""
    start, before = time.perf_counter(), os.times()
    sh(folder, *command)
    wall, after = time.perf_counter() - start, os.times()
    used = after.children_user + after.children_system
    return wall, used - before.children_user - before.children_system


def as_copier_wants_it(folder: Path) -> Path:
    """A repository with the template, tagged, in which projects record where they came from."""
    shutil.copytree(TEMPLATE, folder, ignore=shutil.ignore_patterns("__pycache__", ARCHIVE))
    record = "[[ _copier_answers | to_nice_yaml ]]"
    (folder / "project/.chatkit-scaffold.yml.jinja").write_text(record)
    commit(folder, "v0.1.0")
    return folder


def speed(folder: Path) -> None:
    template = as_copier_wants_it(folder / "copier-template")
    copier, scaffold = str(BIN / "copier"), str(BIN / "chatkit-scaffold")
    ours, theirs = folder / "ours", folder / "theirs"
    sh(folder, scaffold, "new", str(ours), "--yes", "--no-git")
    sh(folder, copier, "copy", "--defaults", "--vcs-ref", "v0.1.0", str(template), str(theirs))
    for project in (ours, theirs):
        edits = made()
        EDITS[0].make(edits)
        (project / "backend/app/assistant.py").write_text(str(edits["backend/app/assistant.py"]))
        commit(project)
    pairs = {
        "chatkit-scaffold add-store memory": (ours, [scaffold, "add-store", "memory", "--yes"]),
        "copier update --data stores=[sqlite, memory]": (
            theirs,
            [
                copier,
                "update",
                "--defaults",
                "--answers-file",
                ".chatkit-scaffold.yml",
                "--data",
                "stores=[sqlite, memory]",
            ],
        ),
    }
    seen: dict[str, list[tuple[float, float]]] = {label: [] for label in pairs}
    for n in range(ROUNDS + 1):
        for label, (project, command) in pairs.items():
            times = timed(project, *command)
            sh(project, "git", "reset", "--quiet", "--hard")
            sh(project, "git", "clean", "--quiet", "-fd")
            if n:  # the first round warms the caches
                seen[label].append(times)
    print("| the same change | wall, s | share | processor, s | share |")
    print("|---|---|---|---|---|")
    medians = {
        label: [statistics.median(column) for column in zip(*times, strict=True)]
        for label, times in seen.items()
    }
    slowest = [max(column) for column in zip(*medians.values(), strict=True)]
    for label, row in medians.items():
        cells = (f"{one:.2f} | {one / most:.2f}" for one, most in zip(row, slowest, strict=True))
        print(f"| {label} | {' | '.join(cells)} |", flush=True)


def needs_a_person(folder: Path) -> None:
    """Every edit of an owner, by itself, against three changes: how many files need a person?"""
    newer = two_versions(folder / "released")
    targets = {
        "add-store memory": made(stores=["sqlite", "memory"]),
        "set frontend=none": made(frontend="none"),
        "update": render(newer, Menu(newer).resolve({})),
    }
    print()
    print(f"| {len(EDITS)} edits, then | edited files that change | whole files | merged here |")
    print("|---|---|---|---|")
    for label, target in targets.items():
        touched = by_hand = 0
        for edit in EDITS:
            disk = made()
            edit.make(disk)
            changes = plan(made(), target, disk, Names("yours", label), ".chatkit-scaffold.yml")
            both = [
                c
                for c in changes
                if made().get(c.path) not in (disk.get(c.path), target.get(c.path))
            ]
            touched += len(both)
            by_hand += sum(change.action is Action.CONFLICT for change in changes)
        print(f"| {label} | {touched} | {touched} by hand | {by_hand} by hand |")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        speed(Path(name))
        needs_a_person(Path(name))


if __name__ == "__main__":
    main()
