"""Three texts into one, by line, as `git merge-file` does it; no git is needed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

Lines = Sequence[str]
ENOUGH = 4  # equal lines in a row that part one conflict into two


@dataclass(frozen=True)
class Merged:
    text: str
    conflicts: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Names:
    """What the markers call the two sides."""

    mine: str
    theirs: str


def merge_lines(
    base: str, mine: str, theirs: str, names: Names, *, entries: bool = False
) -> Merged:
    """`entries` says that every line is one, in whatever order."""
    merged: list[str] = []
    conflicts = 0
    for old, own, new in _chunks(*map(_split, (base, mine, theirs))):
        if new in (own, old):
            merged += own
        elif own == old:
            merged += new
        elif not old and (both := _entries(own, new, known=entries)):
            merged += both
        else:
            for common, left, right in _quarrels(own, new):
                if left or right:
                    conflicts += 1
                    merged += [f"<<<<<<< {names.mine}", *left, "======="]
                    merged += [*right, f">>>>>>> {names.theirs}"]
                merged += common
    return Merged("".join(f"{line}\n" for line in merged), conflicts)


def marked(text: str) -> bool:
    """Whether a conflict is in there, from this or from another tool."""
    starts = {line[:8] for line in text.splitlines()}
    return {"<<<<<<< ", ">>>>>>> "} <= starts


def alike(one: str, other: str) -> bool:
    """Whether a text is still the same one, rather than another in its place."""
    lines = set(filter(str.strip, one.splitlines()))
    return len(lines & set(other.splitlines())) * 4 > len(lines)


def _split(text: str) -> Lines:
    return text.removesuffix("\n").split("\n") if text else []


def _chunks(base: Lines, mine: Lines, theirs: Lines) -> Iterator[tuple[Lines, Lines, Lines]]:
    """Pieces of the three that belong together, between the lines that all three have."""
    to_mine, to_theirs = _matches(base, mine), _matches(base, theirs)
    b = m = t = 0
    for line in [*sorted(to_mine.keys() & to_theirs.keys()), len(base)]:
        own, new = to_mine.get(line, len(mine)), to_theirs.get(line, len(theirs))
        yield base[b:line], mine[m:own], theirs[t:new]
        yield (base[line : line + 1],) * 3
        b, m, t = line + 1, own + 1, new + 1


def _matches(base: Lines, other: Lines) -> dict[int, int]:
    blocks = SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()
    return {b + n: o + n for b, o, size in blocks for n in range(size)}


def _entries(mine: Lines, theirs: Lines, *, known: bool) -> Lines:
    """Both sides' lines, where each is an import or an entry of a list and no two are about the
    same: the one place in which owners and templates add to code."""
    lines = [*mine, *(line for line in theirs if line not in mine)]
    if all(re.match(r"(from|import) [\w.]+", line) for line in lines):
        return sorted(lines)
    names = {re.split(r"[=:(]", line)[0].strip() for line in lines}
    is_list = known or all(re.fullmatch(r"\s+\S.*,", line) for line in lines)
    return lines if is_list and len(names) == len(lines) else []


def _quarrels(mine: Lines, theirs: Lines) -> Iterator[tuple[Lines, Lines, Lines]]:
    """Both sides of a conflict in parts: what differs after the lines that are the same."""
    m = t = 0
    blocks = SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks()
    for own, new, size in blocks:
        ends = own + size == len(mine) and new + size == len(theirs)
        if size >= ENOUGH or ends or own == new == 0:
            yield mine[own : own + size], mine[m:own], theirs[t:new]
            m, t = own + size, new + size
