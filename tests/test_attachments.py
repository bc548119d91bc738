"""Files in a running backend: they reach the model over both APIs, and only their owner."""

import base64
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.render import render
from chatkit_scaffold.tree import create
from tests.conftest import TEMPLATE
from tests.llm.server import LlmServer
from tests.running import answer, body, message, parse, running, say, thread_id
from tests.test_providers import fresh, llm, settings

__all__ = ["fresh", "llm"]  # fixtures

pytestmark = pytest.mark.matrix
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
GIF = b"GIF89a/*<script>alert(1)</script>*/"
LIMIT = 200_000


# Both stores and both APIs, in two runs of everything.
@pytest.fixture(scope="module", params=[("sqlite", "openai"), ("memory", "gemini")], ids=str)
def chosen(request: pytest.FixtureRequest) -> tuple[str, str]:
    store, provider = request.param
    return store, provider


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory, menu: Menu, chosen: tuple[str, str]) -> Path:
    project = tmp_path_factory.mktemp("attachments") / "project"
    create(render(TEMPLATE, menu.resolve({"attachments": "disk", "stores": [chosen[0]]})), project)
    return project / "backend"


@pytest.fixture(scope="module")
def client(backend: Path, llm: LlmServer, chosen: tuple[str, str]) -> Iterator[httpx.Client]:
    with running(backend, env=settings(chosen[1], llm, MAX_FILE_SIZE=str(LIMIT))) as client:
        yield client


def announce(client: httpx.Client, kind: str, name: str, size: int = 1) -> httpx.Response:
    request = body("attachments.create", name=name, size=size, mime_type=kind)
    return client.post("/chatkit", json=request)


def upload(client: httpx.Client, content: bytes, kind: str, name: str = "a") -> httpx.Response:
    made = announce(client, kind, name).json()["upload_descriptor"]
    return client.request(made["method"], made["url"], content=content)


def attach(client: httpx.Client, content: bytes, kind: str, name: str = "a") -> str:
    response = upload(client, content, kind, name)
    assert response.status_code == 200, response.text
    return str(response.json()["id"])


def send(client: httpx.Client, ids: list[str], text: str = "look", thread: str = "") -> Any:
    op = "threads.add_user_message" if thread else "threads.create"
    request = body(op, thread_id=thread, input={**message(text), "attachments": ids})
    return client.post("/chatkit", json=request)


def stored(backend: Path) -> set[str]:
    return {path.name for path in (backend / "data/attachments").iterdir()}


def parts(request: dict[str, Any]) -> list[dict[str, Any]]:
    turns = request.get("messages") or request["input"]
    content = [turn["content"] for turn in turns if turn.get("role") == "user"]
    return [part for one in content if isinstance(one, list) for part in one]


def test_files_reach_the_model_in_this_turn_and_later_ones(
    client: httpx.Client, llm: LlmServer
) -> None:
    ids = [
        attach(client, PNG, "image/png"),
        attach(client, b"Miso is a cat. " * 10_000, "text/plain", "cat.txt"),
        attach(client, b"%PDF-1.7 ...", "application/pdf", "a.pdf"),
    ]
    events = parse(send(client, ids).text)
    assert "error" not in {event["type"] for event in events}
    thread = thread_id(events)
    say(client, "and again", thread)
    url = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
    assert len(llm.requests) == 2
    for request in llm.requests:
        assert request.status == 200
        if "messages" in request.body:
            words, image, text, pdf = parts(request.body)[:4]
            assert image == {"type": "image_url", "image_url": {"url": url, "detail": "auto"}}
            assert pdf["file"]["filename"] == "a.pdf"
        else:
            words, image, text, pdf = parts(request.body)[:4]
            assert image == {"type": "input_image", "image_url": url, "detail": "auto"}
            assert pdf["filename"] == "a.pdf"
        assert words["text"] == "look"
        assert text["text"].startswith("The user attached 'cat.txt', which holds:\n\nMiso is")
        assert len(text["text"]) < 50_000, "the text has no bound"


def test_a_file_without_words_and_one_that_is_gone(client: httpx.Client, llm: LlmServer) -> None:
    gone = attach(client, PNG, "image/png", "gone.png")
    thread = thread_id(parse(send(client, [gone], text="").text))
    assert all(part.get("text") != "" for part in parts(llm.requests[-1].body))
    client.post("/chatkit", json=body("attachments.delete", attachment_id=gone)).raise_for_status()
    assert answer(say(client, "still there?", thread)) == "echo: still there?"
    assert "gone.png" in str(parts(llm.requests[-1].body))


def test_a_stranger_finds_nothing_on_any_route(client: httpx.Client, backend: Path) -> None:
    made = announce(client, "image/png", "a.png").json()
    url = made["upload_descriptor"]["url"]
    guess = f"/attachments/{made['id']}"
    before = stored(backend)
    with httpx.Client(base_url=client.base_url) as stranger:
        stranger.get("/session").raise_for_status()

        def attempts() -> Iterator[httpx.Response]:
            yield stranger.put(guess, content=PNG)
            yield stranger.get(url[:-1] + ("A" if url[-1] != "A" else "B"))
            yield stranger.post(
                "/chatkit", json=body("attachments.delete", attachment_id=made["id"])
            )
            yield send(stranger, [made["id"]])

        assert [response.status_code for response in attempts()] == [404] * 4
        assert stored(backend) == before
        assert client.put(url, content=PNG).status_code == 200
        refused = list(attempts())
        assert [response.status_code for response in refused] == [404] * 4
        assert all("error" in response.json() for response in refused)
        # ChatKit's frame brings no cookie: the address is the permission.
        assert stranger.get(made["preview_url"]).content == PNG


@pytest.mark.parametrize(
    ("kind", "content", "status"),
    [
        ("image/png", PNG + bytes(LIMIT), 413),
        ("image/png", b"<html>", 415),
        ("application/pdf", PNG, 415),
        ("text/plain", b"%PDF-1.7", 415),
    ],
)
def test_refused_uploads_leave_nothing(
    client: httpx.Client, backend: Path, kind: str, content: bytes, status: int
) -> None:
    before = stored(backend)
    response = upload(client, content, kind)
    assert response.status_code == response.json()["error"]["status"] == status
    assert stored(backend) == before


def test_announcements_are_checked_and_names_are_cleaned(client: httpx.Client) -> None:
    assert announce(client, "image/svg+xml", "a").status_code == 415
    assert announce(client, "image/png", "a", LIMIT + 1).status_code == 413
    made = announce(client, "image/png", '../../etc/"\r\nX-Evil: 1\r\n\r\n.png').json()
    assert re.fullmatch("attachment_[0-9a-f]{32}", made["id"])
    assert made["name"] == "X-Evil 1.png"
    assert made["preview_url"].startswith(str(client.base_url))
    assert "metadata" not in made


def test_files_come_back_as_what_they_are(client: httpx.Client) -> None:
    def shown(content: bytes, kind: str, name: str) -> httpx.Response:
        url = announce(client, kind, name).json()["upload_descriptor"]["url"]
        client.put(url, content=content).raise_for_status()
        return client.get(url)

    gif = shown(GIF, "image/gif", "a")
    text = shown(b"<script>", "text/plain", "a.html")
    assert gif.headers["content-type"] == "image/gif"
    assert gif.headers["content-disposition"].startswith("inline")
    assert text.headers["content-disposition"] == 'attachment; filename="a.html"'
    for response in [gif, text]:
        assert response.headers["x-content-type-options"] == "nosniff"
    again = client.put(str(gif.url), content=b"GIF89a")
    assert again.status_code == 409
    assert client.get(str(gif.url)).content == GIF


def test_paths_lead_nowhere(client: httpx.Client, backend: Path) -> None:
    before = stored(backend)
    for path in ["..%2fchat.db", "..%2f..%2f.env", "%2e%2e", ".", "attachment_" + "0" * 32]:
        for method in ["GET", "PUT"]:
            response = client.request(method, f"/attachments/{path}", content=PNG)
            assert response.status_code in {404, 405}, (method, path)
    assert stored(backend) == before


def test_deleting_a_thread_removes_its_files(client: httpx.Client, backend: Path) -> None:
    made = announce(client, "image/png", "a").json()
    client.put(made["preview_url"], content=PNG).raise_for_status()
    mine, other = made["id"], attach(client, PNG, "image/png")
    thread = thread_id(parse(send(client, [mine]).text))
    assert {mine, other} <= stored(backend)
    client.post("/chatkit", json=body("threads.delete", thread_id=thread)).raise_for_status()
    assert mine not in stored(backend)
    assert other in stored(backend)
    assert client.get(made["preview_url"]).status_code == 404


def test_uploads_by_two_at_once_keep_one(client: httpx.Client, backend: Path) -> None:
    url = announce(client, "image/png", "a").json()["upload_descriptor"]["url"]
    with ThreadPoolExecutor(8) as threads:
        contents = [PNG + bytes([n]) * 150_000 for n in range(8)]
        done = list(threads.map(lambda content: client.put(url, content=content), contents))
    assert sorted(response.status_code for response in done) == [200] + [409] * 7
    kept = contents[next(n for n, response in enumerate(done) if response.status_code == 200)]
    assert client.get(url).content == kept
    assert not [name for name in stored(backend) if name.endswith(".draft")]


def test_without_the_choice_there_are_no_files(menu: Menu, tmp_path: Path) -> None:
    create(render(TEMPLATE, menu.resolve({})), tmp_path / "project")
    with running(tmp_path / "project/backend", env={"LLM_PROVIDER": "demo"}) as client:
        assert announce(client, "image/png", "a").status_code == 422
        assert list(client.get("/session").json()) == ["domainKey"]
        assert client.get("/attachments/x").status_code == 404
    assert not (tmp_path / "project/backend/data/attachments").exists()


def test_threads_with_files_go_on_when_the_choice_is_taken_back(menu: Menu, tmp_path: Path) -> None:
    env = {"LLM_PROVIDER": "demo", "DATA_DIR": str(tmp_path / "data")}
    for choice in ["disk", "none"]:
        create(render(TEMPLATE, menu.resolve({"attachments": choice})), tmp_path / choice)
    with running(tmp_path / "disk/backend", env=env) as client:
        thread = thread_id(parse(send(client, [attach(client, PNG, "image/png", "a.png")]).text))
        cookies = dict(client.cookies)
    with running(tmp_path / "none/backend", env=env) as client:
        client.cookies.clear()
        client.cookies.update(cookies)
        assert "'a.png'" in answer(say(client, "What did I say?", thread))


def test_a_wrong_address_stops_the_start(menu: Menu, tmp_path: Path) -> None:
    create(render(TEMPLATE, menu.resolve({"attachments": "disk"})), tmp_path / "project")
    done = subprocess.run(
        [sys.executable, "-m", "app", "--port", "0"],
        cwd=tmp_path / "project/backend",
        env={**os.environ, "LLM_PROVIDER": "demo", "PUBLIC_URL": "chat.example.com"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "PUBLIC_URL" in done.stderr
    assert "Traceback" not in done.stderr
