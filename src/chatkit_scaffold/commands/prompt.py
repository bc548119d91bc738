"""Questions on a terminal."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import questionary

from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.question import Answer, Answers, Problem, Question, listed

STYLE = questionary.Style(
    [
        ("qmark", "fg:ansicyan"),
        ("question", "bold"),
        ("answer", "fg:ansicyan"),
        ("pointer", "fg:ansicyan bold"),
        ("highlighted", "bold"),
        ("instruction", "fg:ansibrightblack"),
    ]
)
KEYS = "(arrow keys, enter)"


def ask_folder(default: str) -> Path:
    return Path(questionary.text("Which folder?", default=default, style=STYLE).unsafe_ask())


def ask_answers(menu: Menu, given: Mapping[str, Any], defaults: Mapping[str, str]) -> Answers:
    """The recommended answers after one question, or one question for each that is not given."""
    recommended = menu.resolve(given, defaults=defaults)
    if set(given) >= set(menu.names):
        return recommended
    labels = [
        choice.label.partition(":")[0]
        for question in menu.questions()
        for choice in question.choices
        if choice.value in listed(recommended[question.name]) and choice.value != "none"
    ]
    takes_them = questionary.select(
        "How should it be set up?",
        choices=[
            questionary.Choice(f"Recommended: {', '.join(labels)}", value=True),
            questionary.Choice("Customise: answer a few questions", value=False),
        ],
        style=STYLE,
        instruction=KEYS,
    ).unsafe_ask()
    return recommended if takes_them else menu.resolve(given, _ask, defaults)


def confirm(text: str) -> bool:
    return bool(questionary.confirm(text, style=STYLE).unsafe_ask())


def ask_secret(text: str) -> str:
    return str(questionary.password(f"{text}:", style=STYLE).unsafe_ask()).strip()


def _ask(question: Question, problem: Problem) -> Answer:
    choices = [questionary.Choice(c.label, c.value) for c in question.choices]
    if question.multiple:
        for choice in choices:
            choice.checked = choice.value in question.default
        asked = questionary.checkbox(
            question.help,
            choices,
            validate=lambda answer: problem(answer) or True,
            style=STYLE,
            instruction="(arrow keys, space, enter)",
        )
    elif len(choices) == 1:
        return question.default
    elif choices:
        asked = questionary.select(
            question.help, choices, str(question.default), style=STYLE, instruction=KEYS
        )
    else:
        asked = questionary.text(
            f"{question.help}?",
            default=str(question.default),
            validate=lambda text: problem(text) or True,
            style=STYLE,
        )
    answer: Answer = asked.unsafe_ask()
    return answer
