"""Whether a store forgets everything when the process ends: certain, or not claimed."""

import ast
import sys

from chatkit_scaffold.doctor.classes import Class
from chatkit_scaffold.doctor.project import Project
from chatkit_scaffold.doctor.python import Module
from chatkit_scaffold.doctor.syntax import Function, named, walk

EMPTY = {  # what holds nothing when it is made
    "dict", "list", "set", "defaultdict", "OrderedDict", "deque", "Counter", "count", "Lock",
    "RLock", "Semaphore", "Event", "WeakValueDictionary", "getLogger", "TypeAdapter", "TypeVar",
}  # fmt: skip
REACHES_OUT = {
    "open", "connect", "execute", "executemany", "commit", "dump", "load", "read_text",
    "write_text", "read_bytes", "write_bytes",
}  # fmt: skip
LEAVES = {
    "sqlite3", "shelve", "dbm", "pathlib", "io", "tempfile", "shutil", "socket", "urllib", "http",
    "ftplib", "subprocess", "multiprocessing", "mmap",
}  # fmt: skip
HARMLESS = (sys.stdlib_module_names - LEAVES) | {"chatkit", "agents", "pydantic"}
PLAIN = {"object", "BaseModel", "NamedTuple", "TypedDict", "Enum", "StrEnum", "Protocol", "Generic"}


def forgets(project: Project, store: Class) -> bool:
    return all(
        _is_plain(project, module, node, setting=function.name == "__init__")
        for method in store.methods.values()
        for module, function in project.python.flow.reached(method.module, method.node)
        for node in walk(function)
    )


def _is_plain(project: Project, module: Module, node: ast.AST, *, setting: bool) -> bool:
    match node:
        case ast.Await(value=awaited):
            inner = awaited.func if isinstance(awaited, ast.Call) else awaited
            return named(inner)[:1] in (["self"], ["super"], ["asyncio"])
        case ast.Call(func=function):
            last = getattr(function, "attr", getattr(function, "id", ""))
            return last not in REACHES_OUT
        case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            held = any(named(target)[:1] == ["self"] for target in targets)
            return not held or _is_empty(value) or (setting and isinstance(value, ast.Name))
        case ast.Name(ctx=ast.Load()):
            return _is_known(project, module, node)
    return True


def _is_empty(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Call):
        return getattr(value.func, "attr", getattr(value.func, "id", "")) in EMPTY
    return not isinstance(value, ast.Await | ast.Name | ast.Attribute)


def _is_known(project: Project, module: Module, name: ast.Name) -> bool:
    """Whether nothing outlives the process behind a name of the module."""
    bound = project.python.names.bound(module).get(name.id)
    found = project.python.names.meaning(module, name).node or bound
    match found:
        case ast.Import(names=names):
            return all(alias.name.partition(".")[0] in HARMLESS for alias in names)
        case ast.ImportFrom(level=0, module=str(dotted)):
            return dotted.partition(".")[0] in HARMLESS
        case ast.Assign(value=value) | ast.AnnAssign(value=value):
            return _is_empty(value)
        case ast.ClassDef(bases=bases):
            plain = [base.value if isinstance(base, ast.Subscript) else base for base in bases]
            return {(named(base) or [""])[-1] for base in plain} <= PLAIN
    return found is None or isinstance(found, Function)
