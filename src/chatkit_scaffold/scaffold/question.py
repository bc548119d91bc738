"""What a question and an answer are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chatkit_scaffold.error import USAGE, ScaffoldError

Answer = str | list[str]
Answers = dict[str, Answer]
Problem = Callable[[Answer], str]  # what is wrong with an answer, or nothing


@dataclass(frozen=True)
class Choice:
    value: str
    label: str


@dataclass(frozen=True)
class Question:
    name: str
    help: str
    default: Answer
    multiple: bool
    choices: tuple[Choice, ...]

    @property
    def flag(self) -> str:
        return "--" + (self.name.removesuffix("s") if self.multiple else self.name)

    @property
    def values(self) -> list[str]:
        return [choice.value for choice in self.choices]

    def unknown(self, answer: Answer) -> list[str]:
        return [value for value in listed(answer) if value not in self.values]


Ask = Callable[[Question, Problem], Answer]


def normal(question: Question, answer: Any) -> Answer:
    """Several choices may come as a list, with commas, or as `none`."""
    if question.multiple:
        parts = [part for one in listed(answer) for part in str(one).split(",")]
        return list(dict.fromkeys(part.strip() for part in parts if part not in {"", "none"}))
    if not isinstance(answer, str):
        raise ScaffoldError(f"{question.flag} takes text, not {answer!r}.", exit_code=USAGE)
    return answer


def listed(answer: Any) -> list[Any]:
    return answer if isinstance(answer, list) else [answer]


def shown(question: Question, answer: Answer) -> str:
    return ", ".join(map(repr, question.unknown(answer) or listed(answer))) or "none"
