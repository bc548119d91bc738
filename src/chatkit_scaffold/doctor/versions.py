"""Ranges of versions, as Python (`>=1.6,<2`), Poetry and npm (`^1.6`) write them."""

import re
from itertools import zip_longest

CLAUSE = re.compile(r"(\^|~=|~>|~|>=|<=|===|==|!=|>|<|=)?\s*v?(\d+(?:\.\d+)*)(\.[*xX])?[^\s,|]*")
Version = tuple[int, ...]


def version(text: str) -> Version:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])


def allows(bounds: str, wanted: str) -> bool:
    """Whether this version lies in the range; everything lies in one that cannot be read."""
    parts = [_ranges(part) for part in bounds.split("||")]
    return any(all(_inside(version(wanted), *r) for r in ranges) for ranges in parts)


def has_ceiling(bounds: str) -> bool:
    return all(any(high for _, high, _ in _ranges(part)) for part in bounds.split("||"))


def floor(bounds: str) -> Version:
    """The lowest version allowed; empty when there is no such bound."""
    return min(max((r[0] for r in _ranges(p)), default=()) for p in bounds.split("||"))


def _ranges(bounds: str) -> list[tuple[Version, Version, bool]]:
    """From, to, and whether the end belongs to it."""
    return [_range(m[1] or "", version(m[2]), bool(m[3])) for m in CLAUSE.finditer(bounds)]


def _range(sign: str, base: Version, any_below: bool) -> tuple[Version, Version, bool]:
    kept = next((n for n, part in enumerate(base) if part), len(base) - 1) + 1
    match sign:
        case ">=" | ">":
            return base, (), False
        case "<" | "<=" | "!=":
            return (), base if sign != "!=" else (), sign == "<="
        case "^" | "~=" | "~" | "~>":
            parts = {"^": kept, "~=": max(len(base) - 1, 1)}.get(sign, 2)
            return base, _next(base[:parts]), False
    # npm reads a bare 1.6 as 1.6.x, and in a Python file no bare version can stand.
    short = any_below or (sign == "" and len(base) <= 2)  # noqa: PLR2004 (of three parts)
    return base, _next(base) if short else base, not short


def _next(base: Version) -> Version:
    return (*base[:-1], base[-1] + 1)


def _inside(wanted: Version, low: Version, high: Version, inclusive: bool) -> bool:
    if _order(wanted, low) < 0:
        return False
    return not high or _order(wanted, high) < (1 if inclusive else 0)


def _order(one: Version, other: Version) -> int:
    pairs = zip_longest(one, other, fillvalue=0)
    return next((1 if a > b else -1 for a, b in pairs if a != b), 0)
