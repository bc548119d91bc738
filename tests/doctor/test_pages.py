"""The pages in docs/rules/ say what the rules say."""

import runpy

import pytest

from chatkit_scaffold.__main__ import run
from tests.conftest import ROOT
from tests.doctor.test_rules import RULES

FOLDER = ROOT / "docs" / "rules"


def test_the_pages_are_up_to_date() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "rules.py"))["pages"]()
    written = {file.name: file.read_text("utf-8") for file in FOLDER.iterdir()}
    assert written == made, "make rules writes them anew"


def test_a_page_has_the_words_of_explain(capsys: pytest.CaptureFixture[str]) -> None:
    rule = RULES["CK505"]
    page = (FOLDER / "ck505.md").read_text("utf-8")
    assert run(["doctor", "--explain", "CK505"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert rule.title in page
    assert rule.title in shown
    assert " ".join(rule.text.split()) in " ".join(page.split())
    assert " ".join(rule.text.split()) in shown
