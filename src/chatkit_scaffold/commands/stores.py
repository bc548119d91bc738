"""`add-store` and `remove-store`: where conversations are kept."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from chatkit_scaffold.commands.change import AllowDirty, DryRun, Json, Way, Where, Yes, change
from chatkit_scaffold.commands.lists import added, chosen, without
from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.question import Answers

Names = Annotated[list[str], chosen("stores")]


def add_store(
    names: Names,
    default: Annotated[bool, typer.Option(help="Make the first one what the app uses.")] = False,
    transfer: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Move the conversations to this address, a DATABASE_URL. Stop the app first.",
        ),
    ] = None,
    project: Where = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    json: Json = False,
    allow_dirty: AllowDirty = False,
) -> int:
    """Add a store to a project: its module, dependencies, settings and tests.

    In a ChatKit backend of your own making it shows what it would add and how your server would get
    its store, and with --yes, or asked on a terminal, does so.
    """
    from chatkit_scaffold.scaffold.project import find_root

    def edit(menu: Menu, answers: Answers) -> Answers:
        stores = added(answers, "stores", names)
        if default:
            stores = list(dict.fromkeys([*names, *stores]))
        return menu.resolve({**answers, "stores": stores})

    way = Way(project, yes, dry_run, json, allow_dirty)
    if find_root(project) is None:
        from chatkit_scaffold.commands.adoption import adopt

        return adopt(names, way, default=default, transfer=transfer is not None)
    words = [*names, *(["--default"] if default else [])]
    return change(
        "add-store", words, way, edit, then=_mover(project, transfer) if transfer else None
    )


def _mover(where: Path | None, destination: str) -> Callable[[Path], None]:
    """Knows where conversations are now: afterwards the project may say something else."""
    from chatkit_scaffold.scaffold.project import find_project
    from chatkit_scaffold.scaffold.transfer import database_url, transfer

    source = database_url(find_project(where).root)
    return lambda root: transfer(root, source, destination)


def remove_store(
    names: Names,
    project: Where = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    json: Json = False,
    allow_dirty: AllowDirty = False,
) -> int:
    """Remove a store from a project. The conversations in it stay where they are."""

    def edit(menu: Menu, answers: Answers) -> Answers:
        return menu.resolve({**answers, "stores": without(answers, "stores", names)})

    way = Way(project, yes, dry_run, json, allow_dirty)
    return change("remove-store", names, way, edit)
