"""Each rule for each file, on trees that are dictionaries."""

import pytest

from chatkit_scaffold.scaffold.lines import Names
from chatkit_scaffold.scaffold.plan import Action, Change, plan, unresolved
from chatkit_scaffold.tree import Blocked, Content, Tree

NAMES = Names("yours", "theirs")
BASE, TARGET, MINE = "one\ntwo\nthree\n", "one\ntwo\n3\n", "1\ntwo\nthree\n"


def decided(
    base: Content | None,
    target: Content | None,
    disk: Content | Blocked | None,
    path: str = "a.txt",
) -> Change:
    def tree(content: Content | None) -> Tree:
        return {} if content is None else {path: content}

    (change,) = plan(tree(base), tree(target), {} if disk is None else {path: disk}, NAMES)
    return change


@pytest.mark.parametrize(
    ("base", "target", "disk", "action", "after"),
    [
        (BASE, BASE, BASE, Action.NOTHING, BASE),
        (BASE, BASE, MINE, Action.NOTHING, MINE),
        (BASE, BASE, None, Action.NOTHING, None),
        (BASE, TARGET, TARGET, Action.NOTHING, TARGET),
        (None, TARGET, TARGET, Action.NOTHING, TARGET),
        (BASE, None, None, Action.NOTHING, None),
        (None, TARGET, None, Action.CREATE, TARGET),
        (BASE, TARGET, BASE, Action.UPDATE, TARGET),
        (BASE, TARGET, BASE.replace("\n", "\r\n"), Action.UPDATE, TARGET.replace("\n", "\r\n")),
        (BASE, TARGET, BASE[:-1], Action.UPDATE, TARGET[:-1]),
        (BASE, None, BASE, Action.DELETE, None),
        (BASE, None, BASE.replace("\n", "\r\n"), Action.DELETE, None),
        (BASE, TARGET, MINE, Action.MERGE, "1\ntwo\n3\n"),
        (BASE, TARGET, None, Action.KEEP, None),
        (BASE, None, MINE, Action.KEEP, MINE),
        (b"\0", b"\1", b"\0", Action.UPDATE, b"\1"),
        (b"\0", None, b"\0", Action.DELETE, None),
        (b"\0", b"\1", b"\2", Action.CONFLICT, b"\2"),
        (BASE, b"\1", MINE, Action.CONFLICT, MINE),
        (b"\0", TARGET, BASE, Action.CONFLICT, BASE),
        (BASE, b"\1", BASE, Action.UPDATE, b"\1"),
        (BASE, TARGET, b"\2", Action.CONFLICT, b"\2"),
    ],
)
def test_rules(
    base: Content | None,
    target: Content | None,
    disk: Content | None,
    action: Action,
    after: Content | None,
) -> None:
    change = decided(base, target, disk)
    assert (change.action, change.after) == (action, after)
    assert change.before == disk
    assert change.reason or action is Action.NOTHING


def test_a_conflict_is_markers_in_the_text_and_counted() -> None:
    change = decided(BASE, TARGET, "one\ntwo\nIII\n")
    assert (change.action, change.conflicts) == (Action.CONFLICT, 1)
    assert change.after == "one\ntwo\n<<<<<<< yours\nIII\n=======\n3\n>>>>>>> theirs\n"
    assert unresolved({"a": change.after, "b": b"<<<<<<< x\n>>>>>>> x\n", "c": BASE}) == ["a"]


def test_what_both_made_is_a_conflict_where_it_differs() -> None:
    change = decided(None, TARGET, MINE)
    assert (change.action, change.conflicts) == (Action.CONFLICT, 1)
    assert "you made it, too" in change.reason


@pytest.mark.parametrize("path", ["backend/.env", "backend/uv.lock", "frontend/package-lock.json"])
def test_env_and_lock_files_are_made_but_never_touched(path: str) -> None:
    assert decided(None, TARGET, None, path).action is Action.CREATE
    for base, target, disk in [(BASE, TARGET, BASE), (BASE, None, BASE), (None, TARGET, MINE)]:
        change = decided(base, target, disk, path)
        assert (change.action, change.writes) == (Action.KEEP, False)


@pytest.mark.parametrize(
    ("base", "target", "action", "warning"),
    [
        (BASE, BASE, Action.NOTHING, False),
        (BASE, None, Action.KEEP, True),
        (BASE, TARGET, Action.CONFLICT, True),
        (None, TARGET, Action.CONFLICT, True),
    ],
)
def test_where_no_file_can_be_written_the_reason_is_told(
    base: str | None, target: str | None, action: Action, warning: bool
) -> None:
    change = decided(base, target, Blocked("x is a link"))
    assert (change.action, change.warning, change.writes) == (action, warning, False)
    assert ("x is a link" in change.reason) == warning


def test_an_edit_that_outlives_its_file_and_a_lost_entry_are_warned_of() -> None:
    assert decided(BASE, None, MINE).warning
    assert not decided(BASE, TARGET, None).warning
    env = "A=1\n\nB=2\n"
    change = decided(env, env.replace("B=2", "B=3"), "A=1\n", "x/.env.example")
    assert (change.action, change.warning) == (Action.KEEP, True)
    assert "you deleted B" in change.reason


def test_the_record_is_written_anew_whatever_happened_to_it() -> None:
    for disk in [{"r": BASE}, {"r": MINE}, {}]:
        (change,) = plan({"r": BASE}, {"r": TARGET}, disk, NAMES, record="r")
        assert (change.action, change.after) == (Action.UPDATE, TARGET)


def test_prose_that_was_written_anew_is_its_owners() -> None:
    base, disk = "# A\n\nb\nc\nd\ne\n", "# Mine\n\nall of it\n"
    change = decided(base, base.replace("c", "C"), disk, "README.md")
    assert (change.action, change.writes, change.warning) == (Action.KEEP, False, True)
    assert decided(base, base.replace("c", "C"), disk, "a.py").action is Action.CONFLICT
    some = base.replace("d", "D").replace("e", "E")
    assert decided(base, base.replace("b", "B"), some, "README.md").action is Action.MERGE
