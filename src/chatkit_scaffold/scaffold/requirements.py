"""Dependencies of a project of any make: added by name, the rest of the file left alone."""

import json
import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from chatkit_scaffold.scaffold.formats import FormatError
from chatkit_scaffold.scaffold.formats.document import Key, children, item_name
from chatkit_scaffold.scaffold.merge import Style, plain


def require(path: str, text: str, requirements: Sequence[str]) -> str:
    """The text with what is not in it yet; FormatError where nobody can tell where it belongs."""
    if PurePosixPath(path).name == "pyproject.toml":
        return Style.of(text).put_on(_require(plain(text), requirements))
    known = {_name(line) for line in text.splitlines()}
    more = "".join(f"{one}\n" for one in requirements if _name(one) not in known)
    return Style.of(text).put_on(f"{plain(text)}{more}")


def _require(text: str, requirements: Sequence[str]) -> str:
    from chatkit_scaffold.scaffold.formats.toml import TomlDocument

    own = TomlDocument(text)
    project = own.value.get("project", {})
    poetry = own.value.get("tool", {}).get("poetry", {})
    table: Key = ("project", "dependencies")
    listed = children(project.get("dependencies"))
    if listed is None:
        table, listed = ("tool", "poetry", "dependencies"), poetry.get("dependencies")
    if not isinstance(listed, dict):
        raise FormatError
    known, last = {_name(name) for name in listed}, [*listed, None][-2 if listed else -1]
    for one in requirements:
        name = item_name(one)
        if _name(one) not in known:
            entry = f"{name} = {json.dumps(one.removeprefix(name))}"
            if table[0] == "project":
                entry = f"[project]\ndependencies = [{json.dumps(one)}]"
            else:
                entry = f"[{'.'.join(table)}]\n{entry}"
            own.put((*table, name), TomlDocument(f"{entry}\n"), last)
            last = name
    return own.text


def _name(requirement: str) -> str:
    found = re.match(r"\s*([A-Za-z0-9][\w.-]*)", requirement)
    return re.sub(r"[-_.]+", "-", found[1]).lower() if found else ""
