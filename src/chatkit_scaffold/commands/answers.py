"""`set`: other answers to any of the questions."""

from typing import Annotated

import typer

from chatkit_scaffold.commands.change import AllowDirty, DryRun, Json, Way, Where, Yes, change
from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.question import Answers


def complete(incomplete: str) -> list[str]:
    from chatkit_scaffold.scaffold.template import find_template

    questions = Menu(find_template()).questions()
    name = incomplete.partition("=")[0]
    values = [f"{q.name}={value}" for q in questions if q.name == name for value in q.values]
    return [word for word in values or [f"{q.name}=" for q in questions] if incomplete in word]


def set_answers(
    pairs: Annotated[
        list[str],
        typer.Argument(
            help="For example provider=openai; `chatkit-scaffold schema` lists them all.",
            metavar="KEY=VALUE...",
            show_default=False,
            autocompletion=complete,
        ),
    ],
    project: Where = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    json: Json = False,
    allow_dirty: AllowDirty = False,
) -> int:
    """Change answers of a project: its provider, frontend, login and all else."""
    from chatkit_scaffold.scaffold.answers import read_pairs

    given = read_pairs(pairs)

    def edit(menu: Menu, answers: Answers) -> Answers:
        return menu.resolve({**answers, **menu.named(given)})

    return change("set", pairs, Way(project, yes, dry_run, json, allow_dirty), edit)
