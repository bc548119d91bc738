"""Elements of JSX, with their attributes and what they stand in."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_scaffold.doctor.script import Script

if TYPE_CHECKING:
    from tree_sitter import Node

OPENINGS = ("jsx_opening_element", "jsx_self_closing_element")
CHATS = ("ChatKit", "openai-chatkit")


def elements(script: Script, *names: str) -> Iterator["Node"]:
    """The tags that open an element, of some name or of any."""
    for node in script.all(*OPENINGS):
        if not names or script.source(node.child_by_field_name("name")) in names:
            yield node


def attributes(script: Script, tag: "Node") -> dict[str, "Node"]:
    """By name: the string or the expression that is given."""
    found = {}
    for child in tag.named_children:
        if child.type == "jsx_attribute" and child.named_children:
            name, *value = child.named_children
            node = value[0] if value else child
            if node.type == "jsx_expression" and node.named_children:
                node = node.named_children[0]
            found[script.source(name)] = node
    return found


def around(tag: "Node") -> Iterator["Node"]:
    """The tags of the elements that this one stands in, from near to far."""
    node = tag if tag.type == "jsx_self_closing_element" else tag.parent
    while node is not None and (node := node.parent) is not None:
        if node.type == "jsx_element":
            yield node.named_children[0]
        elif node.type in ("arrow_function", "function_declaration", "statement_block"):
            return


def classes(script: Script, tag: "Node") -> set[str] | None:
    """Every class it may have; nothing when that cannot be read."""
    given = attributes(script, tag)
    node = given.get("className") or given.get("class")
    if node is None:
        return set()
    if not script.all("string", "template_string"):
        return None
    text = script.source(node)
    quoted = re.findall(r"[\"'`]([^\"'`]*)[\"'`]", text) if node.type != "string" else [text[1:-1]]
    return set(" ".join([*quoted, text if "`" in text else ""]).replace("`", " ").split()) or None
