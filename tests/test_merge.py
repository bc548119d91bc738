"""Merging by key, and what a text's owner decides about how it is written down."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatkit_scaffold.scaffold.lines import Names
from chatkit_scaffold.scaffold.merge import Merged, merge

NAMES = Names("yours", "theirs")
TOML = """\
[project]
name = "chat"
dependencies = [
    # Tested together.
    "a>=1,<2",
    "b[x]>=1",
]

[tool.x]
level = 1  # low
"""
JSON = '{\n  "name": "chat",\n  "scripts": {\n    "dev": "vite"\n  },\n  "files": ["a"]\n}\n'
ENV = "# Read me.\n\n# One.\nONE=1\n\n# Two and three.\nTWO=2\nTHREE=\n"
YAML = """\
services:
  # keeps it
  db:
    image: "postgres:15"  # as in production
    ports: ["5432:5432"]

  web:
    build: .
    environment:
      - MODE=prod

volumes:
  data: {}
"""
PATHS = {
    "backend/pyproject.toml": TOML,
    "package.json": JSON,
    "backend/.env.example": ENV,
    "compose.yaml": YAML,
}


def merged(path: str, mine: tuple[str, str], theirs: tuple[str, str]) -> Merged:
    """Each side replaces one piece of the base by another."""
    base = PATHS[path]
    assert mine[0] in base
    assert theirs[0] in base
    return merge(path, base, base.replace(*mine), base.replace(*theirs), NAMES)


@pytest.mark.parametrize(
    ("path", "mine", "theirs", "expected"),
    [
        (
            "backend/pyproject.toml",
            ('    "b[x]>=1",\n', '    "b[x]>=1",  # needed\n    "mine",\n'),
            ('    "b[x]>=1",\n', '    "b[x]>=1",\n    "theirs>=1",\n'),
            '    "b[x]>=1",  # needed\n    "theirs>=1",\n    "mine",\n]\n',
        ),
        (
            "backend/pyproject.toml",
            ('    "b[x]>=1",\n', '    "b[x]>=1",\n    "mine",\n'),
            ('    "b[x]>=1",\n', '    "b[x]>=2",\n'),
            '    "a>=1,<2",\n    "b[x]>=2",\n    "mine",\n]\n',
        ),
        (
            "backend/pyproject.toml",
            (TOML.partition("[tool")[0], '[project]\nname="me"\ndependencies=["a>=1,<2","b"]\n\n'),
            ("level = 1  # low\n", 'level = 2\n\n[tool.y]\nz = "new"\n'),
            'dependencies=["a>=1,<2","b"]\n\n[tool.x]\nlevel = 2\n\n[tool.y]\nz = "new"\n',
        ),
        (
            "package.json",
            ('"dev": "vite"\n', '"dev": "vite",\n    "mine": "x"\n'),
            ('"dev": "vite"\n', '"dev": "vite",\n    "theirs": "y"\n'),
            '    "dev": "vite",\n    "theirs": "y",\n    "mine": "x"\n  },',
        ),
        (
            "backend/.env.example",
            ("THREE=\n", "THREE=3\nMINE=1\n"),
            ("TWO=2\nTHREE=\n", "TWO=2\nTHREE=\n\n# Four.\nFOUR=4\n"),
            "TWO=2\nTHREE=3\n\n# Four.\nFOUR=4\nMINE=1\n",
        ),
        (
            "backend/.env.example",
            ("THREE=\n", "THREE=\nMINE=1\n"),
            ("\n# Two and three.\nTWO=2\nTHREE=\n", ""),
            "ONE=1\n\n# Two and three.\nMINE=1\n",
        ),
        (
            "compose.yaml",
            ("- MODE=prod\n", "- MODE=prod\n      - MINE=1\n"),
            ("- MODE=prod\n", "- MODE=dev\n\n  # fast\n  cache:\n    image: redis\n"),
            "      - MODE=dev\n      - MINE=1\n\n  # fast\n  cache:\n    image: redis\n",
        ),
        (
            "compose.yaml",
            ("    build: .\n", "    build: ./here\n"),
            (YAML[YAML.index("  # keeps") : YAML.index("  web:")], ""),
            "services:\n  web:\n    build: ./here\n    environment:",
        ),
    ],
)
def test_lists_merge_by_key(
    path: str, mine: tuple[str, str], theirs: tuple[str, str], expected: str
) -> None:
    result = merged(path, mine, theirs)
    assert result.conflicts == 0, result.text
    assert expected in result.text


@pytest.mark.parametrize(
    ("path", "mine", "theirs", "between"),
    [
        ("backend/pyproject.toml", ("a>=1,<2", "a>=1.5"), ("a>=1,<2", "a>=2"), '"a>='),
        ("package.json", ('"vite"', '"mine"'), ('"vite"', '"theirs"'), '"dev": '),
        ("backend/.env.example", ("TWO=2", "TWO=3"), ("TWO=2", "TWO=4"), "TWO="),
        ("compose.yaml", ("postgres:15", "postgres:16"), ("postgres:15", "postgres:17"), "image:"),
    ],
)
def test_only_what_both_changed_is_between_markers(
    path: str, mine: tuple[str, str], theirs: tuple[str, str], between: str
) -> None:
    result = merged(path, mine, theirs)
    assert result.conflicts == 1
    before, _, rest = result.text.partition("<<<<<<< yours\n")
    left, _, rest = rest.partition("=======\n")
    right, _, after = rest.partition(">>>>>>> theirs\n")
    assert mine[1] in left
    assert theirs[1] in right
    assert left.count("\n") == right.count("\n") == 1
    assert left.lstrip().startswith(between)
    assert before + left + after == PATHS[path].replace(*mine)


@pytest.mark.parametrize("path", ["backend/pyproject.toml", "backend/.env.example"])
def test_what_both_added_alike_is_there_once(path: str) -> None:
    ours, last = ("ONE=1\n", "THREE=\n") if "env" in path else ("name", "level = 1  # low\n")
    more = "NEW=1\n" if "env" in path else "new = 1\n"
    base = PATHS[path]
    mine = base.replace(ours, more + ours, 1) if "env" in path else base.replace(last, more + last)
    result = merge(path, base, mine, base.replace(last, last + more), NAMES)
    assert (result.conflicts, result.text) == (0, mine)


def test_a_key_that_both_added_with_other_values_is_a_conflict() -> None:
    result = merge("x/.env.example", ENV, ENV + "NEW=1\n", ENV + "\n# New.\nNEW=2\n", NAMES)
    assert result.conflicts == 1
    assert "<<<<<<< yours\nNEW=1\n=======\nNEW=2\n" in result.text


def test_what_the_owner_deleted_stays_deleted_and_what_they_edited_stays() -> None:
    gone = merged("backend/pyproject.toml", ('    "a>=1,<2",\n', ""), ("a>=1,<2", "a>=2"))
    assert (gone.conflicts, '"a' in gone.text) == (0, False)
    assert gone.notes == ("you deleted project.dependencies.a, and it stays deleted",)
    kept = merged("backend/pyproject.toml", ("a>=1,<2", "a>=1.5"), ('    "a>=1,<2",\n', ""))
    assert (kept.conflicts, '"a>=1.5"' in kept.text) == (0, True)
    assert "you edited it" in kept.notes[0]


@pytest.mark.parametrize(("path", "base"), PATHS.items())
def test_what_cannot_be_read_merges_by_line(path: str, base: str) -> None:
    broken = base.replace("\n", "\n = [ not readable\n  : {\n", 1)
    theirs = base + "# theirs\n"
    assert merge(path, base, broken, theirs, NAMES).text == broken + "# theirs\n"


@pytest.mark.parametrize(("path", "base"), [*PATHS.items(), ("a.py", "a = 1\nb = 2\n\nc = 3\n")])
def test_line_ends_a_missing_last_one_and_a_mark_in_front_stay(path: str, base: str) -> None:
    first, last = base.partition("\n")[0], base.rstrip("\n").rpartition("\n")[2]
    theirs = base.replace(first, f"{first} # theirs" if path[-1] not in "n" else "{ ", 1)
    for crlf, bom, ended in itertools.product([False, True], repeat=3):

        def styled(text: str, crlf: bool = crlf, bom: bool = bom, ended: bool = ended) -> str:
            text = text if ended else text.removesuffix("\n")
            text = text.replace("\n", "\r\n") if crlf else text
            return f"\ufeff{text}" if bom else text

        assert last in base
        assert merge(path, base, styled(base), theirs, NAMES).text == styled(theirs)


@settings(deadline=None)
@given(st.sampled_from(sorted(PATHS)), st.data())
def test_a_side_that_changed_nothing_takes_the_other(path: str, data: st.DataObject) -> None:
    base = PATHS[path]
    lines = base.splitlines(keepends=True)
    kept = data.draw(st.lists(st.sampled_from(range(len(lines))), unique=True).map(sorted))
    other = "".join(lines[n] for n in kept)
    assert merge(path, base, base, other, NAMES).text == other
    assert merge(path, base, other, base, NAMES).text == other
    assert merge(path, base, other, other, NAMES).text == other


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("pyproject.toml", "[tool.mine]\na = 1\n"),
        ("package.json", None),
        (".env.example", "MINE=1\n"),
        ("compose.yaml", "mine: 1\n"),
    ],
)
def test_what_both_made_holds_the_entries_of_both(path: str, more: str | None) -> None:
    theirs = next(text for name, text in PATHS.items() if name.endswith(path))
    mine = theirs + more if more else theirs.replace('"name": "chat"', '"mine": 1')
    result = merge(path, "", mine, theirs, NAMES)
    assert result.conflicts == 0, result.text
    assert result.text == (mine if more else theirs.replace('"chat"', '"chat",\n  "mine": 1'))


def test_both_may_add_to_what_is_ignored() -> None:
    merged = merge(".gitignore", ".env\n", ".env\n*.sqlite\n", ".env\nnode_modules/\n", NAMES)
    assert merged == Merged(".env\n*.sqlite\nnode_modules/\n")


def test_an_owners_comment_above_a_dropped_entry_stays() -> None:
    mine = ENV.replace("TWO=2", "# Mine.\nTWO=2")
    theirs = ENV.replace("\n# Two and three.\nTWO=2\nTHREE=\n", "")
    merged = merge("x/.env.example", ENV, mine, theirs, NAMES)
    assert (merged.conflicts, "# Mine." in merged.text, "TWO" in merged.text) == (0, True, False)
