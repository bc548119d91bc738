"""What an expression of a script stands for, as far as its file tells."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_scaffold.doctor.script import Script

if TYPE_CHECKING:
    from tree_sitter import Node

WRAPPED = (
    "parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression",
    "await_expression",
)  # fmt: skip
MEMO = ("useMemo", "useCallback")
BOTH = ("left", "right")
STEPS = 8  # through names and wrappers, which may go in circles


def resolve(script: Script, node: "Node | None") -> "Node | None":
    """Through wrappers, names, memos and functions of this file."""
    for _ in range(STEPS):
        step = _step(script, node) if node is not None else None
        if step is None:
            break
        node = step
    return node


def _step(script: Script, node: "Node") -> "Node | None":
    if node.type in WRAPPED and node.named_children:
        return node.named_children[0]
    if node.type in ("identifier", "shorthand_property_identifier"):
        return script.definitions.get(script.source(node))
    if node.type == "call_expression":
        name = script.source(node.child_by_field_name("function"))
        made = script.arguments(node)[:1] if name.rpartition(".")[2] in MEMO else []
        called = made[0] if made else script.definitions.get(name)
        return _result(called) if called is not None else None
    return None


def _result(function: "Node") -> "Node | None":
    body = function.child_by_field_name("body")
    if body is None or body.type != "statement_block":
        return body
    last = [child for child in body.named_children if child.type == "return_statement"]
    return last[-1].named_children[0] if last and last[-1].named_children else None


def outcomes(script: Script, node: "Node | None", depth: int = STEPS) -> Iterator["Node"]:
    """What an expression may be: both sides of `a ? b : c` and of `a || b`."""
    node = resolve(script, node)
    if node is None or not depth:
        return
    sides = {"ternary_expression": ("consequence", "alternative"), "binary_expression": BOTH}
    if node.type not in sides:
        yield node
    elif node.type != "binary_expression" or operator(script, node) in ("||", "??"):
        for side in sides[node.type]:
            yield from outcomes(script, node.child_by_field_name(side), depth - 1)


def operator(script: Script, node: "Node") -> str:
    return script.source(node.child_by_field_name("operator"))
