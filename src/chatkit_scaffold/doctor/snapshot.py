"""Reads what an SDK offers from the source of its package, without importing it.

`python -m chatkit_scaffold.doctor.snapshot NODE_MODULES` writes the snapshot that is used where no
package is installed; `make snapshot` does.
"""

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chatkit_scaffold.doctor.declarations import read_declarations
from chatkit_scaffold.doctor.machine import Machine
from chatkit_scaffold.doctor.sdk import NODE, PYTHON
from chatkit_scaffold.doctor.syntax import Function, binds, named, scope, walk

Table = dict[str, Any]


def read_python(package: Path, version: str) -> Table:
    """Names by module everywhere; classes and models of ChatKit alone, which is small."""
    modules: dict[str, list[str]] = {}
    homes: dict[str, list[str]] = {}
    classes: dict[str, ast.ClassDef] = {}
    icons: list[str] = []
    for file in sorted(package.rglob("*.py")):
        module = ".".join(file.relative_to(package.parent).with_suffix("").parts)
        module = module.removesuffix(".__init__")
        tree = ast.parse(file.read_bytes())
        modules[module] = sorted(read_names(file, tree))
        for node in tree.body:
            if isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(module)
        if package.name == "chatkit":
            classes |= {n.name: n for n in ast.walk(tree) if isinstance(n, ast.ClassDef)}
            icons += _literals(tree) if file.stem == "icons" else []
    return {
        "version": version,
        "modules": modules,
        "homes": homes,
        "classes": {name: methods for name, node in classes.items() if (methods := _methods(node))},
        "models": {n: fields for n in classes if (fields := _fields(n, classes))},
        "icons": sorted(set(icons)),
    }


def read_names(file: Path, tree: ast.Module) -> set[str]:
    """What can be imported from a module; `*` when it makes names on demand."""
    names = {name for node in walk(tree) if _is_top(node) for name in binds(node)}
    public = {name for name in names if not name.startswith("_")} | set(_listed(tree))
    inner = set(_submodules(file)) if file.name == "__init__.py" else set()
    return public | inner | ({"*"} if "__getattr__" in names else set())


def _is_top(node: ast.AST) -> bool:
    return getattr(node, "col_offset", 1) == 0 or isinstance(node, ast.Import | ast.ImportFrom)


def _submodules(file: Path) -> Iterator[str]:
    for other in file.parent.iterdir():
        if other.suffix == ".py" or (other / "__init__.py").exists():
            yield other.stem


def _listed(tree: ast.Module) -> list[str]:
    """The names of `__all__`, some of which are made on demand."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and named(node.targets[0]) == ["__all__"]:
            return _literals(node.value)
    return []


def _literals(node: ast.AST) -> list[str]:
    texts = (n.value for n in ast.walk(node) if isinstance(n, ast.Constant))
    return [text for text in texts if isinstance(text, str) and " " not in text]


def _methods(node: ast.ClassDef) -> Table:
    return {
        method.name: {
            "parameters": [a.arg for a in method.args.args[1:]],
            "keywords": [a.arg for a in method.args.kwonlyargs],
            "defaults": len(method.args.defaults),
            "async": isinstance(method, ast.AsyncFunctionDef) and not _yields(method),
            "abstract": any("abstractmethod" in named(d) for d in method.decorator_list),
        }
        for method in node.body
        if isinstance(method, Function) and not method.name.startswith("__")
    }


def _yields(function: Function) -> bool:
    return any(isinstance(node, ast.Yield) for node in scope(function))


def _fields(name: str, classes: dict[str, ast.ClassDef]) -> Table:
    node = classes.get(name)
    if node is None:
        return {}
    fields: Table = {}
    for base in node.bases:
        target = base.value if isinstance(base, ast.Subscript) else base
        fields |= _fields(named(target)[-1], classes) if named(target) else {}
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            annotation = ast.unparse(statement.annotation)
            fields[statement.target.id] = {
                "required": statement.value is None and not annotation.startswith("NotRequired["),
                "type": annotation,
                "literals": _literals(statement.annotation) if "Literal[" in annotation else [],
            }
    return fields


def node_version(package: Path) -> str:
    return str(json.loads((package / "package.json").read_text("utf-8"))["version"])


def read_node(package: Path) -> Table:
    for place in ("types/index.d.ts", "dist/index.d.ts", "index.d.ts"):
        if (package / place).is_file():
            text = (package / place).read_text("utf-8")
            return {"version": node_version(package), **read_declarations(text)}
    raise ValueError(f"{package} declares no types")


def make(machine: Machine) -> Table:
    """The snapshot: every SDK as it is installed here."""
    table: Table = {}
    for module, distribution in PYTHON.items():
        found = machine.python_package(distribution)
        if found is None:
            raise ValueError(f"{distribution} is not installed")
        table[distribution] = read_python(found[0] / module, found[1])
    for name in NODE:
        package = machine.node_package(name)
        if package is None:
            raise ValueError(f"{name} is not installed")
        table[name] = read_node(package)
    return table


if __name__ == "__main__":
    made = make(Machine((Path(sys.argv[1]).absolute(),)))
    text = json.dumps(made, separators=(",", ":"), sort_keys=True)
    Path(__file__).with_name("snapshot.json").write_text(text + "\n", "utf-8")
