"""What a store needs beside its code, written into the files of a project of any make."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from chatkit_scaffold.scaffold.formats import FormatError
from chatkit_scaffold.scaffold.merge import Style, plain
from chatkit_scaffold.scaffold.plan import Action, Change
from chatkit_scaffold.scaffold.requirements import require
from chatkit_scaffold.tree import read_paths

DEPENDENCIES = ("pyproject.toml", "requirements.in", "requirements.txt")
OTHERS = ("Pipfile", "setup.py", "setup.cfg")
EXAMPLES = (".env.example", ".env.sample", ".env.template")
PYTHON = re.compile(r"^(?:requires-)?python\s*=\s*[\"'][^\"'\d]*3\.(\d+)", re.MULTILINE)
MINOR = 11
CHATKIT = re.compile(r"openai[-_.]chatkit", re.IGNORECASE)


@dataclass(frozen=True)
class Needs:
    requirements: Sequence[str]
    settings: Sequence[str]  # entries of a .env.example, each with its comment
    ignored: str  # the files that are no part of the code, as a pattern; empty: none


@dataclass(frozen=True)
class Files:
    """The texts in some folders, the nearest first, by their paths."""

    texts: dict[str, str]

    @staticmethod
    def read(root: Path, folders: Sequence[str]) -> "Files":
        names = (*DEPENDENCIES, *OTHERS, *EXAMPLES, ".gitignore")
        found = read_paths(root, [f"{folder}{name}" for folder in folders for name in names])
        return Files({path: text for path, text in found.items() if isinstance(text, str)})

    def named(self, *names: str) -> list[str]:
        return [path for path in self.texts if path.rpartition("/")[2] in names]

    @property
    def dependencies(self) -> str:
        """The file in which the app says what it needs: one that names ChatKit, if any does."""
        files = self.named(*DEPENDENCIES)
        naming = [path for path in files if CHATKIT.search(self.texts[path])]
        return next(iter([*naming, *files]), "")

    @property
    def home(self) -> str | None:
        """The folder of what is installed together."""
        path = self.dependencies or next(iter(self.named(*OTHERS)), None)
        return None if path is None else path.rpartition("/")[0]


def declare(files: Files, needs: Needs) -> Iterator[Change | str]:
    """The changes, and in words what is left to its owner."""
    if needs.requirements:
        yield _required(files, needs.requirements)
    example = next(iter(files.named(*EXAMPLES)), "")
    names = [entry.split("\n")[-1].partition("=")[0] for entry in needs.settings]
    if example:
        text = files.texts[example]
        new = [e for name, e in zip(names, needs.settings, strict=True) if f"{name}=" not in text]
        yield _changed(files, example, "".join(f"\n{entry}\n" for entry in new), "its settings")
    else:
        yield f"There is no .env.example that could name the settings: {', '.join(names)}."
    if needs.ignored:
        yield _ignored(files, needs.ignored)
    floor = PYTHON.search(files.texts.get(files.dependencies, ""))
    if floor and int(floor[1]) < MINOR:
        yield f"{files.dependencies} allows Python 3.{floor[1]}; the store needs 3.{MINOR}."


def _required(files: Files, requirements: Sequence[str]) -> Change | str:
    path = files.dependencies
    try:
        if not path:
            raise FormatError
        text = require(path, files.texts[path], requirements)
    except FormatError:
        where = path or "A file that says what the app needs"
        return f"{where} could not be changed: add {', '.join(requirements)} to your dependencies."
    return Change(path, Action.UPDATE, "its dependency", files.texts[path], text)


def _ignored(files: Files, pattern: str) -> Change | str:
    path = next(iter(files.named(".gitignore")), "")
    if not path:
        return f"Conversations are in {pattern.rstrip('*')}: keep it out of git."
    entry = pattern.removeprefix(path.removesuffix(".gitignore"))
    known = {line.strip().strip("/") for line in files.texts[path].splitlines()}
    done = known & {entry, entry.partition("/")[0], "*.db"}
    return _changed(files, path, "" if done else f"/{entry}\n", "conversations are not for git")


def _changed(files: Files, path: str, more: str, reason: str) -> Change:
    text = files.texts[path]
    new = Style.of(text).put_on(f"{plain(text)}{more}") if more else text
    return Change(path, Action.UPDATE, reason, text, new)
