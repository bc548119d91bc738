"""The files that list things, each with the reader that knows its format."""

from pathlib import PurePosixPath

from chatkit_scaffold.scaffold.formats.document import FormatError, Read

__all__ = ["FormatError", "reader", "same"]


def reader(path: str) -> Read | None:
    # Each format comes with a library that only a merge needs.
    match PurePosixPath(path).name:
        case "pyproject.toml":
            from chatkit_scaffold.scaffold.formats.toml import TomlDocument

            return TomlDocument
        case "package.json":
            from chatkit_scaffold.scaffold.formats.json import JsonDocument

            return JsonDocument
        case ".env.example":
            from chatkit_scaffold.scaffold.formats.env import EnvDocument

            return EnvDocument
        case "compose.yaml":
            from chatkit_scaffold.scaffold.formats.yaml import YamlDocument

            return YamlDocument
    return None


def same(read: Read, one: str, other: str) -> bool:
    try:
        return bool(read(one).value == read(other).value)
    except FormatError:
        return False
