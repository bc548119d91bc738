"""`doctor`: reads a ChatKit project, says what is wrong with it, and mends it when asked."""

import os
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from chatkit_scaffold.error import USAGE, ScaffoldError

Codes = list[str] | None


def _flag(about: str, *names: str, **extra: Any) -> Any:
    return typer.Option(*names, help=about, show_default=False, **extra)


def doctor(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH]...", help="Folders or files; none: the current folder."),
    ] = None,
    select: Annotated[Codes, _flag("Only these rules: CK401, or CK4 for all of it.")] = None,
    ignore: Annotated[Codes, _flag("Not these rules.")] = None,
    fix: Annotated[bool, _flag("Apply the safe fixes, after showing them.", "--fix")] = False,
    unsafe_fixes: Annotated[bool, _flag("Apply the suggested ones too.", "--unsafe-fixes")] = False,
    dry_run: Annotated[bool, _flag("Show the fixes; write nothing.", "--dry-run")] = False,
    watch: Annotated[bool, _flag("Look again after every change.", "--watch")] = False,
    strict: Annotated[bool, _flag("Warnings fail as well.", "--strict")] = False,
    output: Annotated[str, _flag("text, json, sarif, github or junit.", "--format")] = "text",
    json: Annotated[bool, _flag("The same as --format json.", "--json")] = False,
    baseline: Annotated[Path | None, _flag("Findings to leave out.", metavar="FILE")] = None,
    write_baseline: Annotated[
        Path | None, _flag("Write the findings of today into a baseline.", metavar="FILE")
    ] = None,
    explain: Annotated[str | None, _flag("The page of a rule.", metavar="CODE")] = None,
    search: Annotated[str | None, _flag("Rules about an error text.", metavar="WORDS")] = None,
    list_rules: Annotated[bool, _flag("Every rule.", "--list")] = False,
) -> int:
    """Find what is wrong in any ChatKit project, and mend it."""
    from chatkit_scaffold.report.formats import FORMATS

    form = "json" if json else output
    if form not in FORMATS:
        hint = f"It takes {', '.join(FORMATS)}."
        raise ScaffoldError(f"--format does not know {form!r}.", hint, USAGE)
    if explain or search or list_rules:
        from chatkit_scaffold.commands.manual import look_up

        return look_up(explain, search)
    places = [path.expanduser().absolute() for path in paths or [Path()]]
    look = partial(
        _examine,
        places=places,
        select=select or [],
        ignore=ignore or [],
        level=2 if unsafe_fixes else int(fix or dry_run),
        dry_run=dry_run,
        strict=strict,
        form=form,
        baseline=baseline,
        write_baseline=write_baseline,
    )
    if watch:
        if form != "text" or fix or unsafe_fixes or write_baseline:
            hint = "Leave the other flags."
            raise ScaffoldError("--watch only looks and shows text.", hint, USAGE)
        from chatkit_scaffold.commands import watch as again

        again.watch(look, _root(places), places)
    return look()


def _examine(
    *,
    places: list[Path],
    select: list[str],
    ignore: list[str],
    level: int,
    dry_run: bool,
    strict: bool,
    form: str,
    baseline: Path | None,
    write_baseline: Path | None,
) -> int:
    from chatkit_scaffold.doctor.files import read_files

    root = _root(places)
    files = read_files(root, places)
    if not files.mention("chatkit"):  # before anything more is imported
        where = ", ".join(os.path.relpath(place, root) for place in places)
        raise ScaffoldError(
            f"Nothing in {where if where != '.' else root} has to do with ChatKit.",
            "Name the folder of the project: chatkit-scaffold doctor PATH",
            USAGE,
        )
    from chatkit_scaffold.doctor import catalog
    from chatkit_scaffold.doctor.baseline import read_baseline
    from chatkit_scaffold.doctor.baseline import write_baseline as baseline_of
    from chatkit_scaffold.doctor.diagnosis import examine
    from chatkit_scaffold.doctor.project import from_disk
    from chatkit_scaffold.doctor.settings import read_settings
    from chatkit_scaffold.report import diagnosis as report
    from chatkit_scaffold.report import formats, terminal
    from chatkit_scaffold.swap import rewrite

    settings = read_settings(places[0])
    project = from_disk(files, places)
    known_rules = catalog.read_rules()
    rules = catalog.choose(known_rules, select or settings.select, [*settings.ignore, *ignore])
    known = baseline or (Path(settings.baseline) if settings.baseline else None)
    look = partial(
        examine,
        rules=rules,
        exclude=settings.exclude,
        baseline=read_baseline(known) if known and not write_baseline else None,
    )
    diagnosis = look(project)
    console = terminal.console(stderr=form != "text")
    if level:
        from chatkit_scaffold.doctor import fix

        healing = fix.heal(diagnosis, look, unsafe=level > 1)
        if healing.texts:
            console.print(report.patch(fix.diff(project.files, healing.texts)))
        if not dry_run:
            rewrite(healing.texts, root)
            diagnosis = healing.after
    if write_baseline:
        text = baseline_of(diagnosis.findings, diagnosis.project.files)
        rewrite({write_baseline.name: text}, write_baseline.absolute().parent)
        return 0
    code = diagnosis.exit_code(strict=strict or settings.strict)
    if form == "text":
        console.print(report.findings(diagnosis))
    else:
        formats.show(diagnosis, form, ok=code == 0)
    return code


def _root(places: list[Path]) -> Path:
    """Paths are shown from the current folder where that is possible."""
    for place in places:
        if not place.exists():
            raise ScaffoldError(f"{place} does not exist.", "PATH is a folder or a file.", USAGE)
    here = Path.cwd()
    if all(place.is_relative_to(here) for place in places):
        return here
    return Path(os.path.commonpath([p if p.is_dir() else p.parent for p in places]))
