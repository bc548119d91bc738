"""What the rules call wrong in endpoints, middleware and logins, seen from outside."""

import re
import secrets
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt
import pytest
from chatkit.types import ThreadMetadata
from starlette.middleware.sessions import SessionMiddleware

from tests.doctor.proving import NOW, Witness, post, proves, run, served, store, wrong
from tests.doctor.test_rules import RULES
from tests.facts.items import assistant
from tests.facts.server import body, message

pytestmark = pytest.mark.usefixtures("app")
HELLO = body("threads.create", input=message("my secret"))
LIST = body("threads.list", limit=5, order="desc")


@proves("CK303")
def test_ck303_it_is_no_event_stream() -> None:
    assert post(served("CK303"), HELLO).headers["content-type"] != "text/event-stream"


@proves("CK306")
def test_ck306_lists_are_an_error() -> None:
    assert post(served("CK306"), HELLO).status_code == 200
    assert post(served("CK306"), LIST).status_code == 500


@proves("CK310")
def test_ck310_the_exception_is_read_by_everybody() -> None:
    assert "validation error" in post(served("CK310"), b"{}").text


@proves("CK601")
def test_ck601_every_site_is_let_in_with_cookies() -> None:
    answer = post(wrong("CK601")["app"], b"{}", origin="https://evil.example", cookie="a=b")
    assert answer.headers["access-control-allow-origin"] == "https://evil.example"
    assert answer.headers["access-control-allow-credentials"] == "true"


@proves("CK602")
def test_ck602_the_page_is_let_in_nowhere() -> None:
    answer = post(wrong("CK602")["app"], b"{}", origin="http://localhost:5173")
    assert "access-control-allow-origin" not in answer.headers


@proves("CK604")
def test_ck604_nobody_minds_that_there_is_no_token() -> None:
    assert post(served("CK604"), HELLO).status_code == 200


@proves("CK605")
def test_ck605_a_word_makes_another_user() -> None:
    seen = Witness()
    post(served("CK605", store=seen), HELLO, **{"x-user-id": "somebody-else"})
    assert {"user_id": "somebody-else"} in seen.made


@proves("CK606")
def test_ck606_two_visitors_are_one() -> None:
    seen = Witness()
    for _ in range(2):
        app = served("CK606", store=seen)
        app.add_middleware(SessionMiddleware, secret_key=secrets.token_hex())
        post(app, HELLO)
    assert {context["user_id"] for context in seen.made} == {"anonymous"}


@proves("CK613")
def test_ck613_a_token_that_anybody_can_write() -> None:
    token = jwt.encode({"sub": "boss"}, "a key " * 9, algorithm="HS256")
    assert wrong("CK613")["user_of"](token) == "boss"
    request = httpx.Request("GET", "http://chat", headers={"Authorization": "Digest x"})
    assert wrong("CK613", 1)["token_of"](request) == "x"


@proves("CK614")
def test_ck614_everybody_knows_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JWT_SECRET", raising=False)
    known = [wrong("CK614")["secret"], wrong("CK614", 1)["Settings"]().session_secret]
    assert known == ["dev-secret", "change-me"]


@proves("CK615")
def test_ck615_anybody_reads_all_threads() -> None:
    namespace = wrong("CK615")
    namespace["store"] = Witness()
    transport = httpx.ASGITransport(namespace["app"])

    async def get() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://chat") as client:
            return await client.get("/debug/threads")

    assert [row["id"] for row in run(get()).json()] == ["thr_1"]


@proves("CK616")
def test_ck616_the_message_is_in_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    post(served("CK616"), HELLO)
    assert "my secret" in capsys.readouterr().out


@proves("CK218", "CK219")
@pytest.mark.parametrize("code", ["CK218", "CK219"])
def test_strangers_reach_it(code: str) -> None:
    item, thread = assistant("msg_1"), ThreadMetadata(id="thr", created_at=NOW)
    made = store(
        code, threads={"thr": thread, "me": {"thr": thread}}, items={"thr": {"msg_1": item}}
    )
    stranger: Any = object()
    assert run(made.load_item("thr", "msg_1", stranger)) is item
    if code == "CK218":
        run(made.delete_thread("thr", stranger))
        assert "thr" not in made.threads


@proves("CK525")
@pytest.mark.parametrize("number", [0, 1])
def test_ck525_there_is_no_such_route(number: int) -> None:
    address = re.search(r'url: "([^"]+)"', RULES["CK525"].wrong[number]["chat.js"])
    assert address
    path = urlsplit(address[1]).path or "/"
    assert post(served("CK525", 1), b"{}", path=path).status_code == 404
