"""`[tool.chatkit-scaffold.doctor]` of a pyproject.toml at or above the place examined."""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from chatkit_scaffold.error import USAGE, ScaffoldError

TABLE = "[tool.chatkit-scaffold.doctor]"


@dataclass(frozen=True)
class Settings:
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()  # beginnings of paths, or patterns such as `legacy/*`
    baseline: str = ""  # from the folder of the pyproject.toml
    strict: bool = False


def read_settings(place: Path) -> Settings:
    folder = place if place.is_dir() else place.parent
    for above in (folder, *folder.parents):
        file = above / "pyproject.toml"
        if file.is_file():
            table = _table(file)
            if table is not None:
                return _settings(table, file)
        if (above / ".git").exists():
            break
    return Settings()


def _table(file: Path) -> dict[str, Any] | None:
    try:
        table: Any = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None  # a broken pyproject.toml is reported as unchecked, like any other file
    for name in ("tool", "chatkit-scaffold", "doctor"):
        table = table.get(name) if isinstance(table, dict) else None
    return table if isinstance(table, dict) else None


def _settings(table: dict[str, Any], file: Path) -> Settings:
    usual = {field.name: field.default for field in fields(Settings)}
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in usual:
            known = ", ".join(usual)
            raise ScaffoldError(f"{file}: {TABLE} has no {key!r}.", f"It takes {known}.", USAGE)
        is_list = isinstance(usual[key], tuple)
        good = (
            isinstance(value, list) and all(isinstance(entry, str) for entry in value)
            if is_list
            else isinstance(value, type(usual[key]))
        )
        if not good:
            kind = "a list of strings" if is_list else type(usual[key]).__name__
            raise ScaffoldError(f"{file}: {key} of {TABLE} is not {kind}.", exit_code=USAGE)
        values[key] = tuple(value) if is_list else value
    if values.get("baseline"):
        values["baseline"] = str(file.parent / values["baseline"])
    return Settings(**values)
