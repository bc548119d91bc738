"""The engine: what it runs, what it leaves out, and that it says so."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chatkit_scaffold.doctor.baseline import read_baseline, write_baseline
from chatkit_scaffold.doctor.catalog import choose, read_rules, search
from chatkit_scaffold.doctor.diagnosis import Diagnosis, examine
from chatkit_scaffold.doctor.fix import diff, heal
from chatkit_scaffold.doctor.project import from_tree
from chatkit_scaffold.doctor.rule import ERROR, WARNING, Edit, Finding, Fix, Project, Rule
from chatkit_scaffold.error import ScaffoldError

HEAD = "import chatkit\n"
SHOUT = {"a.py": f"{HEAD}BAD = 1\nbad = 2\n"}


def check(project: Project) -> Iterator[Finding]:
    for module in project.python.modules:
        for node in module.tree.body[1:]:
            name = module.source(node).partition(" ")[0]
            if name.isupper():
                start, _ = module.span(node)
                edit = Edit(module.path, start, start + len(name), name.lower())
                yield Finding.at(module, node, "Not so loud.", Fix((edit,), safe=name == "BAD"))


def rule(code: str = "CK499", **changes: object) -> Rule:
    usual = {
        "code": code, "name": "loud", "title": "It shouts", "text": "Names in capitals are loud.",
        "severity": ERROR, "wrong": (SHOUT,), "right": (), "check": check,
    }  # fmt: skip
    return Rule(**{**usual, **changes})  # type: ignore[arg-type]


def codes(text: str, **more: str) -> list[str]:
    return [f.code for f in examine(from_tree({"a.py": HEAD + text, **more}), [rule()]).findings]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("BAD = 1\n", 1),
        ("BAD = 1  # chatkit: ignore[CK499] it is a name\n", 0),
        ("BAD = 1  # chatkit: ignore[CK401, CK499] both\n", 0),
        ("BAD = 1  # chatkit: ignore[CK401] another\n", 1),
        ("# chatkit: ignore[CK499] the next one\nBAD = 1\n", 0),
        ("x = 1  # chatkit: ignore[CK499] this one alone\nBAD = 1\n", 1),
        ("# chatkit: ignore-file[CK499] all of it\n\n\nBAD = 1\nBAD = 2\n", 0),
        ("# chatkit: ignore\nBAD = 1\n", 1),
    ],
)
def test_comments_silence_what_they_name(text: str, found: int) -> None:
    diagnosis = examine(from_tree({"a.py": HEAD + text}), [rule()])
    assert len(diagnosis.findings) == found
    assert diagnosis.silenced == text.count("BAD") - found


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("BAD = 1  # chatkit: ignore[CK499] it is a name\n", []),
        ("fine = 1  # chatkit: ignore[CK499] it was a name\n", [2]),
        ("BAD = 1  # chatkit: ignore[CK401, CK499] CK401 did not run\n", []),
        ("x = 1\n\n# chatkit: ignore-file[CK499]\n", [4]),
    ],
)
def test_comments_that_silence_nothing_are_told(text: str, lines: list[int]) -> None:
    both = [rule(), rule("CK001", check=lambda _: iter(()), severity=WARNING)]
    diagnosis = examine(from_tree({"a.py": HEAD + text}), both)
    assert [(f.code, f.line) for f in diagnosis.findings] == [("CK001", n) for n in lines]
    assert diagnosis.exit_code(strict=True) == (1 if lines else 0)
    assert not examine(from_tree({"a.py": HEAD + text}), both, exclude=["a.py"]).findings


def test_hosted_projects_get_their_families_and_are_told() -> None:
    page = "<script>const o = {api: {getClientSecret() {}}}; el.setOptions(o) // chatkit</script>"
    project = from_tree({"index.html": page, "a.py": HEAD + "BAD = 1\n"})
    rules = [rule(code) for code in ("CK199", "CK299", "CK399", "CK499", "CK599", "CK699")]
    diagnosis = examine(project, rules)
    assert project.mode == "hosted"
    assert [f.code for f in diagnosis.findings] == ["CK199", "CK599", "CK699"]
    assert [u.code for u in diagnosis.unchecked] == ["CK2", "CK3", "CK4"]
    assert "OpenAI hosts the backend" in diagnosis.unchecked[0].reason


def test_a_rule_that_fails_hides_nothing_and_is_no_pass() -> None:
    def broken(project: Project) -> Iterator[Finding]:
        raise KeyError("oh")
        yield

    diagnosis = examine(from_tree(SHOUT), [rule("CK498", check=broken), rule()])
    assert [f.code for f in diagnosis.findings] == ["CK499"]
    assert "KeyError('oh')" in diagnosis.unchecked[0].reason
    assert diagnosis.exit_code(strict=False) == 2


@pytest.mark.parametrize(
    ("severity", "strict", "code"),
    [("error", False, 1), ("warning", False, 0), ("warning", True, 1), ("info", True, 0)],
)
def test_exit_codes(severity: str, strict: bool, code: int) -> None:
    diagnosis = examine(from_tree(SHOUT), [rule(severity=severity)])
    assert diagnosis.exit_code(strict=strict) == code


def test_paths_can_be_left_out() -> None:
    tree = dict.fromkeys(("a.py", "old/a.py", "olden.py"), HEAD + "BAD = 1\n")
    found = examine(from_tree(tree), [rule()], exclude=["old/", "a.*"]).findings
    assert [f.path for f in found] == ["olden.py"]


def test_a_baseline_follows_its_lines_and_excuses_each_once(tmp_path: Path) -> None:
    first = examine(from_tree(SHOUT), [rule()])
    file = tmp_path / "baseline.json"
    file.write_text(write_baseline(first.findings, first.project.files))
    known = read_baseline(file)
    moved = {"a.py": f"{HEAD}\n\nx = 1\n{'BAD  =  1'}\n"}
    later = examine(from_tree(moved), [rule()], baseline=known)
    assert (list(later.findings), later.known) == ([], 1)
    twice = {"a.py": f"{HEAD}BAD = 1\nBAD = 1\n"}
    assert len(examine(from_tree(twice), [rule()], baseline=known).findings) == 1
    assert examine(from_tree(SHOUT), [rule()], baseline=Counter()).known == 0


@pytest.mark.parametrize("content", ["", "[]", '{"findings": 3}', '{"findings": [{"code": 1}]}'])
def test_a_broken_baseline_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "b.json").write_text(content)
    with pytest.raises(ScaffoldError, match=r"b\.json is not a baseline"):
        read_baseline(tmp_path / "b.json")


def test_fixes_apply_by_kind_together_and_once() -> None:
    tree = {"a.py": f"{HEAD}BAD = 1\r\nBAD = 2  # kept\r\nWORSE = 'ünï'; x = 1\r\n"}

    def look(project: Project) -> Diagnosis:
        return examine(project, [rule()])

    before = examine(from_tree(tree), [rule()])
    safe = heal(before, look, unsafe=False)
    expected = f"{HEAD}bad = 1\r\nbad = 2  # kept\r\nWORSE = 'ünï'; x = 1\r\n"
    assert (safe.texts, safe.fixed) == ({"a.py": expected}, 2)
    both = heal(before, look, unsafe=True)
    assert both.texts == {"a.py": expected.replace("WORSE", "worse")}
    shown = diff(before.project.files, both.texts)
    assert "-WORSE = 'ünï'; x = 1" in shown
    assert "+worse = 'ünï'; x = 1" in shown


def test_a_fix_that_breaks_its_file_or_cures_nothing_is_left_out() -> None:
    for text in ("(", "BAD = 3"):

        def bad(project: Project, text: str = text) -> Iterator[Finding]:
            for found in check(project):
                yield replace(found, fix=Fix((Edit("a.py", 15, 22, text),), safe=True))

        def look(project: Project) -> Diagnosis:
            return examine(project, [rule(check=bad)])

        healing = heal(look(from_tree(SHOUT)), look, unsafe=False)
        assert (healing.texts, healing.fixed) == ({}, 0)


def test_an_import_is_added_where_it_may_stand() -> None:
    for head in ('"""Doc."""\n\nfrom __future__ import annotations\n\n', ""):
        body = "async def load_thread(self, id, context):\n    return None  # chatkit\n"
        known = [read_rules()["CK211"]]

        def look(project: Project) -> Diagnosis:
            return examine(project, known)  # noqa: B023

        healing = heal(look(from_tree({"a.py": head + body})), look, unsafe=True)
        fixed = body.replace("return None", "raise NotFoundError(id)")
        line = "from chatkit.store import NotFoundError\n"
        assert healing.texts == {"a.py": f"{head}{line}{fixed}"}


def test_rules_are_chosen_by_code_or_family() -> None:
    known = {code: rule(code) for code in ("CK201", "CK202", "CK301")}
    assert [r.code for r in choose(known, [], [])] == list(known)
    assert [r.code for r in choose(known, ["CK2"], ["CK202"])] == ["CK201"]
    with pytest.raises(ScaffoldError, match="CK9"):
        choose(known, ["CK9"], [])
    with pytest.raises(ScaffoldError, match="''"):
        choose(known, [], [""])


def test_an_error_text_leads_to_its_rule() -> None:
    known = {
        "CK1": rule("CK1", text='It says "Unknown content" and stops.'),
        "CK2": rule("CK2", text="The content is unknown."),
    }
    assert [r.code for r in search(known, "unknown  CONTENT")] == ["CK1"]
    assert [r.code for r in search(known, "content stops")] == ["CK1"]
    assert search(known, "nothing of it") == []


def test_every_error_and_warning_is_worth_a_code() -> None:
    for code, known in read_rules().items():
        assert known.severity in (ERROR, WARNING, "info")
        assert code.startswith("CK")
        assert len(code) == 5


def test_the_page_of_a_rule_is_json_safe() -> None:
    assert json.dumps([r.text for r in read_rules().values()])
