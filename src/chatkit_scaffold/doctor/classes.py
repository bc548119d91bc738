"""The project's own classes, with what they inherit from each other and from the SDKs."""

import ast
from collections.abc import Container
from dataclasses import dataclass

from chatkit_scaffold.doctor.names import Names
from chatkit_scaffold.doctor.python import Module
from chatkit_scaffold.doctor.syntax import Function


@dataclass(frozen=True, eq=False)
class Method:
    module: Module
    node: Function
    owner: ast.ClassDef
    name: str  # an alias such as `save_item = add_thread_item` has a name of its own

    @property
    def is_async(self) -> bool:
        return isinstance(self.node, ast.AsyncFunctionDef)

    @property
    def is_static(self) -> bool:
        marks = [d.id for d in self.node.decorator_list if isinstance(d, ast.Name)]
        return "staticmethod" in marks

    @property
    def parameters(self) -> list[str]:
        """The names after self."""
        arguments = self.node.args
        listed = [a.arg for a in [*arguments.posonlyargs, *arguments.args]]
        return listed if self.is_static else listed[1:]

    def accepts(self, positional: int) -> bool:
        """Whether it can be called with so many arguments by position, and no others."""
        given = self.node.args
        required = len(self.parameters) - len(given.defaults)
        asks = [None for default in given.kw_defaults if default is None]
        most = len(self.parameters) if given.vararg is None else positional
        return required <= positional <= most and not asks

    def uses(self, name: str) -> bool:
        return any(
            isinstance(n, ast.Name) and n.id == name
            for statement in self.node.body
            for n in ast.walk(statement)
        )

    @property
    def is_stub(self) -> bool:
        """Nothing but a docstring, `...`, `pass` or an error."""
        return all(
            isinstance(s, ast.Pass | ast.Raise)
            or (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))
            for s in self.node.body
        )

    @property
    def takes_anything(self) -> bool:
        return bool(self.node.args.vararg or self.node.args.kwarg)


@dataclass(frozen=True, eq=False)
class Class:
    module: Module
    node: ast.ClassDef
    ancestors: tuple[str, ...]  # names of packages: `chatkit.Store`; "" for what cannot be followed
    methods: dict[str, Method]

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def own(self) -> dict[str, Method]:
        return {name: m for name, m in self.methods.items() if m.owner is self.node}

    @property
    def is_abstract(self) -> bool:
        words = [word.arg for word in self.node.keywords]
        marks = (d for m in self.methods.values() for d in m.node.decorator_list)
        abstract = any(getattr(d, "id", getattr(d, "attr", "")) == "abstractmethod" for d in marks)
        named = any(name in ("abc.ABC", "typing.Protocol") for name in self._direct)
        return abstract or "metaclass" in words or named

    @property
    def _direct(self) -> tuple[str, ...]:
        return self.ancestors[: len(self.node.bases)]

    def is_a(self, name: str) -> bool:
        return name in self.ancestors


class Classes:
    def __init__(self, names: Names) -> None:
        self._names = names
        self._known: dict[ast.ClassDef, Class] = {}

    def read(self, module: Module, node: ast.ClassDef) -> Class:
        if node in self._known:
            return self._known[node]
        # Known before its bases are followed: a class may, wrongly, inherit from itself.
        self._known[node] = Class(module, node, (), {})
        direct: list[str] = []
        further: list[str] = []
        methods: dict[str, Method] = {}
        for base in reversed(node.bases):
            meaning = self._names.meaning(module, base)
            direct.insert(0, meaning.name)
            if isinstance(meaning.node, ast.ClassDef) and meaning.module:
                parent = self.read(meaning.module, meaning.node)
                further += parent.ancestors
                methods |= parent.methods
        methods |= _methods(module, node, methods)
        self._known[node] = Class(module, node, (*direct, *further), methods)
        return self._known[node]


def loose(module: Module, base: str, names: Container[str]) -> Class | None:
    """Methods without their class, as snippets in documents show them: `def action(self, ...)`."""
    methods = [
        node
        for node in module.tree.body
        if isinstance(node, Function)
        and node.name in names
        and [argument.arg for argument in node.args.args[:1]] == ["self"]
    ]
    if not methods:
        return None
    node = ast.ClassDef("Snippet", [], [], [*methods], [])
    ast.copy_location(node, methods[0])
    return Class(module, node, (base,), {m.name: Method(module, m, node, m.name) for m in methods})


def _methods(module: Module, node: ast.ClassDef, inherited: dict[str, Method]) -> dict[str, Method]:
    found: dict[str, Method] = {}
    for statement in node.body:
        if isinstance(statement, Function):
            found[statement.name] = Method(module, statement, node, statement.name)
        elif isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Name):
            same = found.get(statement.value.id) or inherited.get(statement.value.id)
            for target in statement.targets if same else ():
                if same and isinstance(target, ast.Name):
                    found[target.id] = Method(same.module, same.node, node, target.id)
    return found
