"""Backends made by hand, before and after: they run on the real SDK, and people talk to them."""

import asyncio
import importlib
from collections.abc import Callable
from pathlib import Path

import pytest
from chatkit.store import NotFoundError

from chatkit_scaffold.__main__ import run
from chatkit_scaffold.scaffold import adoption
from chatkit_scaffold.tree import create
from tests.adoption.backends import FLAT, NAMELESS, SHAPES
from tests.adoption.visits import Visitor, served
from tests.rendering import render


@pytest.fixture(autouse=True)
def cached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adoption, "render", render)
    monkeypatch.setattr("sys.dont_write_bytecode", True)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Where one backend lives, with all stores that need no server."""
    create(FLAT, tmp_path / "app")
    assert run(["add-store", "sqlite", "memory", "--project", str(tmp_path / "app"), "--yes"]) == 0
    return tmp_path / "app"


@pytest.mark.parametrize("shape", SHAPES)
def test_conversations_outlive_the_process_and_belong_to_one_person(
    shape: str, tmp_path: Path
) -> None:
    tree, where = SHAPES[shape]
    root = tmp_path / "mein Prøject"
    create(tree, root)
    with served(root, where) as client:
        thread, _ = Visitor(client, "ada").say("one")
        assert Visitor(client, "bob").threads() == [thread]
    with served(root, where) as client:
        assert Visitor(client, "ada").threads() == []

    assert run(["add-store", "sqlite", "--project", str(root), "--yes"]) == 0
    with served(root, where) as client:
        ada = Visitor(client, "ada")
        thread, answer = ada.say("one")
        assert answer == "You said ['one']"
        assert ada.say("two", thread)[1] == "You said ['one', 'two']"
    with served(root, where) as client:
        ada, bob = Visitor(client, "ada"), Visitor(client, "bob")
        assert ada.threads() == [thread]
        assert ada.say("three", thread)[1] == "You said ['one', 'two', 'three']"
        assert bob.threads() == []
        with pytest.raises(NotFoundError):
            bob.ask("threads.get_by_id", thread_id=thread)
    home = next(path for path in (root, root / "backend") if (path / "data").exists())
    assert (home / "data/chat.db").exists()


@pytest.mark.matrix
def test_on_postgres_too(
    new_database: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHATKIT_DATABASE_URL", new_database("postgres"))
    tree, where = SHAPES["source"]
    create(tree, tmp_path)
    assert run(["add-store", "postgres", "--project", str(tmp_path), "--yes"]) == 0
    with served(tmp_path, where) as client:
        thread, _ = Visitor(client, "ada").say("one")
    for lifespan in (True, False):
        with served(tmp_path, where, lifespan=lifespan) as client:
            assert Visitor(client, "ada").threads() == [thread]
            assert Visitor(client, "bob").threads() == []


def test_a_context_that_names_nobody_is_refused_until_its_owner_says_who_asks(
    tmp_path: Path,
) -> None:
    create(NAMELESS, tmp_path)
    assert run(["add-store", "sqlite", "--project", str(tmp_path), "--yes"]) == 0
    with served(tmp_path, "main") as client, pytest.raises(NotImplementedError, match="by user"):
        Visitor(client, "ada").threads()
    owner = tmp_path / "stores/owner.py"
    text = owner.read_text()
    start = text.index("    raise NotImplementedError")
    owner.write_text(f'{text[:start]}    return context["request"].headers["authorization"]\n')
    with served(tmp_path, "main") as client:
        thread, _ = Visitor(client, "ada").say("one")
        assert Visitor(client, "ada").threads() == [thread]
        assert Visitor(client, "bob").threads() == []
    assert run(["add-store", "memory", "--project", str(tmp_path), "--yes"]) == 0
    assert "authorization" in owner.read_text()


@pytest.mark.parametrize("url", ["sqlite:///other.db", "memory://"])
def test_tests_may_run_each_request_in_an_event_loop_of_its_own(
    root: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHATKIT_DATABASE_URL", url)
    with served(root, "main", lifespan=False) as client:
        thread, _ = Visitor(client, "ada").say("one")
        assert Visitor(client, "ada").say("two", thread)[1] == "You said ['one', 'two']"
    assert (root / "data").exists() == url.startswith("sqlite")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("redis://localhost", "starts with 'redis'; here are: sqlite, memory"),
        ("sqlite:///main.py/chat.db", "cannot be opened"),
    ],
)
def test_a_database_that_cannot_be_opened_ends_a_request_and_not_the_process(
    root: Path,
    url: str,
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("CHATKIT_DATA_DIR", str(root))
    monkeypatch.setenv("CHATKIT_DATABASE_URL", url)
    with served(root, "main") as client:
        with pytest.raises(Exception, match="cannot be reached at the moment"):
            Visitor(client, "ada").threads()
        assert reason in caplog.text
        monkeypatch.setenv("CHATKIT_DATABASE_URL", "sqlite:///good.db")
        assert Visitor(client, "ada").threads() == []


def test_it_opens_once_for_all_who_come_first_and_can_be_closed(root: Path) -> None:
    async def visit() -> None:
        stores = importlib.import_module("stores")
        store, context = stores.open_store(), {"user_id": "ada"}
        assert store is stores.open_store()
        first = asyncio.create_task(store.load_threads(9, None, "desc", context))
        others = [store.load_threads(9, None, "desc", context) for _ in range(9)]
        await asyncio.sleep(0)
        first.cancel()  # gone before the database is open
        assert [page.data for page in await asyncio.gather(*others)] == [[]] * 9
        assert len(store._openings) == 1
        await store.close()
        await store.close()
        assert (await store.load_threads(9, None, "desc", context)).data == []

    with served(root, "main"):
        asyncio.run(visit())


@pytest.mark.parametrize("context", [{"user_id": None}, {"user_id": ""}, {}])
def test_nobody_is_no_user(root: Path, context: dict[str, str]) -> None:
    with served(root, "main"):
        owner = importlib.import_module("stores.owner").owner
        assert owner({"user_id": 7}) == "7"
        with pytest.raises((PermissionError, KeyError)):
            owner(context)
