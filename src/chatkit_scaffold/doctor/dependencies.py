"""What a project says it depends on, file by file."""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chatkit_scaffold.doctor.files import Files

REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][\w.-]*)\s*(?:\[([^\]]*)\])?\s*(\(?[^;#]*)")
NODE_TABLES = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")


@dataclass(frozen=True)
class Dependency:
    path: str
    line: int
    name: str  # lower case, with dashes
    extras: tuple[str, ...]
    bounds: str  # as written: `>=1.6,<2`
    group: str = ""  # none: what the app itself needs
    is_node: bool = False


def read_dependencies(files: Files) -> list[Dependency]:
    return [
        *(d for path in files.named("pyproject.toml") for d in _pyproject(files, path)),
        *(d for path in files.paths if _is_requirements(path) for d in _requirements(files, path)),
        *(d for path in files.named("package.json") for d in _package(files, path)),
    ]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _is_requirements(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.startswith("requirements") and name.endswith((".txt", ".in"))


def _requirements(files: Files, path: str) -> Iterator[Dependency]:
    for number, line in enumerate(files.text(path).splitlines(), 1):
        if line.strip() and not line.lstrip().startswith(("#", "-")):
            yield from _requirement(path, number, line, "")


def _requirement(path: str, line: int, text: str, group: str) -> Iterator[Dependency]:
    if match := REQUIREMENT.match(text):
        extras = tuple(extra.strip() for extra in (match[2] or "").split(",") if extra.strip())
        yield Dependency(path, line, normal(match[1]), extras, match[3].strip(" ()"), group)


def _pyproject(files: Files, path: str) -> Iterator[Dependency]:
    text = files.text(path)
    data = read_toml(files, path)
    project = _table(data.get("project"))
    groups = {"": project.get("dependencies")}
    groups |= _table(project.get("optional-dependencies")) | _table(data.get("dependency-groups"))
    uv = _table(_table(data.get("tool")).get("uv"))
    groups |= {"dev": uv["dev-dependencies"]} if "dev-dependencies" in uv else {}
    for group, listed in groups.items():
        for entry in listed if isinstance(listed, list) else []:
            if isinstance(entry, str):
                yield from _requirement(path, line_of(text, entry), entry, group)
    poetry = _table(_table(data.get("tool")).get("poetry"))
    for name, bounds in _table(poetry.get("dependencies")).items():
        table = _table(bounds)
        extras = tuple(str(extra) for extra in table.get("extras", ()))
        version = str(table.get("version", "")) if table else str(bounds)
        yield Dependency(path, line_of(text, name), normal(name), extras, version)


def _package(files: Files, path: str) -> Iterator[Dependency]:
    text = files.text(path)
    data = read_json(files, path)
    for table in NODE_TABLES:
        for name, bounds in _table(data.get(table)).items():
            group = "" if table == "dependencies" else table
            yield Dependency(path, line_of(text, f'"{name}"'), name, (), str(bounds), group, True)


def read_toml(files: Files, path: str) -> dict[str, Any]:
    try:
        return tomllib.loads(files.text(path))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        files.note(path, f"is not TOML: {error}", "CK1")
        return {}


def read_json(files: Files, path: str) -> dict[str, Any]:
    if not files.text(path).strip():
        return {}
    try:
        return _table(json.loads(files.text(path)))
    except (ValueError, RecursionError) as error:
        files.note(path, f"is not JSON: {error}", "CK1")
        return {}


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def line_of(text: str, part: str) -> int:
    return text.count("\n", 0, max(text.find(part), 0)) + 1
