"""The files that the doctor reads: found without following links, read within bounds."""

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
SKIPPED = {
    "node_modules", "bower_components", "site-packages", "dist", "build", "out", "target", "vendor",
    "coverage", "htmlcov", "__pycache__", "__pypackages__", ".git", ".hg", ".svn", ".venv", "venv",
    ".next", ".nuxt", ".svelte-kit", ".output", ".vercel", ".netlify", ".turbo", ".parcel-cache",
    ".cache", ".tox", ".nox", ".eggs", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".idea",
    ".vscode",
}  # fmt: skip
SCRIPTS = (".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts")
PAGES = (".html", ".htm", ".vue", ".svelte", ".astro")
OTHERS = re.compile(
    r"\.env(\..+)?|.+\.env|pyproject\.toml|Pipfile|setup\.(py|cfg)|requirements.*\.(txt|in)|"
    r"(uv|poetry|pdm|Pipfile)\.lock|package\.json|package-lock\.json|pnpm-lock\.yaml|yarn\.lock|"
    r"bun\.lock|tsconfig.*\.json|Dockerfile.*|.*\.dockerfile|(docker-)?compose.*\.ya?ml|Procfile|"
    r"(vercel|railway)\.json|(netlify|fly)\.toml|render\.yaml|.*nginx.*\.conf|.*\.nginx|\.nvmrc|"
    r"\.node-version|\.python-version|\.gitignore|Makefile",
    re.IGNORECASE,
)
Span = tuple[int, int]


@dataclass(frozen=True)
class Unchecked:
    """What could not be looked at, so that silence about it is no praise."""

    code: str  # a rule, the beginning of several, or * for all that read the file
    reason: str


@dataclass(frozen=True)
class Plain:
    """A file whose places are offsets into its text."""

    path: str
    text: str

    def span(self, node: Span) -> Span:
        return node

    def place(self, node: Span) -> tuple[int, int]:
        before = self.text[: node[0]]
        return before.count("\n") + 1, len(before) - before.rfind("\n")


@dataclass
class Files:
    """Paths from the root, each with its text or the place to read it from."""

    entries: Mapping[str, str | Path]
    unchecked: list[Unchecked] = field(default_factory=list)
    _texts: dict[str, str] = field(default_factory=dict)

    @cached_property
    def paths(self) -> tuple[str, ...]:
        return tuple(sorted(self.entries))

    def ending(self, *suffixes: str) -> list[str]:
        return [path for path in self.paths if path.lower().endswith(suffixes)]

    def named(self, *names: str) -> list[str]:
        return [path for path in self.paths if path.rpartition("/")[2] in names]

    def text(self, path: str) -> str:
        """The text, or nothing when it cannot be had: the reason is then noted."""
        if path not in self._texts:
            entry = self.entries[path]
            self._texts[path] = entry if isinstance(entry, str) else self._read(path, entry)
        return self._texts[path]

    def _read(self, path: str, place: Path) -> str:
        try:
            status = place.stat()
            if not stat.S_ISREG(status.st_mode):
                return ""
            if status.st_size > MAX_BYTES:
                self.note(path, f"is larger than {MAX_BYTES // 1_000_000} MB")
                return ""
            return place.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError:
            self.note(path, "is not UTF-8 text")
        except OSError as error:
            self.note(path, f"cannot be read: {error.strerror}")
        return ""

    def plain(self, path: str) -> Plain:
        return Plain(path, self.text(path))

    def mention(self, word: str) -> bool:
        return any(word in self.text(path).lower() for path in self.paths)

    def note(self, path: str, reason: str, code: str = "*") -> None:
        self.unchecked.append(Unchecked(code, f"{path} {reason}"))

    def changed(self, texts: Mapping[str, str]) -> "Files":
        return Files({**self.entries, **texts}, list(self.unchecked))


def read_files(root: Path, places: list[Path]) -> Files:
    """What lies in these places, by its path from the root."""
    files = Files({})
    found: dict[str, str | Path] = {}
    for place in places:
        walked = [place] if place.is_file() else _walk(place, root, files)
        for file in walked:
            found[file.relative_to(root).as_posix()] = file
    files.entries = found
    return files


def _walk(top: Path, root: Path, files: Files) -> Iterator[Path]:
    folders = [(str(top), 0)]
    while folders:
        folder, depth = folders.pop()
        try:
            with os.scandir(folder) as listing:
                entries = list(listing)
        except OSError as error:
            files.note(os.path.relpath(folder, root), f"cannot be read: {error.strerror}")
            continue
        if any(entry.name == "pyvenv.cfg" for entry in entries):
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in SKIPPED and depth < MAX_DEPTH:
                    folders.append((entry.path, depth + 1))
            elif wanted(entry.name) and entry.is_file():
                yield Path(entry.path)


def wanted(name: str) -> bool:
    return name.lower().endswith((".py", *SCRIPTS, *PAGES)) or bool(OTHERS.fullmatch(name))
