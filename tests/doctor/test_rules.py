"""Every rule, by the small projects in its own module."""

import ast
from pathlib import Path

import pytest

from chatkit_scaffold.doctor import rules
from chatkit_scaffold.doctor.catalog import read_rules
from chatkit_scaffold.doctor.diagnosis import Diagnosis, examine
from chatkit_scaffold.doctor.fix import heal
from chatkit_scaffold.doctor.project import Project, from_tree
from chatkit_scaffold.doctor.rule import Rule, Tree

RULES = read_rules()
CASES = [
    pytest.param(rule, tree, id=f"{code}-{n}")
    for code, rule in RULES.items()
    for n, tree in enumerate(rule.wrong)
]


FIXABLE = [
    pytest.param(rule, tree, id=f"{code}-{n}")
    for code, rule in RULES.items()
    for n, tree in enumerate(rule.wrong)
    if any(finding.fix for finding in rule.check(from_tree(tree)))
]


def look(project: Project) -> Diagnosis:
    diagnosis = examine(project, list(RULES.values()))
    assert not diagnosis.crashed, diagnosis.unchecked
    return diagnosis


@pytest.mark.parametrize(("rule", "tree"), CASES)
def test_wrong_is_found_and_nothing_else(rule: Rule, tree: Tree) -> None:
    assert {finding.code for finding in look(from_tree(tree)).findings} == {rule.code}


@pytest.mark.parametrize(
    "tree",
    [
        pytest.param(tree, id=f"{code}-{n}")
        for code, rule in RULES.items()
        for n, tree in enumerate(rule.right)
    ],
)
def test_right_is_clean(tree: Tree) -> None:
    assert list(look(from_tree(tree)).findings) == []


@pytest.mark.parametrize(("rule", "tree"), CASES)
def test_findings_lie_in_the_text(rule: Rule, tree: Tree) -> None:
    for finding in look(from_tree(tree)).findings:
        line = tree[finding.path].splitlines()[finding.line - 1]
        assert 1 <= finding.column <= len(line) + 1
        assert finding.message.endswith(".")


@pytest.mark.parametrize(("rule", "tree"), FIXABLE)
def test_what_is_fixed_is_clean_and_parses_and_stays(rule: Rule, tree: Tree) -> None:
    before = look(from_tree(tree))
    fixable = [finding for finding in before.findings if finding.fix]
    healing = heal(before, look, unsafe=True)
    assert len(healing.after.findings) == len(before.findings) - len(fixable)
    for path, text in healing.texts.items():
        if path.endswith(".py"):
            ast.parse(text)
    assert heal(look(from_tree({**tree, **healing.texts})), look, unsafe=True).texts == {}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_page_says_what_and_why(rule: Rule) -> None:
    assert rule.title
    assert len(rule.text.split()) > 15, "what it does, and why that is bad for people"
    assert rule.wrong
    assert rule.right


def test_adding_a_rule_is_adding_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ck999_shouting.py").write_text('''"""The module shouts

It has a line in capitals."""
from chatkit_scaffold.doctor.rule import INFO, Finding, Findings, Project

SEVERITY = INFO
WRONG = {"a.py": "import chatkit\\nHELLO"}
RIGHT = {"a.py": "import chatkit\\nhello"}


def check(project: Project) -> Findings:
    for module in project.python.modules:
        for node in module.tree.body[1:]:
            if module.source(node).isupper():
                yield Finding.at(module, node, "Not so loud.")
''')
    monkeypatch.setattr(rules, "__path__", [*rules.__path__, str(tmp_path)])
    known = read_rules()
    assert list(known) == [*RULES, "CK999"]
    added = known["CK999"]
    assert (added.name, added.title) == ("shouting", "The module shouts")
    found = examine(from_tree(added.wrong[0]), list(known.values())).findings
    assert [(f.code, f.severity, f.line) for f in found] == [("CK999", "info", 2)]
    assert not examine(from_tree(added.right[0]), list(known.values())).findings
