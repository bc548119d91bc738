"""`add-tools` and `remove-tools`: what the assistant can do."""

from typing import Annotated

from chatkit_scaffold.commands.change import AllowDirty, DryRun, Json, Way, Where, Yes, change
from chatkit_scaffold.commands.lists import added, chosen, without
from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.question import Answers

Names = Annotated[list[str], chosen("tools")]


def add_tools(
    names: Names,
    project: Where = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    json: Json = False,
    allow_dirty: AllowDirty = False,
) -> int:
    """Give the assistant of a project more tools."""

    def edit(menu: Menu, answers: Answers) -> Answers:
        return menu.resolve({**answers, "tools": added(answers, "tools", names)})

    return change("add-tools", names, Way(project, yes, dry_run, json, allow_dirty), edit)


def remove_tools(
    names: Names,
    project: Where = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    json: Json = False,
    allow_dirty: AllowDirty = False,
) -> int:
    """Take tools away from the assistant of a project."""

    def edit(menu: Menu, answers: Answers) -> Answers:
        return menu.resolve({**answers, "tools": without(answers, "tools", names)})

    return change("remove-tools", names, Way(project, yes, dry_run, json, allow_dirty), edit)
