"""What every command that changes a project does: plan, show, ask, write, report."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chatkit_scaffold.error import ScaffoldError

if TYPE_CHECKING:
    from chatkit_scaffold.scaffold.revision import Edit, Revision

Where = Annotated[
    Path | None,
    typer.Option("--project", help="The project; without it, the one around this folder."),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show every difference; write nothing.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
AllowDirty = Annotated[
    bool, typer.Option("--allow-dirty", help="Change files that git has not committed, too.")
]


@dataclass(frozen=True)
class Way:
    """How a change is made, whatever it is."""

    where: Path | None
    yes: bool
    dry_run: bool
    json: bool
    allow_dirty: bool


def change(
    command: str,
    words: list[str],
    way: Way,
    edit: "Edit",
    to: str | None = None,
    then: Callable[[Path], None] | None = None,
) -> int:
    """`then` is done with the project once all of its files are what they should be."""
    from chatkit_scaffold.report import terminal
    from chatkit_scaffold.scaffold.project import find_project
    from chatkit_scaffold.scaffold.revision import revise

    project = find_project(way.where)
    console = terminal.console(stderr=way.json)
    with console.status("Comparing"):
        name = " ".join(["chatkit-scaffold", command, *words])
        revision = revise(project, to or project.version, edit, name)
    return carry_out(command, revision, way, then)


def carry_out(
    command: str,
    revision: "Revision",
    way: Way,
    then: Callable[[Path], None] | None = None,
    notes: Sequence[str] = (),
) -> int:
    """Shown, asked for, written and reported. `notes` are what it could not do."""
    from chatkit_scaffold.scaffold.revision import CONFLICTS, apply

    written = revision.writes and not way.dry_run
    if written:
        _allow(revision, way)
        apply(revision)
    if then and not way.dry_run and not revision.conflicts:
        then(revision.project.root)
    _report(command, revision, way, notes)
    return CONFLICTS if revision.conflicts else 0


def _allow(revision: "Revision", way: Way) -> None:
    from chatkit_scaffold.report import changes, terminal
    from chatkit_scaffold.scaffold import toolchain

    root = revision.project.root
    if not way.allow_dirty and (dirty := toolchain.uncommitted(root)):
        raise ScaffoldError(
            f"Git has not committed {len(dirty)} of the files in {root}, such as {dirty[0]}.",
            "Commit them first, so that you can see and undo the change; or add --allow-dirty.",
        )
    if not (way.yes or way.json) and on_terminal():
        from chatkit_scaffold.commands.prompt import confirm

        terminal.console().print(changes.overview(root.name, revision.changes))
        if not confirm(f"Change {root.name}?"):
            raise ScaffoldError("Nothing was changed.")


def on_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _report(command: str, revision: "Revision", way: Way, notes: Sequence[str]) -> None:
    from chatkit_scaffold.report import changes, document, terminal
    from chatkit_scaffold.scaffold import toolchain

    root, done = revision.project.root, not way.dry_run
    written = [change.path for change in revision.writes]
    steps = toolchain.install_again(root, written) if done else []
    steps += [
        f"choose at each <<<<<<< in {one.path}" for one in revision.conflicts if one.conflicts
    ]
    warnings = [f"{one.path}: {one.reason}." for one in revision.changes if one.warning]
    warnings += notes
    examples = [path for path in written if path.endswith(".env.example")]
    mine = [path.removesuffix(".example") for path in examples]
    warnings += [
        f"{path} is yours: compare it with {path}.example."
        for path in mine
        if (root / path).exists()
    ]
    if way.json:
        document.print_document(
            command,
            ok=not revision.conflicts,
            project=described(revision),
            files=changes.entries(revision.changes),
            warnings=warnings,
            next_steps=steps,
        )
        return
    console = terminal.console()
    if not revision.writes and not revision.conflicts:
        console.print(terminal.done("Nothing to do: the project is so already.", [], warnings))
        return
    console.print(changes.overview(root.name, revision.changes))
    if way.dry_run:
        console.print(changes.differences(revision.changes))
    title = f"{changes.summary(revision.changes)}{'' if done else '; nothing is written'}."
    report = terminal.unfinished if revision.conflicts else terminal.done
    console.print(report(title, steps, warnings))


def described(revision: "Revision") -> Mapping[str, Any]:
    return {
        "path": str(revision.project.root),
        "template": revision.version,
        "answers": revision.answers,
    }
