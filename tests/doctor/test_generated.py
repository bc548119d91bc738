"""What the tool makes is clean, for every choice of the menu."""

import pytest

from chatkit_scaffold.doctor.diagnosis import examine
from chatkit_scaffold.doctor.files import Files
from chatkit_scaffold.doctor.project import Project
from chatkit_scaffold.scaffold.question import Answers
from chatkit_scaffold.tree import Tree
from tests.combinations import combinations, label
from tests.conftest import TEMPLATE
from tests.doctor.test_rules import RULES
from tests.rendering import MENU, render


def diagnose(tree: Tree) -> list[str]:
    texts = {path: text for path, text in tree.items() if isinstance(text, str)}
    diagnosis = examine(Project(Files(texts)), list(RULES.values()))
    assert diagnosis.project.mode == "self-hosted"
    assert diagnosis.project.python.servers
    assert diagnosis.project.endpoints
    assert list(diagnosis.unchecked) == []
    return [f"{f.code} {f.path}:{f.line} {f.message}" for f in diagnosis.findings]


@pytest.mark.parametrize("answers", combinations(MENU, 1), ids=label)
def test_every_choice_is_clean(answers: Answers) -> None:
    assert diagnose(render(TEMPLATE, answers)) == []


@pytest.mark.matrix
@pytest.mark.parametrize("answers", combinations(MENU), ids=label)
def test_every_two_choices_are_clean_together(answers: Answers) -> None:
    assert diagnose(render(TEMPLATE, answers)) == []
