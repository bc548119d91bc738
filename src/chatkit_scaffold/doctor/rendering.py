"""The pages of a project, and where Next.js runs its components: on the server until told."""

import re
from functools import cached_property
from pathlib import PurePosixPath

from chatkit_scaffold.doctor.files import PAGES, SCRIPTS, Files

DIRECTIVE = re.compile(r"\s*(?:(?://[^\n]*|/\*.*?\*/)\s*)*[\"']use client[\"']", re.DOTALL)
APP = re.compile(r"(^|/)app/(.*/)?(page|layout)\.[jt]sx?$")
ROUTES = re.compile(r"(^|/)pages/(.*/)?\w+\.[jt]sx?$")
SOURCE = re.compile(r"(?:from\s+|import\s+|import\(\s*)['\"][^'\"]*/([^'\"/]+)['\"]")
ROOT = re.compile(r"(^|/)app/layout\.[jt]sx?$|(^|/)pages/_document\.[jt]sx?$")


class Rendering:
    def __init__(self, files: Files) -> None:
        self._files = files
        self.scripts = files.ending(*SCRIPTS)  # whether they mention ChatKit or not
        self.pages = files.ending(*PAGES)
        app = any(APP.search(path) for path in self.scripts)
        pages = any(ROUTES.search(path) for path in self.scripts)
        self.is_app_router = app or (not pages and self._imports_next)

    @property
    def _imports_next(self) -> bool:
        return any(re.search(r"from ['\"]next/", self._files.text(p)) for p in self.scripts)

    def is_client(self, path: str) -> bool:
        return bool(DIRECTIVE.match(self._files.text(path)))

    def is_root(self, path: str) -> bool:
        return bool(ROOT.search(path))

    def on_server(self, path: str) -> bool:
        """A file without the directive, which no file with one brings to the browser."""
        if not self.is_app_router or ROUTES.search(path):
            return False
        return self._on_server(path, frozenset())

    def _on_server(self, path: str, seen: frozenset[str]) -> bool:
        if self.is_client(path) or path in seen:
            return False
        importers = self._importers(path)
        return (not importers or bool(APP.search(path))) or any(
            self._on_server(importer, seen | {path}) for importer in importers
        )

    def _importers(self, path: str) -> list[str]:
        pure = PurePosixPath(path)
        name = pure.parent.name if pure.stem == "index" else pure.stem
        return [p for p in self._imported.get(name, ()) if p != path]

    @cached_property
    def _imported(self) -> dict[str, list[str]]:
        """By the last part of what is imported: the files that do."""
        found: dict[str, list[str]] = {}
        for path in self.scripts:
            for name in {match[1] for match in SOURCE.finditer(self._files.text(path))}:
                for known in {name, name.rpartition(".")[0]} - {""}:
                    found.setdefault(known, []).append(path)
        return found
