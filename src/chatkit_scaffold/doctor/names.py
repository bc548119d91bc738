"""What a name means: followed through imports, renamings and re-exports, across files."""

import ast
import builtins
from collections.abc import Callable, Collection, Container
from dataclasses import dataclass

from chatkit_scaffold.doctor.python import Module
from chatkit_scaffold.doctor.syntax import binds, named, scope

MAX_STEPS = 12
SDKS = ("chatkit", "agents", "openai", "openai_chatkit")


@dataclass(frozen=True, eq=False)
class Meaning:
    """A name of a package (`chatkit.Store`), or a place in the project."""

    name: str = ""
    module: Module | None = None
    node: ast.AST | None = None


NOTHING = Meaning()


def short(dotted: str) -> str:
    """`chatkit.server.Store` and `chatkit.store.Store` are both `chatkit.Store`."""
    top, *rest = dotted.split(".")
    first = next((n for n, part in enumerate(rest) if part[:1].isupper()), len(rest) - 1)
    name = ".".join([top, *rest[max(first, 0) :]])
    return name.replace("agents.AsyncOpenAI", "openai.AsyncOpenAI")  # found there as well


@dataclass
class Names:
    paths: Collection[str]
    load: Callable[[str], Module | None]
    exports: Callable[[str], Container[str]]  # of a module of a package
    homes: Callable[[str], list[str]]  # the modules of packages that define a name

    def __post_init__(self) -> None:
        self._bound: dict[Module, dict[str, ast.AST]] = {}
        self._found: dict[tuple[str, str, int], str] = {}
        cuts = (path.rpartition("/src/") for path in self.paths if path.endswith(".py"))
        self._roots = {root + mark for root, mark, _ in cuts if mark}

    def find(self, dotted: str, importer: str, level: int = 0) -> str:
        """The path of a module of the project, seen from one of its files."""
        key = (dotted, importer.rpartition("/")[0], level)
        if key not in self._found:
            self._found[key] = self._find(*key)
        return self._found[key]

    def _find(self, dotted: str, folder: str, level: int) -> str:
        parts = folder.split("/") if folder else []
        folders = ["/".join(parts[:n]) for n in range(len(parts), -1, -1)]
        if level:
            folders = folders[level - 1 : level]
        elif dotted.partition(".")[0] in SDKS:
            return ""
        part = dotted.replace(".", "/")
        for above in folders:
            for base in (f"{above}/{part}", f"{above}/src/{part}"):
                for path in (f"{base}.py".lstrip("/"), f"{base}/__init__.py".lstrip("/")):
                    if path in self.paths:
                        return path
        # Or in another package of the same repository, where only one has it.
        ends = () if level else (f"{part}.py", f"{part}/__init__.py")
        found = [r + end for r in self._roots for end in ends if r + end in self.paths]
        return found[0] if len(found) == 1 else ""

    def bound(self, module: Module) -> dict[str, ast.AST]:
        """The names of a module and where they come from. Imports count wherever they stand."""
        if module not in self._bound:
            names: dict[str, ast.AST] = {}
            for node in scope(module.tree):
                for name in binds(node):
                    names.setdefault(name, node)
            for kind in (ast.Import, ast.ImportFrom):
                for node in module.all(kind):
                    for name in binds(node):
                        names.setdefault(name, node)
            self._bound[module] = names
        return self._bound[module]

    def meaning(self, module: Module, expression: ast.AST) -> Meaning:
        if isinstance(expression, ast.Subscript):  # Store[User]
            expression = expression.value
        parts = named(expression)
        return self.follow(module, parts) if parts else NOTHING

    def follow(self, module: Module, parts: list[str], steps: int = 0) -> Meaning:
        if steps > MAX_STEPS:
            return NOTHING
        head, rest = parts[0], parts[1:]
        node = self.bound(module).get(head)
        if isinstance(node, ast.Import):
            alias = next(a for a in node.names if (a.asname or a.name.partition(".")[0]) == head)
            dotted = [*alias.name.split("."), *rest] if alias.asname else parts
            return self._imported(module, dotted, 0, steps)
        if isinstance(node, ast.ImportFrom):
            alias = next(a for a in node.names if (a.asname or a.name) == head)
            dotted = [*(node.module or "").split("."), alias.name, *rest]
            return self._imported(module, [part for part in dotted if part], node.level, steps)
        if node is not None:
            same = node.value if isinstance(node, ast.Assign) else None
            if same is not None and named(same) not in ([], [head]):  # Base = Store
                return self.follow(module, [*named(same), *rest], steps + 1)
            return NOTHING if rest else Meaning(f"{module.path}:{head}", module, node)
        return self._starred(module, parts, steps) or self._unbound(module, parts)

    def _unbound(self, module: Module, parts: list[str]) -> Meaning:
        """A name that the file never binds: snippets in documents leave out their imports."""
        if hasattr(builtins, parts[0]):
            return Meaning(".".join(parts))
        packages = {home.partition(".")[0] for home in self.homes(parts[0])}
        if len(packages) != 1 or parts[0] in module.locals:
            return NOTHING
        return Meaning(short(".".join([*packages, *parts])))

    def _imported(self, module: Module, dotted: list[str], level: int, steps: int) -> Meaning:
        for cut in range(len(dotted), 0, -1):
            path = self.find(".".join(dotted[:cut]), module.path, level)
            target = self.load(path) if path else None
            if target and target is not module and dotted[cut:]:
                return self.follow(target, dotted[cut:], steps + 1)
            if target:
                return Meaning(path, target, target.tree)
        if level:
            path = self.find("__init__", module.path, level)
            target = self.load(path) if path else None
            inside = target is not None and target is not module
            return self.follow(target, dotted, steps + 1) if target and inside else NOTHING
        return Meaning(short(".".join(dotted)))

    def _starred(self, module: Module, parts: list[str], steps: int) -> Meaning | None:
        for node in module.all(ast.ImportFrom):
            if node.names[0].name == "*":
                source = node.module or ""
                if not node.level and parts[0] in self.exports(source):
                    return Meaning(short(".".join([source, *parts])))
                path = self.find(source, module.path, node.level)
                target = self.load(path) if path else None
                if target and target is not module and parts[0] in self.bound(target):
                    return self.follow(target, parts, steps + 1)
        return None
