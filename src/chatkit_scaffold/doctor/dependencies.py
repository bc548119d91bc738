"""What a project says it depends on, file by file."""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chatkit_scaffold.doctor import versions
from chatkit_scaffold.doctor.files import Files, Span

REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][\w.-]*)\s*(?:\[([^\]]*)\])?\s*(\(?[^;#]*)")
LOCKS = ("uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock")
NODE_TABLES = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")


@dataclass(frozen=True)
class Dependency:
    path: str
    span: Span  # of the name
    end: Span  # of the bounds, which may be empty
    name: str  # lower case, with dashes
    extras: tuple[str, ...]
    bounds: str  # as written: `>=1.6,<2`
    group: str = ""  # none: what the app itself needs
    is_node: bool = False

    def allows(self, version: str) -> bool:
        return versions.allows(self.bounds, version)

    @property
    def has_ceiling(self) -> bool:
        return versions.has_ceiling(self.bounds)

    @property
    def floor(self) -> versions.Version:
        return versions.floor(self.bounds)


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
    start = 0
    for line in files.text(path).splitlines(keepends=True):
        if line.strip() and not line.lstrip().startswith(("#", "-")):
            yield from _requirement(path, start, line.rstrip(), "")
        start += len(line)


def _requirement(path: str, start: int, text: str, group: str) -> Iterator[Dependency]:
    if match := REQUIREMENT.match(text):
        extras = tuple(extra.strip() for extra in (match[2] or "").split(",") if extra.strip())
        span = start + match.start(1), start + match.end(1)
        end = start + match.start(3), start + match.start(3) + len(match[3].rstrip())
        bounds = match[3].strip(" ()\r\n")
        yield Dependency(path, span, end, normal(match[1]), extras, bounds, group)


def _pyproject(files: Files, path: str) -> Iterator[Dependency]:
    text = files.text(path)
    data = read_toml(files, path)
    project = table(data.get("project"))
    groups = {"": project.get("dependencies")}
    groups |= table(project.get("optional-dependencies")) | table(data.get("dependency-groups"))
    uv = table(table(data.get("tool")).get("uv"))
    groups |= {"dev": uv["dev-dependencies"]} if "dev-dependencies" in uv else {}
    for group, listed in groups.items():
        for entry in listed if isinstance(listed, list) else []:
            if isinstance(entry, str):
                place = re.search(f"[\"']({re.escape(entry)})[\"']", text)
                yield from _requirement(path, place.start(1) if place else 0, entry, group)
    poetry = table(table(data.get("tool")).get("poetry"))
    for name, given in table(poetry.get("dependencies")).items():
        extras = tuple(str(extra) for extra in table(given).get("extras", ()))
        bounds = str(table(given).get("version", "") if table(given) else given)
        place = re.search(rf"^{re.escape(name)}\s*=.*?({re.escape(bounds)})", text, re.MULTILINE)
        start = place.start() if place else 0
        end = place.span(1) if place else (0, 0)
        yield Dependency(path, (start, start + len(name)), end, normal(name), extras, bounds)


def _package(files: Files, path: str) -> Iterator[Dependency]:
    text = files.text(path)
    data = read_json(files, path)
    for group in NODE_TABLES:
        for name, bounds in table(data.get(group)).items():
            place = re.search(f'"({re.escape(name)})"\\s*:\\s*"({re.escape(str(bounds))})"', text)
            span, end = (place.span(1), place.span(2)) if place else ((0, 0), (0, 0))
            kind = "" if group == "dependencies" else group
            yield Dependency(path, span, end, name, (), str(bounds), kind, True)


def locked(files: Files, path: str) -> list[tuple[str, str, str]]:
    """What the lock files beside or above pin: the lock, the name, the version."""
    folder = path.rpartition("/")[0]
    found = []
    for lock in files.named(*LOCKS):
        above = lock.rpartition("/")[0]
        if not above or folder == above or folder.startswith(f"{above}/"):
            pins = re.findall(r'^name = "([^"]+)"\s+version = "([^"]+)"', files.text(lock), re.M)
            found += [(lock, normal(name), version) for name, version in pins]
            found += [] if pins else [(lock, "", "")]
    return found


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
        return table(json.loads(files.text(path)))
    except (ValueError, RecursionError) as error:
        files.note(path, f"is not JSON: {error}", "CK1")
        return {}


def table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
