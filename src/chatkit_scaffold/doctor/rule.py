"""What a rule, a finding and a fix are. A rule imports this module and nothing else of ours."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from chatkit_scaffold.doctor.alternatives import alternatives
from chatkit_scaffold.doctor.apologies import apologies, handler_of, told
from chatkit_scaffold.doctor.call import Call
from chatkit_scaffold.doctor.classes import Class, Method
from chatkit_scaffold.doctor.clock import is_now, moments
from chatkit_scaffold.doctor.dependencies import Dependency
from chatkit_scaffold.doctor.environment import Variable, is_env, is_example
from chatkit_scaffold.doctor.expressions import outcomes, resolve
from chatkit_scaffold.doctor.feeding import is_all
from chatkit_scaffold.doctor.identity import claims, shared, written_down
from chatkit_scaffold.doctor.imports import imported, keeps_imports
from chatkit_scaffold.doctor.jsx import CHATS, around, attributes, classes, elements
from chatkit_scaffold.doctor.kinds import chain, kind
from chatkit_scaffold.doctor.logs import private_lines, sees_everything
from chatkit_scaffold.doctor.neighbours import beside
from chatkit_scaffold.doctor.project import Project
from chatkit_scaffold.doctor.providers import Client
from chatkit_scaffold.doctor.python import Module
from chatkit_scaffold.doctor.remap import HELPER as REMAP_HELPER
from chatkit_scaffold.doctor.remap import NAME as REMAP_NAME
from chatkit_scaffold.doctor.schema import annotated, events, handlers, mismatches, nearest
from chatkit_scaffold.doctor.scoping import context_users
from chatkit_scaffold.doctor.script import Script
from chatkit_scaffold.doctor.secrets import find_keys
from chatkit_scaffold.doctor.setup import ELEMENT, HOOK, Setup
from chatkit_scaffold.doctor.syntax import Function, following, named, scope
from chatkit_scaffold.doctor.turn import asks_for, turns
from chatkit_scaffold.doctor.web import Endpoint, result_names

__all__ = [
    "CHATS", "ELEMENT", "ERROR", "HOOK", "INFO", "REMAP_HELPER", "REMAP_NAME", "SCRIPT_URL",
    "WARNING", "Call", "Class", "Client", "Dependency", "Edit", "Endpoint", "Finding", "Findings",
    "Fix", "Function", "Method", "Module", "Project", "Rule", "Script", "Setup", "Severity", "Text",
    "Tree", "Variable", "alternatives", "annotated", "apologies", "around", "asks_for",
    "attributes", "beside", "chain", "claims", "classes", "context_users", "elements", "events",
    "find_keys", "following", "handler_of", "handlers", "imported", "is_all", "is_env",
    "is_example", "is_now", "keeps_imports", "kind", "mismatches", "moments", "named", "nearest",
    "outcomes", "private_lines", "resolve", "result_names", "scope", "sees_everything", "shared",
    "told", "turns", "written_down",
]  # fmt: skip

Severity = Literal["error", "warning", "info"]
ERROR: Severity = "error"  # it fails, loses data or opens a hole
WARNING: Severity = "warning"  # it will, once something likely happens
INFO: Severity = "info"

SCRIPT_URL = "https://cdn.platform.openai.com/deployments/chatkit/chatkit.js"

Tree = Mapping[str, str]  # a small project, by path; `$NAME` is a variable of the process


class Text(Protocol):
    """A file that was read: Python, a script or a page."""

    @property
    def path(self) -> str: ...
    def place(self, node: Any) -> tuple[int, int]: ...  # line and column, both from 1
    def span(self, node: Any) -> tuple[int, int]: ...  # offsets into the text


@dataclass(frozen=True)
class Edit:
    path: str
    start: int
    end: int
    text: str

    @classmethod
    def replace(cls, source: Text, node: Any, text: str) -> "Edit":
        return cls(source.path, *source.span(node), text)

    @classmethod
    def insert(cls, source: Text, offset: int, text: str) -> "Edit":
        return cls(source.path, offset, offset, text)


@dataclass(frozen=True)
class Fix:
    """Edits that belong together. Safe ones repair a certain failure and change nothing else."""

    edits: tuple[Edit, ...]
    safe: bool = False


@dataclass(frozen=True)
class Finding:
    path: str
    line: int
    column: int
    message: str
    fix: Fix | None = None
    severity: Severity | None = None  # none: the rule's own
    code: str = ""  # the engine fills it in

    @classmethod
    def at(
        cls,
        source: Text,
        node: Any,
        message: str,
        fix: Fix | None = None,
        severity: Severity | None = None,
    ) -> "Finding":
        return cls(source.path, *source.place(node), message, fix, severity)


Findings = Iterator[Finding]


@dataclass(frozen=True)
class Rule:
    code: str
    name: str
    title: str
    text: str
    severity: Severity
    wrong: Sequence[Tree]
    right: Sequence[Tree]
    check: Callable[[Project], Findings]
