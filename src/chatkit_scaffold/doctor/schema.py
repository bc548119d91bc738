"""Options against the types of the installed `@openai/chatkit`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any

from chatkit_scaffold.doctor.expressions import outcomes, resolve
from chatkit_scaffold.doctor.script import Script
from chatkit_scaffold.doctor.sdk import Sdk
from chatkit_scaffold.doctor.setup import HOOK, Setup

if TYPE_CHECKING:
    from tree_sitter import Node

ANYTHING = {"string", "number", "boolean", "Function", "Record", "unknown", "any", "object"}
HANDLER = re.compile(r"on[A-Z]\w*")


@dataclass(frozen=True, eq=False)
class Mismatch:
    script: Script
    node: "Node"
    path: tuple[str, ...]  # of keys: ("startScreen", "prompts", "icon")
    given: str
    allowed: tuple[str, ...]  # keys for an unknown key, values for an unknown value
    is_key: bool


def events(sdk: Sdk) -> frozenset[str]:
    """`chatkit.thread.change` and so on."""
    return frozenset(sdk.type("ChatKitEvents").get("keys", ()))


def handlers(sdk: Sdk) -> frozenset[str]:
    """What the hook calls them: `onThreadChange`."""
    names = (name.split(".")[1:] for name in events(sdk))
    return frozenset("on" + "".join(part.capitalize() for part in parts) for parts in names)


def mismatches(sdk: Sdk, setup: Setup) -> Iterator[Mismatch]:
    shape = sdk.type("ChatKitOptions")
    for found in _compare(sdk, setup.script, setup.node, shape, ()):
        handler = found.is_key and not found.path[:-1] and HANDLER.fullmatch(found.given)
        if not (setup.by == HOOK and handler) and found.path[0] != "api":
            yield found


def annotated(sdk: Sdk, script: Script) -> Iterator[Mismatch]:
    """Of constants with a type of ChatKit, as prompts in a file of their own have."""
    for node in script.all("variable_declarator"):
        kind = re.search(r"\b[A-Z]\w+", script.source(node.child_by_field_name("type")))
        shape = sdk.type(kind[0]) if kind and kind[0].endswith("Prompt") else {}
        value = resolve(script, node.child_by_field_name("value"))
        if shape and value is not None:
            yield from _compare(sdk, script, value, shape, ())


def _compare(
    sdk: Sdk, script: Script, node: "Node", shape: Any, path: tuple[str, ...]
) -> Iterator[Mismatch]:
    keys, values, refs = _flat(sdk, shape)
    if node.type == "array":
        for child in node.named_children:
            element = resolve(script, child)
            if element is not None:
                yield from _compare(sdk, script, element, shape, path)
    elif node.type == "object" and keys and "Record" not in refs:
        for key, value in script.pairs(node).items():
            inner = resolve(script, value)
            if key not in keys:
                yield Mismatch(script, value, (*path, key), key, tuple(keys), is_key=True)
            elif inner is not None:
                yield from _compare(sdk, script, inner, keys[key], (*path, key))
    elif values and not refs & ANYTHING and path[-1:] != ("type",):
        for literal in outcomes(script, node):
            given = script.string(literal)
            if given is not None and not any(fnmatch(given, value) for value in values):
                yield Mismatch(script, literal, path, given, tuple(values), is_key=False)


def _flat(sdk: Sdk, shape: Any) -> tuple[dict[str, Any], list[str], set[str]]:
    """A type with all types that it refers to."""
    keys, values, refs = dict(shape.get("keys", {})), list(shape.get("literals", ())), set()
    waiting = list(shape.get("refs", ()))
    while waiting:
        name = waiting.pop()
        inner = sdk.type(name)
        if name in refs:
            continue
        refs.add(name)
        keys |= inner.get("keys", {})
        values += inner.get("literals", ())
        waiting += inner.get("refs", ())
    return keys, values, refs


def nearest(found: Mismatch) -> str | None:
    close = get_close_matches(found.given, found.allowed, 1, 0.75)
    return close[0] if close else None
