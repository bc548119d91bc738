"""`add-store` and `remove-store`: where conversations are kept."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from chatkit_scaffold.commands.change import (
    AllowDirty,
    DryRun,
    Json,
    Way,
    Where,
    Yes,
    change,
    on_terminal,
)
from chatkit_scaffold.commands.lists import added, chosen, without
from chatkit_scaffold.error import USAGE, ScaffoldError
from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.question import Answers

Names = Annotated[list[str], chosen("stores")]


def add_store(
    names: Names,
    default: Annotated[bool, typer.Option(help="Make the first one what the app uses.")] = False,
    transfer: Annotated[
        bool,
        typer.Option(
            "--transfer",
            help="Move the conversations, too: to the address that NEW_DATABASE_URL holds, or "
            "that is asked for. Stop the app first.",
        ),
    ] = False,
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

        return adopt(names, way, default=default, transfer=transfer)
    words = [*names, *(["--default"] if default else [])]
    moves = transfer and not dry_run
    return change("add-store", words, way, edit, then=_mover(way) if moves else None)


def _mover(way: Way) -> Callable[[Path], None]:
    """Knows where conversations are now: afterwards the project may say something else."""
    from chatkit_scaffold.scaffold.project import find_project
    from chatkit_scaffold.scaffold.transfer import DESTINATION, addresses, transfer

    source, destination = addresses(find_project(way.where).root)
    if not destination and on_terminal() and not (way.yes or way.json):
        from chatkit_scaffold.commands.prompt import ask_secret

        destination = ask_secret("Address of the new store, as DATABASE_URL will name it")
    if not destination:
        raise ScaffoldError(
            "--transfer needs the address of the new store.",
            f"Set {DESTINATION} to it, in the environment or in backend/.env.",
            USAGE,
        )
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
