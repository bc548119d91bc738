"""What owners did survives what the template does."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from chatkit_scaffold.error import ScaffoldError
from chatkit_scaffold.scaffold.lines import Names
from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.plan import Action, Change, plan
from chatkit_scaffold.scaffold.project import RECORD
from chatkit_scaffold.scaffold.question import Answers
from chatkit_scaffold.tree import Tree
from tests.combinations import combinations
from tests.conftest import TEMPLATE
from tests.owner import EDITS, Edit
from tests.rendering import made, render
from tests.versions import two_versions

pytestmark = pytest.mark.matrix
MENU = Menu(TEMPLATE)
NAMES = Names("yours", "theirs")


def planned(base: Tree, target: Tree, disk: Tree) -> list[Change]:
    return plan(base, target, disk, NAMES, RECORD)


def applied(disk: Tree, changes: Sequence[Change]) -> Tree:
    gone = {change.path for change in changes if change.writes and change.after is None}
    new = {change.path: change.after for change in changes if change.after is not None}
    return {path: content for path, content in (disk | new).items() if path not in gone}


def conflicts(changes: Sequence[Change]) -> list[str]:
    return [change.path for change in changes if change.action is Action.CONFLICT]


def other(name: str) -> str:
    """A choice that is not the default."""
    question = next(question for question in MENU.questions() if question.name == name)
    return next(value for value in question.values if value not in question.default)


@pytest.fixture(scope="module")
def newest(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    template = two_versions(tmp_path_factory.mktemp("released"))
    return render(template, Menu(template).resolve({}))


@pytest.fixture(params=["add-store", "set frontend", "update"])
def target(request: pytest.FixtureRequest, newest: Tree) -> Tree:
    match request.param:
        case "add-store":
            return made(stores=["sqlite", other("stores")])
        case "set frontend":
            return made(frontend=other("frontend"))
    return newest


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.name)
def test_an_edit_survives(edit: Edit, target: Tree) -> None:
    disk = made()
    edit.make(disk)
    assert edit.survived(disk)
    changes = planned(made(), target, disk)
    assert conflicts(changes) == []
    result = applied(disk, changes)
    assert edit.survived(result)
    assert applied(result, planned(target, target, result)) == result


def test_all_of_them_together_survive(target: Tree) -> None:
    disk = made()
    edits = [edit for edit in EDITS if "anew" not in edit.name]
    for edit in edits:
        edit.make(disk)
    changes = planned(made(), target, disk)
    assert conflicts(changes) == []
    result = applied(disk, changes)
    lost = [edit.name for edit in edits if edit.survived(disk) and not edit.survived(result)]
    assert lost == []


ROWS = combinations(MENU, provider=["demo", "openai"], fallback=["none", "gemini"])


def around(answers: Answers) -> dict[str, list[Answers]]:
    """By question: these answers, with each choice of that question in turn."""
    found: dict[str, list[Answers]] = {}
    for question in MENU.questions():
        several = [[], question.values] if question.multiple else []
        singles = [[value] if question.multiple else value for value in question.values]
        found[question.name] = []
        for answer in [*singles, *several]:
            try:
                found[question.name].append(MENU.resolve({**answers, question.name: answer}))
            except ScaffoldError:
                continue
    return found


@pytest.mark.parametrize("answers", [MENU.resolve({}), ROWS[0]], ids=["defaults", "a row"])
def test_every_change_of_one_answer_gives_what_new_would_have_given(answers: Answers) -> None:
    for question, variants in around(MENU.resolve(answers)).items():
        trees = [render(TEMPLATE, variant) for variant in variants]
        for base in trees:
            for target in trees:
                changes = planned(base, target, base)
                assert applied(base, changes) == target, question
                assert not [c for c in changes if c.action in (Action.CONFLICT, Action.KEEP)]


CHANGES = st.tuples(*[st.integers(0, len(ROWS) - 1)] * 2)  # from one row to another


def tree(row: int) -> Tree:
    return render(TEMPLATE, MENU.resolve(ROWS[row]))


@st.composite
def edited(draw: st.DrawFn, one: int, other: int) -> tuple[Tree, Tree]:
    """A tree with edits in lines that the other one leaves alone, and the other with the same."""
    base, target = tree(one), tree(other)
    disk, expected = dict(base), dict(target)
    both = sorted(path for path in base.keys() & target.keys() if path != RECORD and base[path])
    for path in draw(st.lists(st.sampled_from(both), max_size=5, unique=True)):
        if draw(st.integers(0, 4)) == 0:
            del disk[path], expected[path]
            continue
        old, new = (str(made_[path]).split("\n") for made_ in (base, target))
        where = draw(st.integers(0, len(old) - 1))
        twin = counterpart(old, new, where)
        assume(twin is not None)
        assert twin is not None
        kind = draw(st.sampled_from(["insert", "change", "delete"]))
        line = [] if kind == "delete" else [f"# an edit in line {where}"]
        until = 0 if kind == "insert" else 1
        old[where : where + until] = line
        new[twin : twin + until] = line
        disk[path], expected[path] = "\n".join(old), "\n".join(new)
    mine = draw(st.dictionaries(st.sampled_from(["notes.md", "backend/app/mine.py"]), st.text()))
    return disk | mine, expected | mine


def counterpart(old: list[str], new: list[str], where: int) -> int | None:
    """The same line in the other text, where it and its neighbours are in there once each."""
    near = old[max(0, where - 1) : where + 2]
    if any(old.count(line) != 1 or new.count(line) != 1 for line in near):
        return None
    twin = new.index(old[where])
    return twin if new[max(0, twin - 1) : twin + 2] == near else None


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_change_is_the_new_project_with_the_owners_edits(data: st.DataObject) -> None:
    one, other = data.draw(CHANGES)
    disk, expected = data.draw(edited(one, other))
    base, target = tree(one), tree(other)
    there = applied(disk, planned(base, target, disk))
    assert there == expected
    assert applied(there, planned(target, target, there)) == there
    assert applied(there, planned(target, base, there)) == disk


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_line_of_an_owner_is_lost_wherever_it_is(data: st.DataObject) -> None:
    base, target = map(tree, data.draw(CHANGES))
    path = data.draw(st.sampled_from(sorted(path for path in base if path != RECORD)))
    lines = str(base[path]).split("\n")
    where = data.draw(st.integers(0, len(lines)))
    removed = data.draw(st.integers(0, 3))
    lines[where : where + removed] = ["# mine, first", "# mine, second"]
    disk = {**base, path: "\n".join(lines)}
    result = str(applied(disk, planned(base, target, disk))[path])
    assert "# mine, first\n# mine, second" in result
