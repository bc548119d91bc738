"""A project and what is to become of it: all of this product's changes are one of these."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chatkit_scaffold.error import ScaffoldError
from chatkit_scaffold.scaffold.history import open_template
from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.merge import Names
from chatkit_scaffold.scaffold.plan import Action, Change, plan, unresolved
from chatkit_scaffold.scaffold.project import RECORD, Project
from chatkit_scaffold.scaffold.question import Answers
from chatkit_scaffold.scaffold.render import render
from chatkit_scaffold.swap import swap
from chatkit_scaffold.tree import Blocked, Content, read_paths

CONFLICTS = 3  # the exit code

Edit = Callable[[Menu, Answers], Answers]  # recorded answers in, wanted ones out


@dataclass(frozen=True)
class Revision:
    project: Project
    version: str
    answers: Answers
    changes: list[Change]

    @property
    def conflicts(self) -> list[Change]:
        return [change for change in self.changes if change.action is Action.CONFLICT]

    @property
    def writes(self) -> list[Change]:
        return [change for change in self.changes if change.writes]


def revise(project: Project, version: str, edit: Edit, name: str) -> Revision:
    """What would have to change; `name` is what a conflict calls the template's side."""
    with open_template(project.version) as old, open_template(version) as new:
        recorded = read_answers(Menu(old), project)
        wanted = edit(Menu(new, by_flag=False), recorded)
        base = render(old, recorded)
        same = (project.version, recorded) == (version, wanted)
        target = base if same else render(new, wanted)
    disk = read_paths(project.root, base.keys() | target.keys())
    check_resolved(disk)
    changes = plan(base, target, disk, Names("yours", name), "" if same else RECORD)
    return Revision(project, version, wanted, changes)


def check_resolved(disk: Mapping[str, Content | Blocked]) -> None:
    if left := unresolved(disk):
        raise ScaffoldError(
            f"Conflicts are left in {', '.join(left)}.",
            "Choose at each <<<<<<< what is to stay, then run it again.",
            CONFLICTS,
        )


def read_answers(menu: Menu, project: Project) -> Answers:
    try:
        return menu.resolve(project.answers)
    except ScaffoldError as error:
        raise ScaffoldError(
            f"{RECORD} is not as it was written: {error.message}",
            error.hint or "Mend it there, or bring the file back from git.",
        ) from error


def kept(menu: Menu, answers: Answers) -> Answers:
    """The same answers to the questions of another version."""
    return menu.resolve({name: answers[name] for name in menu.names if name in answers})


def apply(revision: Revision) -> None:
    before: dict[str, Content | None] = {}
    after: dict[str, Content] = {}
    for change in revision.writes:
        before[change.path] = change.before
        if change.after is not None:
            after[change.path] = change.after
    swap(revision.project.root, before, after)
