"""Every released version of the template, in one file that comes with it.

A text that several versions share is in there once. `make archive` adds the one to be released.
"""

import base64
import hashlib
import json
import lzma
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from chatkit_scaffold.error import ScaffoldError
from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.template import find_template, version_of
from chatkit_scaffold.tree import Content, Tree, create, read_tree

ARCHIVE = "history.xz"


def versions() -> list[str]:
    """All that can be rendered, oldest first."""
    return sorted({*_load(find_template())["versions"], version_of(find_template())}, key=order)


def check_known(version: str) -> None:
    if version not in versions():
        newer = order(version) > order(version_of(find_template()))
        raise ScaffoldError(
            f"This chatkit-scaffold does not know version {version} of the template; "
            f"it has {', '.join(versions())}.",
            "Install a newer chatkit-scaffold." if newer else "Is `template` in the record right?",
        )


def order(version: str) -> list[int]:
    return [int(part) for part in version.split(".") if part.isdigit()]


@contextmanager
def open_template(version: str) -> Iterator[Path]:
    """The folder of a version of the template."""
    check_known(version)
    if version == version_of(find_template()):
        yield find_template()
        return
    with tempfile.TemporaryDirectory(prefix="chatkit-scaffold-") as folder:
        create(_template(version), Path(folder, "templates"))
        yield Path(folder, "templates")


def snapshot(template: Path) -> Tree:
    """What of the template's folder is the template."""
    other = [ARCHIVE, *Menu(template).excluded]
    return {
        path: content
        for path, content in read_tree(template).items()
        if not any(fnmatch(part, pattern) for part in path.split("/") for pattern in other)
    }


def add(archive: bytes | None, version: str, template: Tree) -> bytes:
    """The archive with one more version, which is then there for good."""
    known = _unpack(archive)
    blobs = {_name(content): _encode(content) for content in template.values()}
    files = {path: _name(content) for path, content in sorted(template.items())}
    if known["versions"].get(version, files) != files:
        raise ScaffoldError(
            f"Template {version} is released and differs from this one.",
            "Raise template_version in templates/copier.yml.",
        )
    known["versions"][version] = files
    known["blobs"] |= blobs
    return lzma.compress(json.dumps(known, sort_keys=True).encode(), preset=9)


def _template(version: str) -> Tree:
    known = _load(find_template())
    files = known["versions"][version]
    return {path: _decode(known["blobs"][name]) for path, name in files.items()}


def _load(template: Path) -> dict[str, Any]:
    file = template / ARCHIVE
    return _unpack(file.read_bytes() if file.exists() else None)


def _unpack(archive: bytes | None) -> dict[str, Any]:
    if archive is None:
        return {"versions": {}, "blobs": {}}
    known: dict[str, Any] = json.loads(lzma.decompress(archive))
    return known


def _name(content: Content) -> str:
    return hashlib.sha256(json.dumps(_encode(content)).encode()).hexdigest()


def _encode(content: Content) -> dict[str, str]:
    if isinstance(content, str):
        return {"text": content}
    return {"base64": base64.b64encode(content).decode()}


def _decode(blob: dict[str, str]) -> Content:
    return blob["text"] if "text" in blob else base64.b64decode(blob["base64"])
