"""Moving all conversations, between databases that need no server. Any other pair works alike."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from chatkit.types import FileAttachment

from app.config import Settings
from app.identity import User
from app.stores import STORES, open_store
from app.stores.chat_store import ChatStore
from app.stores.comparison import compare, each
from app.stores.transfer import TABLES, main, transfer
from tests.databases import DATABASES
from tests.samples import add, begin

pytestmark = pytest.mark.anyio
ANOTHER = {"sqlite:///chat.db": "sqlite:///other.db", "memory://": "memory://"}
SECRET = next(f"{scheme}://me:secret@host/db" for scheme in STORES if scheme != "memory")


@pytest.fixture(params=[url for url in DATABASES if url in ANOTHER])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    return Settings(database_url=request.param, data_dir=tmp_path)


@pytest.fixture
async def source(store: ChatStore, ann: User, bob: User) -> ChatStore:
    """More than a batch, two users, and rows in every table."""
    for user in (ann, bob):
        thread = await begin(store, user)
        await add(store, user, thread, *(f"m{n}" for n in range(150)))
        await store.save_feedback(thread, "m3", "negative", user)
        file = FileAttachment(id=f"file-{user.id}", name="a", mime_type="text/plain")
        await store.save_attachment(file, user)
    return store


@pytest.fixture
async def other(settings: Settings) -> AsyncIterator[ChatStore]:
    url = ANOTHER[settings.database_url]
    async with open_store(settings.model_copy(update={"database_url": url})) as store:
        yield store


async def everything(store: ChatStore) -> list[object]:
    return [row[1:] for table in TABLES async for row in each(store, table)]


async def test_everything_arrives_in_its_order(source: ChatStore, other: ChatStore) -> None:
    assert await transfer(source, other, merge=False)
    assert len(await everything(other)) == 2 + 300 + 2 + 2
    assert await everything(other) == await everything(source)


async def test_what_was_stopped_goes_on(source: ChatStore, other: ChatStore) -> None:
    await other.put_rows("threads", await source.rows("threads", 0, 9))
    await other.put_rows("items", await source.rows("items", 0, 70))
    assert await transfer(source, other, merge=False)
    assert await everything(other) == await everything(source)


async def test_adding_to_others_has_to_be_said(
    source: ChatStore, other: ChatStore, ann: User
) -> None:
    mine = await begin(other, ann)
    await add(other, ann, mine, "mine")
    before = await everything(other)
    with pytest.raises(SystemExit, match="--merge"):
        await transfer(source, other, merge=False)
    assert await everything(other) == before
    for _ in range(2):
        assert await transfer(source, other, merge=True)
    after = await everything(other)
    assert len(after) == len(await everything(source)) + 2
    assert all(row in after for row in [*before, *await everything(source)])


async def test_nobody_gets_a_thread_of_somebody_else(source: ChatStore, other: ChatStore) -> None:
    [thread] = await source.rows("threads", 0, 1)
    await begin(other, User("eve"), id=thread.key["id"])
    with pytest.raises(SystemExit, match="another user's"):
        await transfer(source, other, merge=True)


async def test_another_order_is_a_difference(source: ChatStore, other: ChatStore) -> None:
    await other.put_rows("threads", await source.rows("threads", 0, 9))
    await other.put_rows("items", (await source.rows("items", 0, 400))[::-1])
    assert (await compare(source, other, "threads")).equal
    assert not (await compare(source, other, "items")).equal


@pytest.mark.parametrize(
    ("urls", "word"),
    [
        (["mysql://me:secret@host/db", SECRET], "SRC_URL starts with 'mysql'"),
        ([SECRET, SECRET], "the same"),
        ([SECRET, "VARIABLE"], "the same"),
        ([SECRET, "memory://"], "DST_URL"),
    ],
)
def test_wrong_arguments_are_named(
    urls: list[str],
    word: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("VARIABLE", SECRET)
    monkeypatch.setattr("sys.argv", ["transfer", *urls])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 2
    told = capsys.readouterr().err
    assert word in told
    assert "secret" not in told
