"""Everything the rules may ask about a project, gathered once and only when asked."""

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from chatkit_scaffold.doctor.backend import Backend
from chatkit_scaffold.doctor.call import Call
from chatkit_scaffold.doctor.dependencies import Dependency, locked, read_dependencies
from chatkit_scaffold.doctor.environment import Variable, read_variables
from chatkit_scaffold.doctor.files import Files, Unchecked
from chatkit_scaffold.doctor.machine import Machine
from chatkit_scaffold.doctor.providers import Client, find_chat_models, find_clients, find_models
from chatkit_scaffold.doctor.remap import Remap, find_remaps
from chatkit_scaffold.doctor.rendering import Rendering
from chatkit_scaffold.doctor.script import Script, read_scripts
from chatkit_scaffold.doctor.sdk import Sdk
from chatkit_scaffold.doctor.setup import Setup, find_apis, find_setups
from chatkit_scaffold.doctor.web import (
    Endpoint,
    Route,
    find_endpoints,
    find_middleware,
    find_routes,
)

SELF_HOSTED, HOSTED, UNKNOWN = "self-hosted", "hosted", "unknown"


class Project:
    def __init__(self, files: Files, machine: Machine | None = None) -> None:
        self.files = files
        self.machine = machine or Machine()
        self.sdk = Sdk(self.machine)
        self.python = Backend(files, self.sdk)

    @cached_property
    def scripts(self) -> list[Script]:
        """The scripts and pages that mention ChatKit."""
        return read_scripts(self.files)

    @cached_property
    def frontends(self) -> list[Script]:
        here = [setup.script for setup in self.setups]
        return [s for s in self.scripts if s in here or "<openai-chatkit" in s.text]

    @cached_property
    def setups(self) -> list[Setup]:
        return list(find_setups(self.scripts))

    @cached_property
    def apis(self) -> list[Setup]:
        """How the chats reach their backends."""
        return list(find_apis(self.setups, self.scripts))

    @cached_property
    def rendering(self) -> Rendering:
        return Rendering(self.files)

    @cached_property
    def variables(self) -> list[Variable]:
        return read_variables(self.files)

    @cached_property
    def dependencies(self) -> list[Dependency]:
        return read_dependencies(self.files)

    def depends_on(self, *names: str) -> list[Dependency]:
        return [found for found in self.dependencies if found.name in names]

    def hides(self, name: str, importer: str) -> bool:
        """Whether Python may find a module of the project under this name, seen from a file: it
        starts at folders that are no packages themselves."""
        parts = importer.split("/")[:-1]
        folders = ["".join(f"{part}/" for part in parts[:n]) for n in range(len(parts) + 1)]
        starts = [f for f in folders if f"{f}__init__.py" not in self.files.entries]
        found = tuple(f"{folder}{more}{name}" for folder in starts for more in ("", "src/"))
        return any(
            path.startswith(tuple(f"{place}/" for place in found))
            or path.removesuffix(".py") in found
            for path in self.files.ending(".py")
        )

    def locked(self, path: str) -> list[tuple[str, str, str]]:
        """What lock files pin for a dependency file: lock, name, version."""
        return locked(self.files, path)

    @cached_property
    def routes(self) -> list[Route]:
        return list(find_routes(self.python))

    @cached_property
    def endpoints(self) -> list[Endpoint]:
        return list(find_endpoints(self.python))

    def middleware(self, name: str) -> list[Call]:
        return list(find_middleware(self.python, name))

    @cached_property
    def clients(self) -> list[Client]:
        return list(find_clients(self.python))

    @cached_property
    def models(self) -> list[tuple[Call, str]]:
        return list(find_models(self.python))

    @cached_property
    def chat_models(self) -> list[Call]:
        return list(find_chat_models(self.python))

    @cached_property
    def remaps(self) -> list[Remap]:
        """Where messages get ids of their own."""
        return find_remaps(self.python)

    @cached_property
    def mode(self) -> str:
        """`hosted` projects leave the backend to OpenAI and only ask it for sessions."""
        if self.python.servers or self.python.stores:
            return SELF_HOSTED
        hosted = any("getClientSecret" in script.text for script in self.scripts) or any(
            word in module.text
            for module in self.python.modules
            for word in ("chatkit.sessions", "chatkit/sessions")
        )
        if hosted:
            return HOSTED
        # A backend in the making, or a page whose backend is elsewhere.
        uses = any(True for _ in self.python.imported("chatkit")) or self.frontends
        return SELF_HOSTED if uses else UNKNOWN

    @property
    def unchecked(self) -> list[Unchecked]:
        return list(dict.fromkeys(self.files.unchecked))


def from_tree(tree: Mapping[str, str]) -> Project:
    """A project that is only a value; `$NAME` in it is a variable of the process."""
    files = {path: text for path, text in tree.items() if not path.startswith("$")}
    variables = {path[1:]: text for path, text in tree.items() if path.startswith("$")}
    return Project(Files(files), Machine(variables=variables))


def from_disk(files: Files, places: list[Path]) -> Project:
    folders = tuple(place if place.is_dir() else place.parent for place in places)
    return Project(files, Machine(folders, os.environ))
