"""Nobody reads, changes or even notices what belongs to somebody else."""

from collections.abc import Iterator

import httpx
import pytest

from tests.conformance.backend import LOGINS, STORES, URL, Backend, Chat
from tests.conformance.operations import IN_A_THREAD, OPERATIONS, requests
from tests.conformance.visitor import Visitor, refusal
from tests.running import answer, message

pytestmark = [
    pytest.mark.matrix,
    pytest.mark.parametrize("backend", [URL] if URL else [*STORES, LOGINS], indirect=True),
]
WITH_ITEM = [
    "threads.add_structured_input",
    "threads.retry_after_item",
    "threads.custom_action",
    "threads.sync_custom_action",
    "items.feedback",
]


def aimed(op: str, thread: str, item: str) -> dict[str, object]:
    params = requests(thread, item)[op]
    return {**params, "item_id": item} if op.endswith("custom_action") else params


@pytest.mark.parametrize("op", IN_A_THREAD)
def test_a_strangers_thread_cannot_be_told_from_none(
    chat: Chat, strangers_chat: Chat, op: str
) -> None:
    owned, stranger = chat.visitor.everything(), strangers_chat.visitor
    before = stranger.everything()
    items = [chat.items[0]["id"], chat.items[-1]["id"], strangers_chat.items[0]["id"]]
    for make in (requests, lambda thread, item: {op: aimed(op, thread, item)}):
        for item in items:
            theirs = stranger.send(op, **make(chat.thread, item)[op])
            none = stranger.send(op, **make("thread_unknown", "message_unknown")[op])
            refusal(theirs, 404)
            assert theirs.content == none.content
            assert theirs.headers.keys() == none.headers.keys()
    assert chat.visitor.everything() == owned
    assert stranger.everything() == before


@pytest.mark.parametrize("op", WITH_ITEM)
def test_a_strangers_item_cannot_be_told_from_none(
    chat: Chat, strangers_chat: Chat, op: str
) -> None:
    owned, stranger = chat.visitor.everything(), strangers_chat.visitor
    before = stranger.everything()
    for item in chat.items:
        theirs = stranger.send(op, **aimed(op, strangers_chat.thread, item["id"]))
        none = stranger.send(op, **aimed(op, strangers_chat.thread, "message_unknown"))
        refusal(theirs, 404)
        assert theirs.content == none.content
    assert chat.visitor.everything() == owned
    assert stranger.everything() == before


def test_a_list_after_a_strangers_entry_is_empty(chat: Chat, strangers_chat: Chat) -> None:
    stranger, nothing = strangers_chat.visitor, {"data": [], "has_more": False}
    here = {"thread_id": strangers_chat.thread}
    for order in ("asc", "desc"):
        assert stranger.call("threads.list", after=chat.thread, order=order) == nothing
        for item in chat.items:
            listed = stranger.call("items.list", **here, after=item["id"], order=order)
            assert listed == nothing


def test_nobody_sees_the_threads_of_others(chat: Chat, strangers_chat: Chat) -> None:
    for one, other in [(chat, strangers_chat), (strangers_chat, chat)]:
        seen = str(one.visitor.everything())
        assert one.thread in seen
        assert other.thread not in seen
        assert not [item for item in other.items if item["id"] in seen]


@pytest.mark.parametrize("op", OPERATIONS)
def test_someone_without_a_cookie_reaches_nothing(backend: Backend, chat: Chat, op: str) -> None:
    before = chat.visitor.everything()
    with backend.visitor() as nobody:
        response = nobody.send(op, **requests(chat.thread, chat.items[0]["id"])[op])
    assert chat.thread not in response.text
    assert not [item for item in chat.items if item["id"] in response.text]
    assert chat.visitor.everything() == before


def test_a_forged_cookie_is_a_stranger(generated: Backend, chat: Chat) -> None:
    for name, value in chat.visitor.client.cookies.items():
        user, _, signature = value.partition(".")
        for forged in (
            user,
            f"{user}.",
            f"{user}.{signature[::-1]}",
            f"{user[::-1]}.{signature}",
            f".{signature}",
            "",
            ".",
            "\x7e",
            "x" * 3000,
        ):
            with generated.visitor() as forger:
                forger.client.headers["cookie"] = f"{name}={forged}"
                refusal(forger.send("threads.get_by_id", thread_id=chat.thread), 404)
                assert forger.call("threads.list")["data"] == []


def test_a_script_in_the_page_cannot_read_the_cookie(visitor: Visitor, generated: Backend) -> None:
    cookie = visitor.send("threads.list").headers.get("set-cookie", "").lower()
    if "authorization" in visitor.client.headers and not cookie:
        return  # there is none
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_a_tool_knows_whose_chats_to_read(visitor: Visitor, generated: Backend, chat: Chat) -> None:
    title = chat.visitor.call("threads.get_by_id", thread_id=chat.thread)["title"]
    events = visitor.say("My recent chats?")
    assert "The tool says" in answer(events)
    assert f" {title};" not in answer(events)


def test_a_visitor_comes_back_as_the_same(backend: Backend, chat: Chat) -> None:
    with backend.visitor() as again:
        again.client.cookies.update(chat.visitor.client.cookies)
        again.client.headers.update(chat.visitor.client.headers)
        assert again.items(chat.thread) == chat.items


def ids_in(value: object, key: str = "") -> Iterator[str]:
    """Every id that is in what somebody can see."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from ids_in(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from ids_in(inner, key)
    elif isinstance(value, str) and (key == "id" or key.endswith("_id")):
        yield value


def with_one_id(op: str, own: Chat, foreign: str) -> Iterator[dict[str, object]]:
    """This operation on what is one's own, but for one id, in each place in turn."""
    params = aimed(op, own.thread, own.items[0]["id"])
    for key in ("thread_id", "item_id", "after", "attachment_id"):
        if key in params:
            yield {**params, key: foreign}
    if "item_ids" in params:
        yield {**params, "item_ids": [foreign]}
        yield {**params, "item_ids": [own.items[0]["id"], foreign]}
    if op in {"threads.create", "threads.add_user_message"}:
        yield {**params, "input": {**message("Hi"), "attachments": [foreign]}}


@pytest.mark.parametrize("op", OPERATIONS)
def test_no_id_of_another_opens_anything(
    backend: Backend, chat: Chat, strangers_chat: Chat, op: str
) -> None:
    owned = chat.visitor.everything()
    foreign = {*ids_in(owned), *owned}
    file = {"name": "a.txt", "size": 1, "mime_type": "text/plain"}
    made = chat.visitor.send("attachments.create", **file)
    if made.is_success:  # an app that takes files
        foreign.add(made.json()["id"])
        assert httpx.put(made.json()["upload_descriptor"]["url"], content=b"x").is_success
    secrets = [item["content"][0]["text"] for item in chat.of_type("assistant_message")]
    for stolen in sorted(foreign):
        for params in with_one_id(op, strangers_chat, stolen):
            response = strangers_chat.visitor.send(op, **params)
            if response.is_success:
                assert response.json() == {"data": [], "has_more": False}, params
            else:
                refusal(response)
            assert not [secret for secret in secrets if secret in response.text]
    assert chat.visitor.everything() == owned
    if made.is_success:
        assert httpx.get(made.json()["upload_descriptor"]["url"]).content == b"x"
