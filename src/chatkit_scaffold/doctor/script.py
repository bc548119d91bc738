"""Syntax facts of scripts: TypeScript, JavaScript, JSX, and the scripts inside pages."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from chatkit_scaffold.doctor.files import PAGES, SCRIPTS, Files
from chatkit_scaffold.doctor.markup import Tag, only_scripts, read_tags

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Tree

TESTS = re.compile(r"(^|/)(tests?|__tests__|__mocks__|e2e)/|\.(test|spec|stories)\.\w+$")
PLAIN = (".ts", ".mts", ".cts")  # `<T>x` is a cast here and an element elsewhere
QUOTED = ("string", "template_string")
Spot = tuple[int, int]  # offsets into the text


@dataclass(eq=False)
class Script:
    path: str
    text: str

    @cached_property
    def _tree(self) -> "Tree":
        from tree_sitter import Parser

        code = only_scripts(self.text) if self._is_page else self.text
        return Parser(_language(plain=self.path.endswith(PLAIN))).parse(code.encode())

    @property
    def _is_page(self) -> bool:
        return self.path.endswith(PAGES)

    @property
    def root(self) -> "Node":
        return self._tree.root_node

    @cached_property
    def tags(self) -> tuple[Tag, ...]:
        """The elements of a page."""
        return read_tags(self.text) if self._is_page else ()

    def all(self, *kinds: str) -> list["Node"]:
        """Of each kind in the order of the text."""
        return [node for kind in kinds for node in self._walked.get(kind, ())]

    @cached_property
    def _walked(self) -> dict[str, list["Node"]]:
        """One walk for all kinds. A query takes quadratic time in a list of 50,000 things."""
        found: dict[str, list[Node]] = {}
        cursor = self.root.walk()
        while True:
            node = cursor.node
            if node is not None and node.is_named:
                found.setdefault(node.type, []).append(node)
            if cursor.goto_first_child():
                continue
            while not cursor.goto_next_sibling():
                if not cursor.goto_parent():
                    return found

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def span(self, node: "Node | Spot") -> Spot:
        if isinstance(node, tuple):
            return node
        if self.text.isascii():
            return node.start_byte, node.end_byte
        data = self.text.encode()
        start = len(data[: node.start_byte].decode(errors="ignore"))
        return start, start + len(data[node.start_byte : node.end_byte].decode(errors="ignore"))

    def place(self, node: "Node | Spot | Tag") -> tuple[int, int]:
        if isinstance(node, Tag):
            return node.line, node.column
        start, _ = self.span(node)
        line = bisect_right(self._starts, start)
        return line, start - self._starts[line - 1] + 1

    def source(self, node: "Node | None") -> str:
        return node.text.decode() if node and node.text else ""

    def parent(self, node: "Node") -> "Node":
        """What it stands in; the root stands in itself."""
        return node.parent or node

    def calls(self, *names: str) -> Iterator["Node"]:
        """Calls of a function, or of a method whatever it belongs to."""
        return (call for name in names for call in self._calls.get(name, ()))

    @cached_property
    def _calls(self) -> dict[str, list["Node"]]:
        found: dict[str, list[Node]] = {}
        for call in self.all("call_expression"):
            called = self.source(call.child_by_field_name("function")).rpartition(".")[2]
            found.setdefault(called, []).append(call)
        return found

    def arguments(self, call: "Node") -> list["Node"]:
        given = call.child_by_field_name("arguments")
        return given.named_children if given else []

    def pairs(self, table: "Node") -> dict[str, "Node"]:
        """The keys of an object literal; a method and a shorthand stand for themselves."""
        found: dict[str, Node] = {}
        for child in table.named_children:
            key = child.child_by_field_name("key") or child.child_by_field_name("name") or child
            if child.type in ("pair", "method_definition", "shorthand_property_identifier"):
                value = child.child_by_field_name("value") if child.type == "pair" else child
                found[self.source(key).strip("'\"")] = value or child
        return found

    def string(self, node: "Node | None") -> str | None:
        """The text of a literal without substitutions."""
        if node is None or node.type not in QUOTED or "${" in self.source(node):
            return None
        return self.source(node)[1:-1]

    @cached_property
    def definitions(self) -> dict[str, "Node"]:
        """What the names of this file stand for; of two that share a name, the first."""
        found: dict[str, Node] = {}
        for node in self.all("variable_declarator", "function_declaration"):
            value = node.child_by_field_name("value") or node
            found.setdefault(self.source(node.child_by_field_name("name")), value)
        return found


def read_scripts(files: Files) -> list[Script]:
    """Those that mention ChatKit, tests aside."""
    paths = [path for path in files.ending(*SCRIPTS, *PAGES) if not TESTS.search(path)]
    return [
        Script(path, files.text(path)) for path in paths if "chatkit" in files.text(path).lower()
    ]


@lru_cache
def _language(*, plain: bool) -> "Language":
    import tree_sitter_typescript
    from tree_sitter import Language

    grammar = tree_sitter_typescript.language_typescript if plain else None
    return Language((grammar or tree_sitter_typescript.language_tsx)())
