"""How a chat is set up: the options handed to the hook or to the element."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatkit_scaffold.doctor.expressions import resolve
from chatkit_scaffold.doctor.jsx import attributes, elements
from chatkit_scaffold.doctor.script import Script

if TYPE_CHECKING:
    from tree_sitter import Node

HOOK, ELEMENT = "useChatKit", "setOptions"
KEYS = ("threadItemActions", "startScreen", "composer")  # nothing else has
OFF = ("false", "undefined", "null", "[]")


@dataclass(frozen=True, eq=False)
class Setup:
    """An object literal, looked into by the path of a key."""

    script: Script
    node: "Node"
    by: str  # useChatKit or setOptions; the name of a component that takes `api`
    call: "Node"

    def at(self, *path: str) -> "Node | None":
        """What a key stands for, through constants of the same file."""
        node: Node | None = self.node
        for key in path:
            if node is None or node.type != "object":
                return None
            node = resolve(self.script, self.script.pairs(node).get(key))
        return node

    def lacks(self, *path: str) -> bool:
        """That a key is certainly not there: nothing is spread into its table."""
        table = self.at(*path[:-1])
        if table is None or table.type != "object":
            return False
        return path[-1] not in self.script.pairs(table) and is_whole(table)

    def is_on(self, *path: str) -> bool:
        node = self.at(*path)
        return node is not None and self.script.source(node) not in OFF

    def has(self, *keys: str) -> bool:
        return any(key in self.script.pairs(self.node) for key in keys)

    def inside(self, *path: str) -> "Setup | None":
        node = self.at(*path)
        return (
            Setup(self.script, node, self.by, self.call) if node and node.type == "object" else None
        )


def is_whole(table: "Node") -> bool:
    kinds = {child.type for child in table.named_children}
    computed = any(
        key is not None and key.type == "computed_property_name"
        for child in table.named_children
        for key in [child.child_by_field_name("key")]
    )
    return "spread_element" not in kinds and not computed


def find_setups(scripts: Iterable[Script]) -> Iterator[Setup]:
    for script in scripts:
        for call in script.calls(HOOK, ELEMENT):
            called = script.source(call.child_by_field_name("function"))
            given = next(iter(script.arguments(call)), None)
            table = resolve(script, given)
            if given is not None and table is not None and table.type == "object":
                setup = Setup(script, table, called.rpartition(".")[2], call)
                if setup.by == HOOK or _is_chat(setup, called):
                    yield setup


def _is_chat(setup: Setup, called: str) -> bool:
    """Other things have a `setOptions`, too: editors and charts."""
    return "chat" in called.lower() or setup.at("api") is not None or setup.has(*KEYS)


def find_apis(setups: Iterable[Setup], scripts: Iterable[Script]) -> Iterator[Setup]:
    """The `api` tables, those of components that are thought to take one as well."""
    seen = set()
    for setup in setups:
        api = setup.inside("api")
        if api and api.node.id not in seen:
            seen.add(api.node.id)
            yield api
    for script in scripts:
        for element in elements(script):
            name = script.source(element.child_by_field_name("name"))
            given = attributes(script, element).get("api")
            table = resolve(script, given) if "ChatKit" in name else None
            if table is not None and table.type == "object":
                yield Setup(script, table, name, element)
