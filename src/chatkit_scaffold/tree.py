"""A project as a value, and the only code that writes into a user's folders."""

import shutil
import tempfile
from pathlib import Path

from chatkit_scaffold.error import ScaffoldError

Content = str | bytes
Tree = dict[str, Content]  # by path: relative, with forward slashes

SHOWN = 5


def read_tree(root: Path) -> Tree:
    """Every file below root; text where it is UTF-8, bytes where it is not."""
    tree: Tree = {}
    for path in sorted(root.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            try:
                tree[path.relative_to(root).as_posix()] = data.decode()
            except UnicodeDecodeError:
                tree[path.relative_to(root).as_posix()] = data
    return tree


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
                file.write_bytes(content.encode() if isinstance(content, str) else content)
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
