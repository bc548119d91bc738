"""What the proofs share: the WRONG of a rule as code that runs, and which rules are proven.

Each proof runs its rule's WRONG against the real SDKs and sees it fail.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from types import ModuleType, SimpleNamespace
from typing import Any, TypeVar

import httpx
from chatkit.server import ChatKitServer
from chatkit.store import Store
from chatkit.types import AssistantMessageItem, ThreadItemDoneEvent, ThreadMetadata

from tests.doctor.test_rules import RULES
from tests.facts.items import assistant
from tests.facts.store import DictStore

Test = TypeVar("Test", bound=Callable[..., object])
PROVEN: set[str] = set()


def proves(*codes: str) -> Callable[[Test], Test]:
    """Marks a test as the proof of rules."""

    def mark(test: Test) -> Test:
        PROVEN.update(codes)
        return test

    return mark


ME = SimpleNamespace(user_id="me", new_id=lambda: "new", next_number=lambda: "1")
NOW = datetime(2026, 1, 2)
THREAD = ThreadMetadata(id="thr", created_at=NOW)
ITEM = AssistantMessageItem(id="msg", thread_id="thr", created_at=NOW, content=[])


class Anything(ModuleType):
    """A module of the app that the snippet imports from."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return SimpleNamespace(name=name)


def wrong(code: str, number: int = 0) -> dict[str, Any]:
    """What the Python file of a rule's WRONG defines."""
    namespace: dict[str, Any] = {"__name__": "wrong"}
    text = next(t for path, t in RULES[code].wrong[number].items() if path.endswith(".py"))
    exec(text, namespace)  # noqa: S102 (our own text)
    return namespace


def whole(cls: type, base: type, **fields: Any) -> Any:
    """An object of a class that leaves most of an abstract one to others."""

    async def nothing(*_: object, **__: object) -> None: ...

    missing = dict.fromkeys(base.__abstractmethods__ - set(vars(cls)), nothing)  # type: ignore[attr-defined]
    made = type(cls.__name__, (cls,), missing)
    return made(DictStore()) if base is ChatKitServer else vars_of(made(), fields)


def vars_of(made: Any, fields: dict[str, Any]) -> Any:
    vars(made).update(fields)
    return made


def store(code: str, **fields: Any) -> Any:
    return whole(wrong(code)["MyStore"], Store, **fields)


def server(code: str) -> Any:
    return whole(wrong(code)["Server"], ChatKitServer)


def run(awaitable: Awaitable[Any]) -> Any:
    async def wait() -> Any:
        return await awaitable

    return asyncio.run(wait())


def rows(count: int) -> list[SimpleNamespace]:
    return [SimpleNamespace(id=f"item_{n}", created_at=n) for n in range(count)]


class ScriptedStore(DictStore):
    def __init__(self, threads: Store[Any]) -> None:
        super().__init__()
        self.load_thread = threads.load_thread  # type: ignore[method-assign]


class Witness(DictStore):
    """Keeps who asked for a new thread to be saved."""

    def __init__(self) -> None:
        super().__init__()
        self.made: list[Any] = []

    async def save_thread(self, thread: ThreadMetadata, context: Any) -> None:
        self.made.append(context)
        await super().save_thread(thread, context)


def served(code: str, number: int = 0, store: Store[Any] | None = None) -> Any:
    """The app of a rule's WRONG, whose server answers with one message."""
    namespace = wrong(code, number)
    made = namespace["Server"]

    async def answer(*_: object) -> Any:
        return ThreadItemDoneEvent(item=assistant("msg_answer"))

    made.answer = answer
    kept = store or DictStore()
    namespace["Server"] = lambda _: made(kept)
    if "server" in namespace:
        namespace["server"] = made(kept)
    return namespace["app"]


def post(app: Any, content: bytes, path: str = "/chatkit", **headers: str) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://chat") as client:
            return await client.post(path, content=content, headers=headers)

    return asyncio.run(send())
