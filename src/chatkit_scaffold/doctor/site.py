"""Where in the folders of somebody's work a backend of ChatKit is."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chatkit_scaffold.doctor.files import read_files
from chatkit_scaffold.doctor.project import Project, from_disk
from chatkit_scaffold.doctor.wiring import Wiring, find_wiring
from chatkit_scaffold.error import ScaffoldError

DECLARATIONS = ("pyproject.toml", "requirements.txt", "requirements.in", "Pipfile", "setup.py")


@dataclass(frozen=True)
class Site:
    root: Path  # of the repository, or of what is installed together
    project: Project  # its paths are from this root on
    wiring: Wiring

    @property
    def folder(self) -> str:
        """Beside which a store belongs."""
        return self.wiring.module.path.rpartition("/")[0]

    def above(self) -> Iterator[str]:
        """The folder and those around it, up to the root, as beginnings of paths."""
        parts = self.folder.split("/") if self.folder else []
        for n in range(len(parts), -1, -1):
            yield "".join(f"{part}/" for part in parts[:n])


def find_site(folder: Path | None) -> Site | None:
    """In this folder, or in the nearest of those around the current one."""
    start = (folder or Path()).expanduser().absolute()
    root, unread = _root(start), list[str]()
    for here in (start, *start.parents):
        files = read_files(root, [here])
        if files.mention("chatkit"):
            project = from_disk(files, [here])
            wiring = find_wiring(project)
            if wiring:
                return Site(root, project, wiring)
            unread += [one.reason for one in project.unchecked]
        if here == root or folder:
            break
    if unread:
        raise ScaffoldError(f"No server of ChatKit was found, but {unread[0]}.", "Mend it first.")
    return None


def _root(start: Path) -> Path:
    folders = [start, *start.parents]
    in_git = [folder for folder in folders if (folder / ".git").exists()]
    declared = [f for f in folders if any((f / name).is_file() for name in DECLARATIONS)]
    return next(iter([*in_git, *declared]), start)
