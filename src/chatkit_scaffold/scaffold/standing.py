"""What became of a project since it was made."""

from dataclasses import dataclass

from chatkit_scaffold.scaffold.history import open_template, order, versions
from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.plan import same, unresolved
from chatkit_scaffold.scaffold.project import RECORD, Project
from chatkit_scaffold.scaffold.question import Answers
from chatkit_scaffold.scaffold.render import render
from chatkit_scaffold.scaffold.revision import kept, read_answers
from chatkit_scaffold.tree import Tree, read_paths


@dataclass(frozen=True)
class Standing:
    project: Project
    answers: Answers
    update: str | None  # the newest version, where that is not the project's own
    files: dict[str, list[str]]  # by path: edited, deleted, stale, conflict
    total: int

    @property
    def steps(self) -> list[str]:
        left = [path for path, states in self.files.items() if "conflict" in states]
        update = ["chatkit-scaffold update"] if self.update else []
        return [*(f"choose at each <<<<<<< in {path}" for path in left), *update]


def examine(project: Project) -> Standing:
    newest = versions()[-1]
    update = newest if order(project.version) < order(newest) else None
    with open_template(project.version) as template:
        answers = read_answers(Menu(template), project)
        base = render(template, answers)
    target = base
    if update:
        with open_template(update) as template:
            target = render(template, kept(Menu(template), answers))
    return Standing(project, answers, update, _files(project, base, target), len(base))


def _files(project: Project, base: Tree, target: Tree) -> dict[str, list[str]]:
    disk = read_paths(project.root, base)
    left = unresolved(disk)
    states = {
        path: [
            state
            for state, holds in {
                "deleted": path not in disk,
                "edited": path in disk and not same(disk[path], base[path]),
                "conflict": path in left,
                "stale": path in disk and target.get(path) != base[path],
            }.items()
            if holds
        ]
        for path in sorted(base)
        if path != RECORD
    }
    return {path: found for path, found in states.items() if found}
