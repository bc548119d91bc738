"""A project as a value, and the only code that writes into a user's folders."""

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from chatkit_scaffold.error import ScaffoldError

Content = str | bytes
Tree = dict[str, Content]  # by path: relative, with forward slashes

SHOWN = 5


@dataclass(frozen=True)
class Blocked:
    """No file can be written there, and this is why."""

    reason: str


def read_tree(root: Path) -> Tree:
    """Every file below root; text where it is UTF-8, bytes where it is not."""
    files = (path for path in sorted(root.rglob("*")) if path.is_file())
    return {path.relative_to(root).as_posix(): _read(path) for path in files}


def read_paths(root: Path, paths: Iterable[str]) -> dict[str, Content | Blocked]:
    """What is at these paths and nowhere else; a path with nothing there is left out."""
    found = ((path, look(root, path)) for path in paths)
    return {path: content for path, content in found if content is not None}


def look(root: Path, path: str) -> Content | Blocked | None:
    here = root
    try:
        for part in path.split("/"):
            if not here.is_dir():
                return Blocked(f"{here.relative_to(root)} is a file")
            names = [entry.name for entry in here.iterdir()]
            if part not in names:
                close = [name for name in names if name.casefold() == part.casefold()]
                return Blocked(f"{close[0]} differs in its case alone") if close else None
            here = here / part
            if here.is_symlink():
                return Blocked(f"{here.relative_to(root)} is a link")
        return _read(here) if here.is_file() else Blocked("a folder has that name")
    except OSError as error:
        return Blocked(f"{here.relative_to(root)} cannot be read: {error.strerror}")


def _read(file: Path) -> Content:
    data = file.read_bytes()
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data


def as_bytes(content: Content) -> bytes:
    return content.encode() if isinstance(content, str) else content


def check_free(root: Path) -> None:
    """Refuses a folder in which a new project could overwrite something."""
    try:
        if root.is_symlink() and not root.exists():
            raise ScaffoldError(f"{root} is a link to nothing.", "Choose another folder.")
        if root.exists() and not root.is_dir():
            raise ScaffoldError(f"{root} is a file.", "Choose another folder.")
        there = sorted(p.name for p in root.iterdir() if p.name != ".git") if root.exists() else []
    except OSError as error:
        raise ScaffoldError(f"{root} cannot be used: {error.strerror}.") from error
    if there:
        names = ", ".join(there[:SHOWN])
        rest = f" and {len(there) - SHOWN} more" if len(there) > SHOWN else ""
        raise ScaffoldError(
            f"{root} is not empty: {names}{rest}.", "Choose a new folder, or an empty one."
        )


def create(tree: Tree, root: Path) -> None:
    """Writes a whole project into a new or empty folder, or leaves everything as it was."""
    check_free(root)
    # Staged on the disk where it will live, so that the last step is a rename.
    nearest = next(folder for folder in (root, *root.parents) if folder.exists())
    try:
        staging = Path(tempfile.mkdtemp(prefix=".chatkit-scaffold-", dir=nearest))
        try:
            project = staging / "project"
            project.mkdir()
            for path, content in tree.items():
                file = project / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(as_bytes(content))
            _place(project, root)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise ScaffoldError(
            f"{root} could not be written: {error.strerror}.", "Nothing was changed."
        ) from error


def _place(project: Path, root: Path) -> None:
    made = [folder for folder in root.parents if not folder.exists()]
    moved: list[Path] = []
    try:
        if root.exists():
            for entry in list(project.iterdir()):
                moved.append(entry.rename(root / entry.name))
        else:
            root.parent.mkdir(parents=True, exist_ok=True)
            project.rename(root)
    except BaseException:
        for entry in moved:
            entry.rename(project / entry.name)
        for folder in made:
            if folder.exists():
                folder.rmdir()
        raise
