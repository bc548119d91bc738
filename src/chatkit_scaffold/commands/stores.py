"""`add-store` and `remove-store`: where conversations are kept."""

from typing import Annotated

import typer

from chatkit_scaffold.commands.change import (
    AllowDirty,
    DryRun,
    Json,
    Way,
    Where,
    Yes,
    added,
    change,
    chosen,
    without,
)
from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.question import Answers

Names = Annotated[list[str], chosen("stores")]


def add_store(
    names: Names,
    default: Annotated[bool, typer.Option(help="Make the first one what the app uses.")] = False,
    project: Where = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    json: Json = False,
    allow_dirty: AllowDirty = False,
) -> int:
    """Add a store to a project: its module, dependencies, settings and tests."""

    def edit(menu: Menu, answers: Answers) -> Answers:
        stores = added(answers, "stores", names)
        if default:
            stores = list(dict.fromkeys([*names, *stores]))
        return menu.resolve({**answers, "stores": stores})

    way = Way(project, yes, dry_run, json, allow_dirty)
    return change("add-store", [*names, *(["--default"] if default else [])], way, edit)


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
