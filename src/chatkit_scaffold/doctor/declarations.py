"""Reads a TypeScript declaration file: its exports, and its types as tables."""

from typing import TYPE_CHECKING, Any

from chatkit_scaffold.doctor.script import Script

if TYPE_CHECKING:
    from tree_sitter import Node

Table = dict[str, Any]


def read_declarations(text: str) -> Table:
    """Its exports, and of each type the keys, the literal values and the types it refers to."""
    script = Script("index.d.ts", text)
    types: Table = {}
    for node in script.all("type_alias_declaration", "interface_declaration"):
        name = script.source(node.child_by_field_name("name"))
        body = node.child_by_field_name("value") or node.child_by_field_name("body")
        types[name] = _shape(script, body) if body else {}
    return {"exports": sorted(_exports(script)), "types": types}


def _exports(script: Script) -> set[str]:
    """`*from` another package is written as `* from it`."""
    found: set[str] = set()
    for node in script.all("export_statement"):
        declared = node.child_by_field_name("declaration")
        if declared is not None:
            found.add(script.source(declared.child_by_field_name("name")))
        source = node.child_by_field_name("source")
        if "*" in [child.type for child in node.children] and source:
            found.add(f"* from {script.string(source)}")
    for node in script.all("export_specifier"):
        alias = node.child_by_field_name("alias") or node.child_by_field_name("name")
        found.add(script.source(alias))
    return found - {""}


def _shape(script: Script, node: "Node") -> Table:
    """What a type allows: its keys, its literal values, and the types it refers to."""
    keys: Table = {}
    literals: list[str] = []
    refs: list[str] = []
    stack = [node]
    while stack:
        part = stack.pop()
        match part.type:
            case "property_signature" | "method_signature":
                key = script.source(part.child_by_field_name("name")).strip("'\"")
                keys[key] = _key(script, part)
            case "literal_type":
                literals.append(script.source(part).strip("'\""))
            case "type_identifier":
                refs.append(script.source(part))
            case "function_type":
                refs.append("Function")
            case "predefined_type":
                refs.append(script.source(part))
            case "template_literal_type":
                literals.append(script.source(part).strip("`").replace("${string}", "*"))
            case _:
                stack.extend(reversed(part.named_children))
    return {"keys": keys, "literals": literals, "refs": refs}


def _key(script: Script, part: "Node") -> Table:
    annotation = part.child_by_field_name("type")
    optional = any(child.type == "?" for child in part.children)
    shape = _shape(script, annotation) if annotation else {"keys": {}, "literals": [], "refs": []}
    return {"required": not optional, **shape}
