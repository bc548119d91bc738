"""Answers that are lists, and changed by name."""

from typing import Any

import typer

from chatkit_scaffold.error import USAGE, ScaffoldError
from chatkit_scaffold.scaffold.question import Answers
from chatkit_scaffold.scaffold.template import choice_names, find_template


def chosen(axis: str) -> Any:
    """The argument that takes rows of a catalog page."""
    rows = choice_names(find_template(), axis)
    return typer.Argument(
        help=", ".join(rows), metavar="NAME...", show_default=False, autocompletion=lambda: rows
    )


def added(answers: Answers, question: str, names: list[str]) -> list[str]:
    """A list answer with more in it, in the order given, each once."""
    if any("://" in name for name in names):  # it may hold a password: not to be repeated
        raise ScaffoldError("An address is not a name.", "Put it in a variable.", USAGE)
    return list(dict.fromkeys([*answers[question], *names]))


def without(answers: Answers, question: str, names: list[str]) -> list[str]:
    absent = [name for name in names if name not in answers[question]]
    if absent:
        has = ", ".join(answers[question]) or "none"
        raise ScaffoldError(f"The project has no {absent[0]!r} to remove.", f"It has: {has}.")
    return [name for name in answers[question] if name not in names]
