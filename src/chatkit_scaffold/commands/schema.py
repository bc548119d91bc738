"""`schema`: prints the questions, so that a program can answer them."""

from typing import Annotated, Any

import typer

from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.question import Question
from chatkit_scaffold.scaffold.template import find_template


def schema(
    json: Annotated[bool, typer.Option("--json", help="Print JSON Schema.")] = False,
) -> None:
    """Print every question: its flag, its choices and its default."""
    questions = Menu(find_template()).questions()
    from chatkit_scaffold.report import document, terminal

    if json:
        document.print_json(_schema(questions))
    else:
        terminal.console().print(terminal.questions(questions))


def _schema(questions: list[Question]) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Answers for `chatkit-scaffold new DEST --answers FILE`",
        "type": "object",
        "properties": {question.name: _property(question) for question in questions},
        "additionalProperties": False,
    }


def _property(question: Question) -> dict[str, Any]:
    choices = [{"const": choice.value, "title": choice.label} for choice in question.choices]
    one: dict[str, Any] = {"type": "string"} | ({"oneOf": choices} if choices else {})
    kind = {"type": "array", "uniqueItems": True, "items": one} if question.multiple else one
    return {
        "description": question.help,
        **kind,
        "default": question.default,
        "x-flag": question.flag,
    }
