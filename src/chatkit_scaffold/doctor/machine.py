"""The machine around a project: which packages are installed for it. Nothing of it is run."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

ENVIRONMENTS = (".venv", "venv", "env", ".env")


@dataclass(frozen=True)
class Machine:
    """Seen from the folders of a project. No folders: a project that is only a value."""

    folders: tuple[Path, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)  # values stay in here

    @cached_property
    def _around(self) -> list[Path]:
        """The folders, and those above them up to the top of the repository."""
        found = list(self.folders)
        for folder in self.folders:
            for above in (folder, *folder.parents):
                if above not in found:
                    found.append(above)
                if (above / ".git").exists() or above == Path.home():
                    break
        return found

    def _environments(self) -> Iterator[Path]:
        for folder in self._around:
            yield from (folder / name for name in ENVIRONMENTS)
        if self.folders and self.variables.get("VIRTUAL_ENV"):
            yield Path(self.variables["VIRTUAL_ENV"])
        if self.folders:
            yield Path(sys.prefix)  # the doctor may be installed beside the app

    @cached_property
    def python_packages(self) -> list[Path]:
        found: list[Path] = []
        for environment in self._environments():
            if (environment / "pyvenv.cfg").is_file():
                found += sorted(environment.glob("lib/python3*/site-packages"))
                found += sorted(environment.glob("Lib/site-packages"))
        return list(dict.fromkeys(found))

    @cached_property
    def node_packages(self) -> list[Path]:
        return [f / "node_modules" for f in self._around if (f / "node_modules").is_dir()]

    def python_package(self, distribution: str) -> tuple[Path, str] | None:
        """Where it is installed, and its version."""
        stem = distribution.replace("-", "_")
        for folder in self.python_packages:
            for info in folder.glob(f"{stem}-*.dist-info"):
                version = info.name.removeprefix(f"{stem}-").removesuffix(".dist-info")
                return folder, version
        return None

    def node_package(self, name: str) -> Path | None:
        folders = (packages / name for packages in self.node_packages)
        return next((f for f in folders if (f / "package.json").is_file()), None)
