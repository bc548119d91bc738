"""Syntax facts of one Python file."""

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeVar

from chatkit_scaffold.doctor.syntax import Function, children

Node = TypeVar("Node", bound=ast.AST)
BROKEN = (SyntaxError, ValueError, RecursionError, MemoryError)  # what ast.parse may answer with


@dataclass(eq=False)
class Module:
    path: str
    text: str
    tree: ast.Module

    @cached_property
    def _walked(self) -> tuple[dict[type[ast.AST], list[ast.AST]], dict[ast.AST, ast.AST]]:
        nodes: dict[type[ast.AST], list[ast.AST]] = {}
        parents: dict[ast.AST, ast.AST] = {}
        stack: list[ast.AST] = [self.tree]
        while stack:
            node = stack.pop()
            kind = type(node)
            if kind in nodes:
                nodes[kind].append(node)
            else:
                nodes[kind] = [node]
            found = children(node)
            for child in found:
                parents[child] = node
            found.reverse()
            stack += found
        return nodes, parents

    def all(self, kind: type[Node]) -> list[Node]:
        """Every node of a type, in the order of the text."""
        return self._walked[0].get(kind, [])  # type: ignore[return-value]

    @cached_property
    def locals(self) -> set[str]:
        """Every name that is bound anywhere, be it inside a function."""
        stored = {n.id for n in self.all(ast.Name) if not isinstance(n.ctx, ast.Load)}
        defined = {n.name for n in [*self.functions, *self.all(ast.ClassDef)]}
        return stored | defined | {argument.arg for argument in self.all(ast.arg)}

    @property
    def functions(self) -> list[Function]:
        return [*self.all(ast.FunctionDef), *self.all(ast.AsyncFunctionDef)]

    @property
    def parents(self) -> dict[ast.AST, ast.AST]:
        return self._walked[1]

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """What the node lies in, from the inside out."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def function_of(self, node: ast.AST) -> Function | None:
        return next((n for n in self.above(node) if isinstance(n, Function)), None)

    def class_of(self, node: ast.AST) -> ast.ClassDef | None:
        return next((n for n in self.above(node) if isinstance(n, ast.ClassDef)), None)

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(end.end() for end in re.finditer(r"\r\n|\r|\n", self.text))]

    def offset(self, line: int, byte: int) -> int:
        """Python counts columns in bytes; texts are cut by characters."""
        start = self._lines[line - 1]
        if self.text.isascii():
            return start + byte
        encoded = self.text[start : start + byte].encode()[:byte]
        return start + len(encoded.decode(errors="ignore"))

    def span(self, node: ast.AST) -> tuple[int, int]:
        start = self.offset(node.lineno, node.col_offset)  # type: ignore[attr-defined]
        return start, self.offset(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]

    def place(self, node: ast.AST) -> tuple[int, int]:
        line = getattr(node, "lineno", 1)
        start = self.offset(line, getattr(node, "col_offset", 0))
        return line, start - self._lines[line - 1] + 1

    def source(self, node: ast.AST) -> str:
        start, end = self.span(node)
        return self.text[start:end]

    def line_start(self, node: ast.AST) -> int:
        return self._lines[node.lineno - 1]  # type: ignore[attr-defined]

    @property
    def after_imports(self) -> int:
        """Where the first statement starts that is no import."""
        for node in self.tree.body:
            stands_alone = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            if not stands_alone and not isinstance(node, ast.Import | ast.ImportFrom):
                marks = getattr(node, "decorator_list", None) or [node]
                return self.line_start(marks[0])
        return len(self.text)

    @property
    def import_place(self) -> int:
        """Where one more import can stand."""
        for node in self.tree.body:
            future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
            if isinstance(node, ast.Import | ast.ImportFrom) and not future:
                return self.line_start(node)
        return self.after_imports

    @property
    def newline(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"


@lru_cache(maxsize=4096)
def parse(path: str, text: str) -> Module:
    """Kept, so that a project with one file fixed is not parsed anew."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on escapes in the user's strings
        return Module(path, text, ast.parse(text))
