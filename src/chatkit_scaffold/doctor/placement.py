"""How a module imports what lies beside it, and the edits that give it another store."""

import ast
import re
from collections.abc import Iterator

from chatkit_scaffold.doctor.names import Names
from chatkit_scaffold.doctor.project import Project
from chatkit_scaffold.doctor.python import Module
from chatkit_scaffold.doctor.rule import Edit
from chatkit_scaffold.doctor.syntax import named
from chatkit_scaffold.doctor.wiring import Wiring

OPEN = "open_store"
Import = ast.Import | ast.ImportFrom


def import_line(project: Project, module: Module, package: str) -> str:
    """The import of a new package beside a module, written as its neighbours' imports are."""
    name = opener(project, module)
    alias = "" if name == OPEN else f" as {name}"
    return f"from {_prefix(project, module)}{package} import {OPEN}{alias}"


def opener(project: Project, module: Module) -> str:
    taken = module.locals | project.python.names.bound(module).keys()
    return OPEN if OPEN not in taken else "open_chatkit_store"


def wire(project: Project, wiring: Wiring, package: str) -> tuple[Edit, ...]:
    """The construction, and the import: in place of the old store's, where nothing needs that."""
    module, call = wiring.module, wiring.call
    if call is None or wiring.obstacles:
        return ()
    edits = [Edit.replace(module, call, f"{opener(project, module)}()")]
    gone: list[ast.AST] = [call.func]
    around = module.parents[call]
    if isinstance(around, ast.AnnAssign) and _is_old(project, wiring, around.annotation):
        start, end = module.span(around.target)[1], module.span(around.annotation)[1]
        edits.append(Edit(module.path, start, end, ""))
        gone.append(around.annotation)
    line = import_line(project, module, package)
    return (*edits, *_import_edits(project.python.names, module, call, gone, line))


def _is_old(project: Project, wiring: Wiring, node: ast.expr) -> bool:
    meaning = project.python.names.meaning(wiring.module, node)
    return wiring.store is not None and meaning.node is wiring.store.node


def _import_edits(
    names: Names, module: Module, call: ast.Call, gone: list[ast.AST], line: str
) -> Iterator[Edit]:
    tops = [n for n in module.tree.body if isinstance(n, Import) and n.lineno < call.lineno]
    name = named(call.func)[0]
    old = next((n for n in tops if name in [a.asname or a.name for a in n.names]), None)
    unused = old is not None and _is_unused(module, name, gone)
    neighbours = [
        node
        for node in tops
        if isinstance(node, ast.ImportFrom)
        and bool(node.level) == line.startswith("from .")
        and names.find(node.module or "", module.path, node.level)
        and not (unused and node is old and len(node.names) == 1)
    ]
    if old is not None and unused and len(old.names) > 1:
        yield _without(module, old, name)
    elif old is not None and unused:
        if not neighbours:  # it was alone, and so is its successor
            yield Edit.replace(module, old, line)
            return
        yield Edit(module.path, module.line_start(old), _line_end(module, old), "")
    later = [node for node in neighbours if _order(module.source(node)) > _order(line)]
    if later:
        yield Edit.insert(module, module.line_start(later[0]), f"{line}{module.newline}")
    elif tops:
        apart = "" if neighbours else module.newline
        end = _line_end(module, (neighbours or tops)[-1])
        yield Edit.insert(module, end, f"{apart}{line}{module.newline}")
    else:
        yield Edit.insert(module, module.after_imports, f"{line}{module.newline * 2}")


def _line_end(module: Module, node: Import) -> int:
    """Where the line after an import starts."""
    end = module.span(node)[1]
    rest = re.match(r"[^\r\n]*(\r\n|\r|\n)?", module.text[end:])
    return end + len(rest[0] if rest else "")


def _order(line: str) -> tuple[int, str]:
    """As isort has it: the farther away, the earlier."""
    dotted = line.split()[1]
    return -(len(dotted) - len(dotted.lstrip("."))), dotted.lstrip(".").lower()


def _is_unused(module: Module, name: str, gone: list[ast.AST]) -> bool:
    if "__all__" in module.locals or module.path.endswith("__init__.py"):
        return False
    uses = [node for node in module.all(ast.Name) if node.id == name]
    return all(any(g in (use, *module.above(use)) for g in gone) for use in uses)


def _without(module: Module, node: Import, name: str) -> Edit:
    aliases = node.names
    place = [alias.asname or alias.name for alias in aliases].index(name)
    if place + 1 < len(aliases):
        start, end = module.span(aliases[place])[0], module.span(aliases[place + 1])[0]
    else:
        start, end = module.span(aliases[place - 1])[1], module.span(aliases[place])[1]
    return Edit(module.path, start, end, "")


def _prefix(project: Project, module: Module) -> str:
    """What stands before the name of a neighbour: `.`, `app.`, or nothing."""
    folder = module.path.rpartition("/")[0]
    for other in sorted(project.python.modules, key=lambda m: m is not module):
        if other.path.rpartition("/")[0] == folder:
            imports: list[Import] = [*other.all(ast.ImportFrom), *other.all(ast.Import)]
            for node in imports:
                for dotted in _modules(node):
                    found = project.python.names.find(dotted, other.path, _level(node))
                    if found.rpartition("/")[0] == folder and not found.endswith("__init__.py"):
                        dots = "." * _level(node)
                        return dots + dotted.removesuffix(dotted.rpartition(".")[2])
    return _called(project, module) or (
        "." if f"{folder}/__init__.py" in project.files.paths else ""
    )


def _modules(node: Import) -> Iterator[str]:
    """What may be modules in an import, as dotted names."""
    above = f"{node.module}." if isinstance(node, ast.ImportFrom) and node.module else ""
    if above:
        yield above[:-1]
    yield from (f"{above}{alias.name}" for alias in node.names)


def _level(node: Import) -> int:
    return node.level if isinstance(node, ast.ImportFrom) else 0


def _called(project: Project, module: Module) -> str:
    """The packages before its name where it is started: `app.` of `uvicorn app.main:app`."""
    stem = module.path.rpartition("/")[2].removesuffix(".py")
    wanted = re.compile(rf"(?<![\w./])((?:[\w]+\.)+){stem}(?::\w|\s+import\b)")
    found = (wanted.search(project.files.text(path)) for path in project.files.paths)
    return next((match[1] for match in found if match), "")
