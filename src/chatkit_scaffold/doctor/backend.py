"""What the Python files of a project hold: its servers, stores, calls and values."""

import ast
import re
from collections.abc import Iterator
from functools import cached_property

from chatkit_scaffold.doctor.call import Call, by_name
from chatkit_scaffold.doctor.classes import Class, Classes, loose
from chatkit_scaffold.doctor.files import Files
from chatkit_scaffold.doctor.flow import Flow
from chatkit_scaffold.doctor.names import Names
from chatkit_scaffold.doctor.python import BROKEN, Module, parse
from chatkit_scaffold.doctor.sdk import Sdk
from chatkit_scaffold.doctor.values import Values

# A file without any of these holds nothing to check, and is not parsed.
WORDS = (
    "chatkit", "ChatKit", "agents", "openai", "litellm", "any_llm", "fastapi", "starlette",
    "dotenv",
)  # fmt: skip
BASES = ("Store", "AttachmentStore", "ChatKitServer", "ThreadItemConverter")
TESTS = re.compile(
    r"(^|/)(tests?|__tests__|e2e|fixtures)/|(^|/)(test_[^/]*|[^/]*_test|conftest)\.py$"
)


class Backend:
    def __init__(self, files: Files, sdk: Sdk) -> None:
        self._files = files
        self._sdk = sdk
        self._parsed: dict[str, Module | None] = {}
        self.names = Names(files.entries, self.load, sdk.exports, sdk.homes)
        self.values = Values(self.names)
        self.flow = Flow(self)
        self._classes = Classes(self.names)
        self._known: dict[ast.Call, Call] = {}

    def load(self, path: str) -> Module | None:
        if path not in self._parsed:
            self._parsed[path] = None
            text = self._files.text(path)
            try:
                self._parsed[path] = parse(path, text)
            except BROKEN as error:
                line = getattr(error, "lineno", None)
                what = getattr(error, "msg", str(error)) + (f", line {line}" if line else "")
                self._files.note(path, f"is not Python that can be read: {what}")
        return self._parsed[path]

    @cached_property
    def modules(self) -> list[Module]:
        """The files that have to do with ChatKit, tests aside."""
        paths = [p for p in self._files.ending(".py") if not TESTS.search(p)]
        chosen = {p for p in paths if any(word in self._files.text(p) for word in WORDS)}
        while True:
            loaded = [m for m in map(self.load, sorted(chosen)) if m]
            bases = {c.name for c in self._of(loaded) if any(map(_is_sdk, c.ancestors))}
            bases |= {name for m in loaded for name in self._bases(m)}
            left = [p for p in paths if p not in chosen]
            heirs = re.compile(rf"\bclass\s+\w+\s*\([^)]*\b(?:{'|'.join(sorted(bases))})\b")
            more = {p for p in left if bases and heirs.search(self._files.text(p))}
            if not more:
                return loaded
            chosen |= more

    def _bases(self, module: Module) -> Iterator[str]:
        """What a module calls the SDK's base classes: others may inherit from them through it."""
        names = (alias for node in module.all(ast.ImportFrom) for alias in node.names)
        return (alias.asname or alias.name for alias in names if alias.name in BASES)

    def _of(self, modules: list[Module]) -> list[Class]:
        return [self._classes.read(m, node) for m in modules for node in m.all(ast.ClassDef)]

    @cached_property
    def classes(self) -> list[Class]:
        snippets = [
            loose(module, f"chatkit.{base}", self._sdk.methods(base))
            for module in self.modules
            for base in BASES[:3]
        ]
        return [*self._of(self.modules), *filter(None, snippets)]

    def subclasses(self, name: str) -> list[Class]:
        """The project's classes that are, at whatever distance, a `chatkit.Store`."""
        return [found for found in self.classes if found.is_a(name)]

    @property
    def stores(self) -> list[Class]:
        return self.subclasses("chatkit.Store")

    @property
    def attachment_stores(self) -> list[Class]:
        return self.subclasses("chatkit.AttachmentStore")

    @property
    def servers(self) -> list[Class]:
        return self.subclasses("chatkit.ChatKitServer")

    def class_at(self, module: Module, node: ast.AST) -> Class | None:
        around = module.class_of(node)
        return self._classes.read(module, around) if around else None

    @cached_property
    def all_calls(self) -> list[Call]:
        return [self.call(module, n) for module in self.modules for n in module.all(ast.Call)]

    @cached_property
    def _by_name(self) -> dict[str, list[Call]]:
        return by_name(self.all_calls)

    def calls(self, *names: str) -> Iterator[Call]:
        """Calls of what a package brings: `agents.Runner.run_streamed`, `chatkit.Page`."""
        return (call for name in names for call in self._by_name.get(name, ()))

    def method_calls(self, *names: str) -> Iterator[Call]:
        """Calls of a method, whatever it belongs to."""
        return self.calls(*(f".{name}" for name in names))

    def call(self, module: Module, node: ast.Call) -> Call:
        if node not in self._known:
            self._known[node] = Call(module, node, self.names.meaning(module, node.func).name)
        return self._known[node]

    def meaning(self, module: Module, node: ast.AST) -> str:
        """`chatkit.Page` for whatever name that has in this module."""
        return self.names.meaning(module, node).name

    def imported(self, *names: str) -> Iterator[tuple[Module, ast.ImportFrom, ast.alias, str]]:
        """Each name taken from a package, with the module it is taken from."""
        for module in self.modules:
            for node in module.all(ast.ImportFrom):
                source = node.module or ""
                if not node.level and (not names or source.partition(".")[0] in names):
                    for alias in node.names:
                        yield module, node, alias, source

    def strings(self, pattern: str) -> Iterator[tuple[Module, ast.Constant]]:
        """String constants that match wholly; documentation strings are none of them."""
        wanted = re.compile(pattern)
        for module in self.modules:
            for node in module.all(ast.Constant):
                text = node.value
                stands_alone = isinstance(module.parents.get(node), ast.Expr)
                if isinstance(text, str) and wanted.fullmatch(text) and not stands_alone:
                    yield module, node


def _is_sdk(name: str) -> bool:
    return name.startswith("chatkit.")
