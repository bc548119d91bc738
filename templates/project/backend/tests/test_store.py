"""What ChatKit and the app expect of a store. A store of your own has to pass this too."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import get_args
from uuid import uuid4

import pytest
from chatkit.store import NotFoundError, Store, StoreItemType
from chatkit.types import Attachment, Page, Thread, ThreadItem, ThreadMetadata
from pydantic import BaseModel

from app.identity import User
from app.stores.chat_store import ATTACHMENT, THREAD, ChatStore
from tests.samples import ITEMS, LATER, NOW, STRANGE, TIMES, add, begin, make

pytestmark = pytest.mark.anyio
METHODS = sorted(Store.__abstractmethods__ | {"generate_thread_id", "generate_item_id"})
ROUNDS = 25
UNKNOWN = ["", "\x00", "%", "' OR 1=1 --", "x" * 5000]


def file(thread: str) -> Attachment:
    known = {"type": "file", "id": f"{thread}-file", "name": "a", "mime_type": "text/plain"}
    return ATTACHMENT.validate_python(known)


# What can be done to a thread and to what belongs to it. Nobody but its owner may.
DEEDS: dict[str, Callable[[ChatStore, str, User], Awaitable[object]]] = {
    "load thread": lambda store, thread, user: store.load_thread(thread, user),
    "delete thread": lambda store, thread, user: store.delete_thread(thread, user),
    "load items": lambda store, thread, user: store.load_thread_items(thread, None, 9, "asc", user),
    "load item": lambda store, thread, user: store.load_item(thread, "a", user),
    "add item": lambda store, thread, user: add(store, user, thread, "new"),
    "add item again": lambda store, thread, user: add(store, user, thread, "a", at=LATER),
    "give feedback": lambda store, thread, user: store.save_feedback(thread, "a", "negative", user),
    "load file": lambda store, thread, user: store.load_attachment(f"{thread}-file", user),
    "delete file": lambda store, thread, user: store.delete_attachment(f"{thread}-file", user),
}
TAKEOVERS: dict[str, Callable[[ChatStore, str, User], Awaitable[object]]] = {
    "save thread": lambda store, thread, user: begin(store, user, id=thread),
    "save file": lambda store, thread, user: store.save_attachment(file(thread), user),
}


def same(one: BaseModel, other: BaseModel) -> bool:
    return one == other and one.model_dump_json() == other.model_dump_json()


@pytest.mark.parametrize("name", METHODS)
def test_the_methods_are_those_of_the_sdk(name: str) -> None:
    ours, theirs = (inspect.signature(getattr(type, name)) for type in (ChatStore, Store))
    assert list(ours.parameters) == list(theirs.parameters)
    for method in (getattr(ChatStore, name), getattr(Store, name)):
        assert inspect.iscoroutinefunction(method) != name.startswith("generate")


async def test_ids_cannot_be_guessed(store: ChatStore, ann: User) -> None:
    thread = ThreadMetadata(id="t", created_at=NOW)
    ids = [store.generate_item_id(kind, thread, ann) for kind in get_args(StoreItemType)]
    ids += [store.generate_thread_id(ann) for _ in range(1000)]
    assert len(set(ids)) == len(ids)
    assert all(len(id.rpartition("_")[2]) >= 32 for id in ids)  # 128 bits


@pytest.mark.parametrize("kind", ITEMS)
async def test_items_come_back_as_they_were(
    store: ChatStore, ann: User, thread: str, kind: str
) -> None:
    item = make(kind, thread)
    await store.add_thread_item(thread, item, ann)
    assert same(await store.load_item(thread, "a", ann), item)
    [listed] = (await store.load_thread_items(thread, None, 10, "asc", ann)).data
    assert same(listed, item)


def test_there_is_an_item_of_every_kind() -> None:
    kinds = get_args(get_args(ThreadItem)[0])
    assert {kind.model_fields["type"].default for kind in kinds} == set(ITEMS)


@pytest.mark.parametrize("at", TIMES, ids=str)
@pytest.mark.parametrize("status", ["active", "locked", "closed"])
async def test_threads_come_back_as_they_were(
    store: ChatStore, ann: User, at: datetime, status: str
) -> None:
    known = {"id": store.generate_thread_id(ann), "title": STRANGE, "created_at": at}
    extra = {"status": {"type": status}, "allowed_image_domains": ["a.b"], "metadata": {"k": [{}]}}
    thread = THREAD.validate_python(known | extra)
    await store.save_thread(Thread(**thread.model_dump(), items=Page()), ann)
    loaded = await store.load_thread(thread.id, ann)
    assert type(loaded) is ThreadMetadata
    assert same(loaded, thread)
    kept = await store.get("threads", user_id=ann.id, id=thread.id)
    assert kept == thread.model_dump_json(), "items have rows of their own"
    assert (await store.load_threads(10, None, "asc", ann)).data == [thread]


async def test_attachments_come_back_as_they_were(store: ChatStore, ann: User) -> None:
    known = {"type": "image", "id": str(uuid4()), "name": STRANGE, "mime_type": "image/png"}
    url = "https://x.example/%20?a=b"
    upload = {"upload_descriptor": {"url": url, "method": "PUT", "headers": {"a": "b"}}}
    more = {"preview_url": url, "thread_id": "t", "metadata": {"k": 1}}
    first = ATTACHMENT.validate_python(known | more | upload)
    for attachment in (first, first.model_copy(update={"upload_descriptor": None})):
        await store.save_attachment(attachment, ann)
        assert same(await store.load_attachment(first.id, ann), attachment)
    assert len(await store.page("attachments", 10, None, True, user_id=ann.id)) == 1
    await store.delete_attachment(first.id, ann)
    with pytest.raises(NotFoundError):
        await store.load_attachment(first.id, ann)


async def test_what_was_loaded_is_a_copy(store: ChatStore, ann: User, thread: str) -> None:
    loaded = await store.load_thread(thread, ann)
    loaded.metadata["changed"] = True
    assert (await store.load_thread(thread, ann)).metadata == {}


async def everything(store: ChatStore, user: User, thread: str) -> list[object]:
    return [
        await store.load_threads(10, None, "asc", user),
        await store.load_thread_items(thread, None, 10, "asc", user),
        await store.get("feedback", user_id=user.id, thread_id=thread, id="a"),
        await store.load_attachment(file(thread).id, user),
    ]


@pytest.mark.parametrize("deed", DEEDS | TAKEOVERS)
async def test_a_stranger_finds_and_changes_nothing(
    store: ChatStore, ann: User, bob: User, thread: str, deed: str
) -> None:
    await add(store, ann, thread, "a", "b")
    await store.save_feedback(thread, "a", "positive", ann)
    await store.save_attachment(file(thread), ann)
    before = await everything(store, ann, thread)
    with pytest.raises(NotFoundError):
        await (DEEDS | TAKEOVERS)[deed](store, thread, bob)
    await store.delete_thread_item(thread, "a", bob)  # what is not there need not be deleted
    assert await everything(store, ann, thread) == before
    assert (await store.load_threads(10, None, "desc", bob)).data == []
    assert await store.page("attachments", 10, None, True, user_id=bob.id) == []


@pytest.mark.parametrize("deed", DEEDS)
async def test_what_is_not_there_is_not_found(store: ChatStore, ann: User, deed: str) -> None:
    for id in UNKNOWN:
        with pytest.raises(NotFoundError):
            await DEEDS[deed](store, id, ann)
    assert (await store.load_threads(10, None, "asc", ann)).data == []


async def test_an_item_that_is_not_there_is_not_found(
    store: ChatStore, ann: User, thread: str
) -> None:
    with pytest.raises(NotFoundError):
        await store.load_item(thread, "gone", ann)
    with pytest.raises(NotFoundError):
        await store.save_feedback(thread, "gone", "positive", ann)


async def test_ids_are_those_of_a_thread(store: ChatStore, ann: User, bob: User) -> None:
    homes = [(await begin(store, user), user) for user in (ann, ann, bob)]
    for n, (thread, user) in enumerate(homes):
        item = make("end_of_turn", thread, "a", NOW.replace(year=2000 + n))
        await store.save_item(thread, item, user)
        await store.save_feedback(thread, "a", "positive", user)
    for n, (thread, user) in enumerate(homes):
        assert (await store.load_item(thread, "a", user)).created_at.year == 2000 + n
    (first, _), (second, _), (third, _) = homes
    await store.delete_thread_item(first, "a", ann)
    assert (await store.load_thread_items(first, None, 10, "asc", ann)).data == []
    assert (await store.load_item(second, "a", ann)).id == "a"
    await store.delete_thread(second, ann)
    assert (await store.load_item(third, "a", bob)).id == "a"
    assert await store.get("feedback", user_id=bob.id, thread_id=third, id="a") == "positive"


@pytest.mark.parametrize("whole", [True, False], ids=["thread", "item"])
async def test_what_is_deleted_takes_along_what_belongs_to_it(
    store: ChatStore, ann: User, thread: str, whole: bool
) -> None:
    await add(store, ann, thread, "a")
    await store.save_feedback(thread, "a", "positive", ann)
    if whole:
        await store.delete_thread(thread, ann)
        with pytest.raises(NotFoundError):
            await store.load_thread(thread, ann)
        await begin(store, ann, id=thread)
    else:
        await store.delete_thread_item(thread, "a", ann)
    with pytest.raises(NotFoundError):
        await store.load_item(thread, "a", ann)
    assert (await store.load_thread_items(thread, None, 10, "asc", ann)).data == []
    assert await store.get("feedback", user_id=ann.id, thread_id=thread, id="a") is None


async def test_many_write_at_once(store: ChatStore, ann: User, thread: str) -> None:
    ids = {f"m{n}" for n in range(40)}
    await asyncio.gather(*(add(store, ann, thread, id) for id in ids))
    page = await store.load_thread_items(thread, None, 100, "asc", ann)
    assert sorted(item.id for item in page.data) == sorted(ids)


async def test_many_write_the_same_at_once(store: ChatStore, ann: User) -> None:
    for _ in range(ROUNDS):  # for what goes wrong only now and then
        id = store.generate_thread_id(ann)
        await asyncio.gather(*(begin(store, ann, id=id) for _ in range(10)))
    assert len((await store.load_threads(ROUNDS + 1, None, "asc", ann)).data) == ROUNDS
