"""Merging by line, held against what `git merge-file` makes of the same three texts."""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatkit_scaffold.scaffold.lines import Merged, Names, marked, merge_lines
from tests.conftest import need

NAMES = Names("yours", "chatkit-scaffold update 2")
TEXTS = st.lists(st.sampled_from(["a", "b", "c", "", "\f", "\u2028", "é"]), max_size=8).map(
    lambda lines: "".join(f"{line}\n" for line in lines)
)


@st.composite
def three(draw: st.DrawFn) -> tuple[str, str, str]:
    """A text of different lines, and two others that each replace, drop and add some."""
    base = [f"line {n}" for n in range(draw(st.integers(0, 12)))]

    def edited(who: str) -> str:
        lines: list[str] = []
        for line in [*base, ""]:
            if draw(st.integers(0, 5)) == 0:
                lines.append(f"{who} before {line}")
            kind = draw(st.sampled_from(["keep", "keep", "keep", "keep", "drop", "change"]))
            if line and kind != "drop":
                lines.append(line if kind == "keep" else f"{who} {line}")
        return text(lines)

    return text(base), edited("mine"), edited("theirs")


def text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def by_git(base: str, mine: str, theirs: str) -> tuple[str, int]:
    with TemporaryDirectory() as folder:
        names = ["mine", "base", "theirs"]
        for name, content in zip(names, [mine, base, theirs], strict=True):
            Path(folder, name).write_bytes(content.encode())
        done = subprocess.run(
            [need("git"), "merge-file", "-p", "-L", "yours", "-L", "", "-L", NAMES.theirs, *names],
            cwd=folder,
            capture_output=True,
            check=False,
        )
    return done.stdout.decode(), done.returncode


@settings(max_examples=150, deadline=None)
@given(three())
def test_it_merges_what_git_merges_and_as_git_does(texts: tuple[str, str, str]) -> None:
    merged = merge_lines(*texts, NAMES)
    expected, conflicts = by_git(*texts)
    assert bool(merged.conflicts) == bool(conflicts)
    if not conflicts:
        assert merged.text == expected


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_a_side_that_changed_nothing_takes_the_other(base: str, mine: str, theirs: str) -> None:
    assert merge_lines(base, base, theirs, NAMES).text == theirs
    assert merge_lines(base, mine, base, NAMES).text == mine
    assert merge_lines(base, mine, mine, NAMES).text == mine


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_either_side_can_be_read_out_of_the_conflicts(base: str, mine: str, theirs: str) -> None:
    merged = merge_lines(base, mine, theirs, NAMES)
    other = merge_lines(base, theirs, mine, NAMES)
    assert bool(merged.conflicts) == bool(other.conflicts) == marked(merged.text)
    assert merged.text.count(f"<<<<<<< {NAMES.mine}\n") == merged.conflicts
    if not base and mine and theirs:
        assert side(merged.text, 0) == mine
        assert side(merged.text, 1) == theirs


def side(merged: str, which: int) -> str:
    """One side of every conflict, and all that is between them."""
    kept: list[str] = []
    now = None
    for line in merged.split("\n"):
        if line.startswith("<<<<<<< "):
            now = 0
        elif line.startswith("======="):
            now = 1
        elif line.startswith(">>>>>>> "):
            now = None
        elif now in (None, which):
            kept.append(line)
    return "\n".join(kept)


def test_the_markers_name_both_sides_and_hold_only_what_differs() -> None:
    mine = "top\nmine\nend\n"
    theirs = "top\ntheirs\nend\n"
    assert merge_lines("top\nbase\nend\n", mine, theirs, NAMES).text == (
        "top\n<<<<<<< yours\nmine\n=======\ntheirs\n>>>>>>> chatkit-scaffold update 2\nend\n"
    )
    assert merge_lines("", mine, theirs, NAMES).text.startswith("top\n<<<<<<< yours\nmine\n")


def test_a_long_common_part_parts_two_conflicts() -> None:
    common = "1\n2\n3\n4\n"
    merged = merge_lines("x\ny\n", f"a\n{common}b\n", f"c\n{common}d\n", NAMES)
    assert merged.conflicts == 2
    assert f"\n>>>>>>> {NAMES.theirs}\n{common}<<<<<<< yours\n" in merged.text


LIST = "TOOLS = [\n    clock,\n]\n"


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [
        (["    mine,"], ["    theirs,"], ["    mine,", "    theirs,"]),
        (["    mine,"], ["    mine,", "    theirs,"], ["    mine,", "    theirs,"]),
        (["    x=1,"], ["    x=2,"], None),
        (["    call("], ["    theirs,"], None),
    ],
)
def test_both_may_add_to_a_list(mine: list[str], theirs: list[str], both: list[str] | None) -> None:
    def with_more(more: list[str]) -> str:
        return LIST.replace("]", f"{text(more)}]")

    merged = merge_lines(LIST, with_more(mine), with_more(theirs), NAMES)
    assert bool(merged.conflicts) == (both is None)
    assert both is None or merged.text == with_more(both)


def test_an_entry_that_both_changed_is_a_conflict() -> None:
    mine, theirs = LIST.replace("clock", "watch"), LIST.replace("clock", "sundial")
    assert merge_lines(LIST, mine, theirs, NAMES).conflicts == 1


def test_both_may_add_imports() -> None:
    base = "from app.a import a\n\nx = 1\n"
    mine = base.replace("\n\n", "\nfrom app.weather import weather\n\n")
    theirs = base.replace("\n\n", "\nfrom app.mcp import servers\n\n")
    assert merge_lines(base, mine, theirs, NAMES) == Merged(
        base.replace("\n\n", "\nfrom app.mcp import servers\nfrom app.weather import weather\n\n")
    )
