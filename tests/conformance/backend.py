"""A backend to try the promises on, and a conversation held with it."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.render import render
from chatkit_scaffold.tree import create
from tests.conformance.visitor import Event, Item, Visitor, arrive
from tests.conftest import TEMPLATE
from tests.running import running

URL = os.environ.get("CHATKIT_TEST_URL", "")
ORIGIN = "https://app.example"
EVIL = "https://evil.example"
MENU = Menu(TEMPLATE)
STORES = next(list(q.values) for q in MENU.questions() if q.name == "stores")
LOGINS = "jwt"  # a backend whose users have tokens, and may attach files


@dataclass(frozen=True)
class Backend:
    url: str
    log: Path | None = None  # where a generated project writes it

    @property
    def generated(self) -> bool:
        return self.log is not None

    def visitor(self) -> AbstractContextManager[Visitor]:
        return arrive(self.url)


@dataclass(frozen=True)
class Chat:
    visitor: Visitor
    thread: str
    turns: list[list[Event]]

    @property
    def items(self) -> list[Item]:
        return self.visitor.items(self.thread)

    def of_type(self, kind: str) -> list[Item]:
        return [item for item in self.items if item["type"] == kind]


@contextmanager
def project(folder: Path, kind: str, url: str) -> Iterator[Backend]:
    logins = {"stores": ["sqlite"], "auth": "jwt", "attachments": "disk"}
    answers = logins if kind == LOGINS else {"stores": [kind]}
    create(render(TEMPLATE, MENU.resolve(answers)), folder / "project")
    env = {
        "LLM_PROVIDER": "demo",
        "LLM_FALLBACK": "",
        "DATABASE_URL": url,
        "DATA_DIR": str(folder / "data"),
        "ALLOWED_ORIGINS": f'["{ORIGIN}"]',
    }
    backend = folder / "project/backend"
    with running(backend, env=env) as client:
        yield Backend(str(client.base_url.join("/chatkit")), backend / "test-server.log")
