"""Walks over a syntax tree of Python."""

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache

Function = ast.FunctionDef | ast.AsyncFunctionDef


SIGNS = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
NODES = frozenset(
    kind
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST) and not issubclass(kind, SIGNS)
)


def children(node: ast.AST) -> list[ast.AST]:
    """As `ast.iter_child_nodes` without the signs that have no place in the text, and faster."""
    found: list[ast.AST] = []
    for value in vars(node).values():
        if type(value) is list:
            found += [child for child in value if type(child) in NODES]
        elif type(value) in NODES:
            found.append(value)
    return found


def walk(root: ast.AST) -> Iterator[ast.AST]:
    """Depth first, in the order of the text. `ast.walk` goes breadth first."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack += reversed(children(node))


@lru_cache(maxsize=8192)
def scope(function: ast.AST) -> tuple[ast.AST, ...]:
    """What runs when the function runs: not the bodies of the functions and classes in it."""
    found = []
    stack = children(function)[::-1]
    while stack:
        node = stack.pop()
        found.append(node)
        if not isinstance(node, Function | ast.Lambda | ast.ClassDef):
            stack += reversed(children(node))
    return tuple(found)


def following(node: ast.AST, above: Iterable[ast.AST]) -> Iterator[ast.stmt]:
    """What runs after it: the rest of its block, and what is after a `with` or `try` around it."""
    for outer in above:
        blocks = (getattr(outer, name, None) for name in ("body", "orelse"))
        block = next((b for b in blocks if isinstance(b, list) and node in b), None)
        for later in block[block.index(node) + 1 :] if block else ():
            if isinstance(later, ast.Return | ast.Raise | ast.Continue | ast.Break):
                return
            yield later
        if block and not isinstance(outer, ast.With | ast.AsyncWith | ast.Try):
            return
        node = outer


def named(node: ast.AST) -> list[str]:
    """The parts of `a.b.c`; nothing for what is not a plain dotted name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return [node.id, *reversed(parts)] if isinstance(node, ast.Name) else []


def binds(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in names)
        case ast.ImportFrom(names=names):
            yield from (alias.asname or alias.name for alias in names)
        case ast.Assign(targets=targets):
            yield from (target.id for target in targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name
