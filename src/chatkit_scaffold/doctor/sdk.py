"""What the SDKs really offer: read from the packages installed for the project, else from the
snapshot that comes with the doctor."""

import json
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from importlib.resources import files
from typing import Any, TypeVar

from chatkit_scaffold.doctor.machine import Machine

PYTHON = {"chatkit": "openai-chatkit", "agents": "openai-agents"}
NODE = ("@openai/chatkit", "@openai/chatkit-react")
Table = Mapping[str, Any]
T = TypeVar("T")


class Sdk:
    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    @cached_property
    def bundled(self) -> Table:
        text = files("chatkit_scaffold.doctor").joinpath("snapshot.json").read_text("utf-8")
        table: Table = json.loads(text)
        return table

    @cached_property
    def sources(self) -> dict[str, dict[str, str]]:
        """By package: its version, and whether it is installed or the bundled snapshot is used."""
        return {
            name: {"version": table["version"], "from": table.get("from", "bundled")}
            for name, table in (*self._python.items(), *self._node.items())
        }

    @cached_property
    def _python(self) -> dict[str, Table]:
        return {name: self._installed(module, name) for module, name in PYTHON.items()}

    def _installed(self, module: str, distribution: str) -> Table:
        bundled: Table = self.bundled[distribution]
        found = self._machine.python_package(distribution)
        if found is None:
            return bundled
        folder, version = found
        if version == bundled["version"]:
            return {**bundled, "from": "installed"}
        from chatkit_scaffold.doctor.snapshot import read_python

        read = partial(read_python, folder / module, version)
        return _or(bundled, lambda: {**read(), "from": "installed"})

    @cached_property
    def _node(self) -> dict[str, Table]:
        return {name: self._installed_node(name) for name in NODE}

    def _installed_node(self, name: str) -> Table:
        bundled: Table = self.bundled[name]
        folder = self._machine.node_package(name)
        if folder is None:
            return bundled
        from chatkit_scaffold.doctor.snapshot import node_version, read_node

        if _or("", lambda: node_version(folder)) == bundled["version"]:
            return {**bundled, "from": "installed"}
        return _or(bundled, lambda: {**read_node(folder), "from": "installed"})

    def exports(self, module: str) -> frozenset[str]:
        """The names of a module; none for one that does not exist."""
        package = self._python.get(PYTHON.get(module.partition(".")[0], ""), {})
        return frozenset(package.get("modules", {}).get(module, ()))

    def has(self, module: str) -> bool:
        """Whether an SDK has this module; of other packages nothing is known."""
        package = self._python.get(PYTHON.get(module.partition(".")[0], ""), {})
        return module in package.get("modules", {})

    def homes(self, name: str) -> list[str]:
        """The modules that define a name."""
        return [home for p in self._python.values() for home in p["homes"].get(name, ())]

    def methods(self, owner: str) -> Mapping[str, Table]:
        """Of a class of ChatKit: `{"load_thread": {"parameters": [...], "async": true, ...}}`."""
        table: Mapping[str, Table] = self._python["openai-chatkit"]["classes"].get(owner, {})
        return table

    def fields(self, model: str) -> Mapping[str, Table]:
        """Of a model of ChatKit: `{"code": {"required": true, "literals": ["custom", ...]}}`."""
        table: Mapping[str, Table] = self._python["openai-chatkit"]["models"].get(model, {})
        return table

    @property
    def icons(self) -> frozenset[str]:
        return frozenset(self._python["openai-chatkit"]["icons"])

    def type(self, name: str) -> Table:
        """Of `@openai/chatkit`: `ChatKitOptions` as its keys, literal values and references."""
        table: Table = self._node["@openai/chatkit"]["types"].get(name, {})
        return table

    def node(self, name: str) -> Table:
        return self._node[name]

    def pair(self, distribution: str) -> str:
        """The bounds of the version that is installed, or known here."""
        version = self.version(distribution)
        major, minor, *_ = version.split(".")
        return f">={version},<{major}.{int(minor) + 1}"

    def release(self, module: str) -> str:
        distribution = PYTHON[module.partition(".")[0]]
        return f"{distribution} {self.version(distribution)}"

    def version(self, distribution: str) -> str:
        return self.sources[distribution]["version"]


def _or(fallback: T, read: Callable[[], T]) -> T:
    """A package that is half there or of an unknown shape must not stop the examination."""
    try:
        return read()
    except (OSError, ValueError, SyntaxError, KeyError, RecursionError):
        return fallback
