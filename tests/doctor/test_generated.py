"""What the tool makes is clean, for every choice of the menu."""

import pytest

from chatkit_scaffold.doctor.diagnosis import examine
from chatkit_scaffold.doctor.files import Files
from chatkit_scaffold.doctor.project import Project
from chatkit_scaffold.scaffold.question import Answers
from chatkit_scaffold.scaffold.render import render
from tests.conftest import TEMPLATE
from tests.doctor.test_rules import RULES
from tests.test_template import COMBINATIONS, label


def diagnose(answers: Answers) -> list[str]:
    rendered = render(TEMPLATE, answers)
    texts = {path: text for path, text in rendered.items() if isinstance(text, str)}
    diagnosis = examine(Project(Files(texts)), list(RULES.values()))
    assert diagnosis.project.mode == "self-hosted"
    assert diagnosis.project.python.servers
    assert diagnosis.project.endpoints
    assert list(diagnosis.unchecked) == []
    return [f"{f.code} {f.path}:{f.line} {f.message}" for f in diagnosis.findings]


def one_of_each(combinations: list[Answers]) -> list[Answers]:
    """A few combinations in which every choice occurs."""
    seen: set[tuple[str, str]] = set()
    chosen = []
    for answers in combinations:
        choices = {(name, str(answer)) for name, answer in answers.items()}
        if choices - seen:
            seen |= choices
            chosen.append(answers)
    return chosen


# Providers are rows of one table: two stand for all, except in the slow run.
FEWER = [a for a in COMBINATIONS if a["provider"] in ("demo", "gemini") and a["fallback"] == "none"]


@pytest.mark.parametrize("answers", one_of_each(FEWER), ids=label)
def test_every_choice_is_clean(answers: Answers) -> None:
    assert diagnose(answers) == []


@pytest.mark.matrix
@pytest.mark.parametrize("answers", FEWER, ids=label)
def test_choices_are_clean_together(answers: Answers) -> None:
    assert diagnose(answers) == []


@pytest.mark.slow
@pytest.mark.parametrize("answers", COMBINATIONS, ids=label)
def test_every_combination_is_clean(answers: Answers) -> None:
    assert diagnose(answers) == []
