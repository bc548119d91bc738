"""Requests that were sound once: seeded, so that a failure can be seen again."""

import copy
import json
from collections.abc import Callable
from random import Random
from typing import Any

from tests.conformance.texts import TEXTS

# Where a value sits: the list or object that holds it, and its place in there.
Spot = tuple[Any, Any]

JUNK: list[Any] = [
    None, True, False, 0, -1, 1, 2**31, 2**63, -(2**63) - 1, 10**30, 10**400, 0.5, 1e308,
    float("nan"), float("inf"), "", " ", "0", "-1", "null", "true", "\ud800", "\udfff\ud800",
    "x" * 5000, "\U0001f600" * 500, "../" * 20, "%00", "%s%n", "${7*7}", "{{7*7}}", "{0}",
    "__fake_id__", "__proto__", "2020-01-01", "desc", "asc", [], {}, [None], [[]], [{}], {"": 0},
    {"type": "input_text"}, {"type": "input_text", "text": "Hi"}, {"\x00": "\x00"}, *TEXTS.values(),
]  # fmt: skip
IDS = ["thread_id", "item_id", "after"]
KEYS = ["type", "params", "thread_id", "item_id", "input", "content", "id", "", "\x00", "__class__"]


def mutate(request: dict[str, Any], ids: list[str], random: Random) -> bytes:
    """The body of a request that differs from a good one in a few places, or in none."""
    changed = copy.deepcopy(request)
    for key in [key for key in IDS if key in changed["params"]]:
        if random.random() < 0.25:
            changed["params"][key] = random.choice(ids)
    for _ in range(random.choice([0, 0, 0, 0, 1, 1, 2, 3])):
        if spots := _spots(changed):
            holder, place = random.choice(spots)
            random.choice(CHANGES)(holder, place, ids, random)
    text = json.dumps(changed, ensure_ascii=random.random() < 0.5)
    content = text.encode("utf-8", "surrogatepass")
    return random.choice(SPOILINGS)(content, random) if random.random() < 0.05 else content


def _spots(value: Any) -> list[Spot]:
    if not isinstance(value, dict | list):
        return []
    places = list(value) if isinstance(value, dict) else list(range(len(value)))
    inner = [spot for place in places for spot in _spots(value[place])]
    return [(value, place) for place in places] + inner


def _drop(holder: Any, place: Any, ids: list[str], random: Random) -> None:
    del holder[place]


def _replace(holder: Any, place: Any, ids: list[str], random: Random) -> None:
    holder[place] = copy.deepcopy(random.choice(JUNK))


def _point_elsewhere(holder: Any, place: Any, ids: list[str], random: Random) -> None:
    holder[place] = random.choice(ids)


def _wrap(holder: Any, place: Any, ids: list[str], random: Random) -> None:
    for _ in range(random.choice([1, 2, 30, 180, 300])):
        holder[place] = random.choice([[holder[place]], {"x": holder[place]}])


def _unwrap(holder: Any, place: Any, ids: list[str], random: Random) -> None:
    value = holder[place]
    if isinstance(value, dict | list) and value:
        holder[place] = next(iter(value.values())) if isinstance(value, dict) else value[0]
    else:
        holder[place] = str(value)


def _repeat(holder: Any, place: Any, ids: list[str], random: Random) -> None:
    holder[place] = [copy.deepcopy(holder[place]) for _ in range(random.choice([2, 20, 200]))]


def _rename(holder: Any, place: Any, ids: list[str], random: Random) -> None:
    if isinstance(holder, dict):
        holder[random.choice(KEYS)] = holder.pop(place)


def _add(holder: Any, place: Any, ids: list[str], random: Random) -> None:
    if isinstance(holder, dict):
        holder[random.choice(KEYS)] = copy.deepcopy(random.choice(JUNK))
    else:
        holder.insert(place, copy.deepcopy(random.choice(JUNK)))


CHANGES: list[Callable[[Any, Any, list[str], Random], None]] = [
    _drop,
    _replace,
    _replace,
    _replace,
    _point_elsewhere,
    _point_elsewhere,
    _wrap,
    _unwrap,
    _repeat,
    _rename,
    _add,
]


def _cut(content: bytes, random: Random) -> bytes:
    return content[: random.randrange(len(content) + 1)]


def _flip(content: bytes, random: Random) -> bytes:
    spoiled = bytearray(content)
    for _ in range(random.choice([1, 1, 5])):
        spoiled[random.randrange(len(spoiled))] = random.randrange(256)
    return bytes(spoiled)


def _double(content: bytes, random: Random) -> bytes:
    return content + content


SPOILINGS = [_cut, _flip, _flip, _double]
