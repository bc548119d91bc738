"""`update`: the same answers, as a newer template makes them."""

from typing import Annotated

import typer

from chatkit_scaffold.commands.change import AllowDirty, DryRun, Json, Way, Where, Yes, change
from chatkit_scaffold.error import USAGE, ScaffoldError

OUTDATED = 4  # the exit code of --check


def update(
    to: Annotated[
        str | None, typer.Option(metavar="VERSION", help="Another version than the newest.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only look: exit code 4 when there is an update.")
    ] = False,
    project: Where = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    json: Json = False,
    allow_dirty: AllowDirty = False,
) -> int:
    """Bring a project to this version of the template. Needs no network."""
    from chatkit_scaffold.scaffold.history import versions
    from chatkit_scaffold.scaffold.revision import kept

    known = versions()
    if to and to not in known:
        raise ScaffoldError(
            f"--to {to} is not a version of the template.", f"There are: {', '.join(known)}.", USAGE
        )
    target = to or known[-1]
    if check:
        return _check(target, project, json=json)
    way = Way(project, yes, dry_run, json, allow_dirty)
    return change("update", [target], way, kept, target)


def _check(target: str, where: Where, *, json: bool) -> int:
    from chatkit_scaffold.report import document, terminal
    from chatkit_scaffold.scaffold.history import check_known, order
    from chatkit_scaffold.scaffold.project import find_project

    project = find_project(where)
    check_known(project.version)
    outdated = order(project.version) < order(target)
    if json:
        details = {"path": str(project.root), "template": project.version, "update": None}
        document.print_document(
            "update", project=details | ({"update": target} if outdated else {})
        )
    elif outdated:
        words = f"Made with template {project.version}; {target} is here."
        terminal.console().print(terminal.unfinished(words, ["chatkit-scaffold update"], []))
    else:
        terminal.console().print(terminal.done(f"Up to date: template {target}.", [], []))
    return OUTDATED if outdated else 0
