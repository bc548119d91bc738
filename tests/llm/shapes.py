"""Compares JSON with the TypedDicts of the `openai` package, so that no field is listed by hand."""

import collections.abc
import types
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, Required, Union, get_args, get_origin

from typing_extensions import get_type_hints, is_typeddict

from tests.llm.errors import JSON_NAMES, invalid_value, missing, unknown, wrong_type

ARRAYS = {list, collections.abc.Iterable, collections.abc.Sequence}
TAGS = ("type", "role")


@dataclass(frozen=True)
class Field:
    hint: Any
    required: bool


@cache
def read_fields(shape: Any) -> dict[str, Field]:
    hints = get_type_hints(shape, include_extras=True)
    return {name: _read_field(hint) for name, hint in hints.items()}


def _read_field(hint: Any) -> Field:
    origin: Any = get_origin(hint)
    return Field(get_args(hint)[0], True) if origin is Required else Field(hint, False)


@cache
def read_members(hint: Any) -> tuple[Any, ...]:
    """The alternatives of a union, flat; any other hint is its own only one."""
    if get_origin(hint) in {Union, types.UnionType}:
        return tuple(member for arg in get_args(hint) for member in read_members(arg))
    return (hint,)


@cache
def read_literals(hint: Any) -> tuple[object, ...]:
    literals = (get_args(m) for m in read_members(hint) if get_origin(m) is Literal)
    return tuple(value for values in literals for value in values)


def read_tags(hint: Any, tag: str = "type") -> list[object]:
    """What tells the objects of a union apart: the values that `tag` may have."""
    members = [member for member in read_members(hint) if is_typeddict(member)]
    return [value for m in members for value in read_literals(read_fields(m)[tag].hint)]


def check(value: object, hint: Any, path: str, optional: frozenset[str] = frozenset()) -> None:
    """Raises what the API would answer. Fields named in `optional` are never required."""
    members = read_members(hint)
    if any(member in {object, Any} for member in members):
        return
    fitting = [member for member in members if _fits(value, member)]
    if not fitting:
        raise wrong_type(path, value, [JSON_NAMES[_read_kind(member)] for member in members])
    if isinstance(value, dict):
        _check_object(value, fitting, path, optional)
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            check(entry, get_args(fitting[0])[0], f"{path}[{index}]", optional)
    elif all(get_origin(member) is Literal for member in fitting):
        literals = read_literals(hint)
        if value not in literals:
            raise invalid_value(path, value, literals)


def check_fields(
    value: dict[str, Any], fields: dict[str, Field], path: str, optional: frozenset[str]
) -> None:
    prefix = f"{path}." if path else ""
    for name in value:
        if name not in fields:
            raise unknown(prefix + name)
    for name, field in fields.items():
        if name in value:
            check(value[name], field.hint, prefix + name, optional)
        elif field.required and name not in optional:
            raise missing(prefix + name)


def _check_object(
    value: dict[str, Any], members: list[Any], path: str, optional: frozenset[str]
) -> None:
    shapes = [member for member in members if is_typeddict(member)]
    if not shapes:
        for name, entry in value.items():
            check(entry, get_args(members[0])[1], f"{path}.{name}", optional)
        return
    shape = shapes[0] if len(shapes) == 1 else _choose(value, shapes, path)
    check_fields(value, read_fields(shape), path, optional)


def _choose(value: dict[str, Any], shapes: list[Any], path: str) -> Any:
    tag = next(tag for tag in TAGS if all(tag in read_fields(shape) for shape in shapes))
    if tag not in value:
        raise missing(f"{path}.{tag}")
    for shape in shapes:
        if value[tag] in read_literals(read_fields(shape)[tag].hint):
            return shape
    supported = [v for shape in shapes for v in read_literals(read_fields(shape)[tag].hint)]
    raise invalid_value(f"{path}.{tag}", value[tag], dict.fromkeys(supported))


def _fits(value: object, hint: Any) -> bool:
    kind = _read_kind(hint)
    return type(value) is kind or (kind is float and type(value) is int)


def _read_kind(hint: Any) -> type:
    """The JSON type of a hint, named by the Python type that `json` makes of it."""
    origin = get_origin(hint)
    if origin is Literal:
        return type(get_args(hint)[0])
    if origin in ARRAYS:
        return list
    if origin is dict or is_typeddict(hint):
        return dict
    return hint if isinstance(hint, type) else type(None)
