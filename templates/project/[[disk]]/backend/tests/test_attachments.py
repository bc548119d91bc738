"""Files: who may upload and see them, what is refused, and what the model gets to read."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from app import demo, file_history
from app.attachments import COMPONENT
from app.config import Settings
from app.files import clean_name
from tests.conftest import PAGE, Client, answer_of, call, say

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def announce(
    client: TestClient, type: str = "image/png", name: str = "a.png", size: int = 9
) -> dict[str, Any]:
    made: dict[str, Any] = call(client, "attachments.create", name=name, size=size, mime_type=type)
    return made


def upload(client: TestClient, made: dict[str, Any], content: bytes) -> Any:
    return client.put(made["upload_descriptor"]["url"], content=content)


def attach(client: TestClient, content: bytes, type: str = "image/png", name: str = "a") -> str:
    made = announce(client, type, name)
    assert upload(client, made, content).status_code == 200
    return str(made["id"])


def shown(client: TestClient, content: bytes, type: str, name: str = "a") -> Any:
    made = announce(client, type, name)
    assert upload(client, made, content).status_code == 200
    return client.get(made["upload_descriptor"]["url"]).headers


def send(client: TestClient, *ids: str, text: str = "Look", thread: str = "") -> Any:
    message = {
        "content": [{"type": "input_text", "text": text}],
        "attachments": ids,
        "inference_options": {},
    }
    op = "threads.add_user_message" if thread else "threads.create"
    body = {"type": op, "params": {"thread_id": thread, "input": message}}
    return client.post("/chatkit", json=body)


def created(response: Any) -> str:
    return str(response.text.split('"thread":{"id":"')[1].split('"')[0])


def files(settings: Settings) -> list[str]:
    return sorted(path.name for path in (settings.data_dir / "attachments").iterdir())


def test_a_picture_is_uploaded_shown_and_deleted(visitor: Client, settings: Settings) -> None:
    client = visitor()
    made = announce(client)
    assert made["type"] == "image"
    assert made["upload_descriptor"]["method"] == "PUT"
    assert client.get(made["preview_url"]).status_code == 404
    assert upload(client, made, PNG).json() == {"id": made["id"]}
    assert files(settings) == [made["id"]]
    without_cookie = visitor().get(made["preview_url"])
    assert without_cookie.content == PNG
    assert without_cookie.headers["content-type"] == "image/png"
    assert without_cookie.headers["content-disposition"].startswith("inline")
    assert without_cookie.headers["x-content-type-options"] == "nosniff"
    assert call(client, "attachments.delete", attachment_id=made["id"]) == {}
    assert client.get(made["preview_url"]).status_code == 404
    assert files(settings) == []


def test_what_is_no_picture_is_only_for_saving(visitor: Client) -> None:
    headers = shown(visitor(), b"<script>alert(1)</script>", "text/plain", "a.html")
    assert headers["content-disposition"] == 'attachment; filename="a.html"'
    assert headers["content-type"].startswith("text/plain")
    assert headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in headers["content-security-policy"]


def test_a_picture_that_is_also_a_page_stays_a_picture(visitor: Client) -> None:
    headers = shown(visitor(), b"GIF89a/*<html><script>alert(1)</script>*/", "image/gif")
    assert headers["content-type"] == "image/gif"
    assert headers["x-content-type-options"] == "nosniff"


def test_nobody_reaches_the_file_of_another(visitor: Client, settings: Settings) -> None:
    owner, stranger = visitor(), visitor()
    made = announce(owner)
    assert upload(owner, made, PNG).status_code == 200
    address = made["preview_url"].rpartition("/")[2]
    payload, _, signature = address.rpartition(".")
    own = announce(stranger)["preview_url"].rpartition(".")[2]
    for guess in [made["id"], payload, f"{payload}.{own}", f"x{payload}.{signature}"]:
        assert stranger.get(f"/attachments/{guess}").status_code == 404
        assert stranger.put(f"/attachments/{guess}", content=PNG).status_code == 404
    assert send(stranger, made["id"]).status_code == 404
    body = {"type": "attachments.delete", "params": {"attachment_id": made["id"]}}
    assert stranger.post("/chatkit", json=body).status_code == 404
    assert files(settings) == [made["id"]]


@pytest.mark.parametrize(
    ("type", "content"),
    [
        ("image/png", b"GIF89a"),
        ("image/webp", b"RIFF\x00\x00\x00\x00WAVE"),
        ("image/jpeg", b"<html><script>"),
        ("application/pdf", b"MZ"),
        ("text/plain", PNG),
        ("text/plain", b"%PDF-1.7"),
        ("text/csv", b"a\x00b"),
        ("image/png", b""),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(
    visitor: Client, settings: Settings, type: str, content: bytes
) -> None:
    client = visitor()
    assert upload(client, announce(client, type), content).status_code == 415
    assert files(settings) == []


def test_what_cannot_be_attached_is_said_at_once(visitor: Client) -> None:
    for type, size, status in [
        ("image/svg+xml", 1, 415),
        ("text/html", 1, 415),
        ("", 1, 415),
        ("image/png", 10**9, 413),
    ]:
        body = {"name": "a", "size": size, "mime_type": type}
        response = visitor().post("/chatkit", json={"type": "attachments.create", "params": body})
        assert response.status_code == status, type


def test_a_file_that_is_larger_than_it_said_leaves_nothing(
    visitor: Client, settings: Settings
) -> None:
    client = visitor()
    settings.max_file_size = 100
    response = upload(client, announce(client), PNG + bytes(100))
    assert response.status_code == 413
    assert response.json()["error"]["status"] == 413
    assert files(settings) == []


def test_a_file_is_uploaded_once(visitor: Client) -> None:
    client = visitor()
    made = announce(client)
    assert upload(client, made, PNG).status_code == 200
    assert upload(client, made, PNG + b"other").status_code == 409
    assert client.get(made["preview_url"]).content == PNG


def test_ids_are_the_servers_and_no_paths(visitor: Client, settings: Settings) -> None:
    client = visitor()
    made = announce(client, name="../../session.key")
    assert len(made["id"].removeprefix("attachment_")) == 32
    assert made["name"] == "session.key"
    for id in ["..%2Fsession.key", "%2E%2E%2Fsession.key", "..%5Csession.key", "unknown", "%00"]:
        assert client.get(f"/attachments/{id}").status_code in {404, 405}, id
        assert client.put(f"/attachments/{id}", content=PNG).status_code in {404, 405}, id
    assert files(settings) == []


def test_names_stay_in_their_place(visitor: Client) -> None:
    headers = shown(visitor(), b"x", "text/plain", 'a"\r\nSet-Cookie: b=c\u202e.txt')
    assert "set-cookie" not in headers
    assert clean_name("C:\\temp\\größe.png") == "größe.png"
    assert clean_name("../..") == clean_name("") == clean_name("\x00") == "file"
    assert clean_name("a" * 300 + ".txt") == "a" * 96 + ".txt"


def test_errors_can_be_read_by_known_pages(visitor: Client) -> None:
    for method in ["GET", "PUT"]:
        response = visitor().request(method, "/attachments/unknown", headers={"Origin": PAGE})
        assert response.status_code == 404
        assert response.json()["error"]["status"] == 404
        assert response.headers["access-control-allow-origin"] == PAGE


def test_the_components_frame_may_upload_and_do_nothing_else(visitor: Client) -> None:
    asked = {"Origin": COMPONENT, "Access-Control-Request-Headers": "content-type"}
    for path, method, status in [("/attachments/x", "PUT", 200), ("/chatkit", "POST", 400)]:
        preflight = asked | {"Access-Control-Request-Method": method}
        response = visitor().options(path, headers=preflight)
        assert response.status_code == status
        allowed = response.headers.get("access-control-allow-origin")
        assert allowed == (COMPONENT if status == 200 else None)


def test_the_addresses_are_those_of_the_request_or_of_the_settings(
    visitor: Client, settings: Settings
) -> None:
    assert announce(visitor())["preview_url"].startswith("http://testserver/attachments/")
    settings.public_url = "https://chat.example/app/"
    url = "https://chat.example/app/attachments/"
    assert announce(visitor())["preview_url"].startswith(url)


def test_the_page_is_told_what_is_allowed(visitor: Client) -> None:
    offer = visitor().get("/session").json()["attachments"]
    assert offer["enabled"] is True
    assert offer["maxSize"] == 10_000_000
    assert offer["accept"]["image/png"] == [".png"]


def test_a_thread_takes_its_files_along_and_no_others(visitor: Client, settings: Settings) -> None:
    client, stranger = visitor(), visitor()
    thread = created(send(client, attach(client, PNG)))
    send(client, attach(client, b"x", "text/plain"), thread=thread)
    other = attach(client, PNG)
    kept = created(send(client, other))
    body = {"type": "threads.delete", "params": {"thread_id": thread}}
    assert stranger.post("/chatkit", json=body).status_code == 404
    assert len(files(settings)) == 3
    call(client, "threads.delete", thread_id=thread)
    assert files(settings) == [other]
    assert call(client, "threads.get_by_id", thread_id=kept)["id"] == kept


def test_the_model_reads_text_and_is_told_of_what_is_gone(visitor: Client) -> None:
    client = visitor()
    id = attach(client, b"Miso is a cat", "text/plain", "cat.txt")
    response = send(client, id)
    assert "Miso is a cat" in response.text
    call(client, "attachments.delete", attachment_id=id)
    thread = created(response)
    assert "'cat.txt'" in answer_of(say(client, "What did I say?", thread))


def test_what_the_model_reads_has_a_bound_and_the_newest_comes_first(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_history, "MAX_TEXT", 10)
    monkeypatch.setattr(file_history, "MAX_BYTES", len(PNG))
    client = visitor()
    thread = created(send(client, attach(client, b"q" * 99, "text/plain"), attach(client, PNG)))
    ids = [attach(client, b"z" * 99, "text/plain"), attach(client, PNG, name="new.png")]
    answer = send(client, *ids, thread=thread).text
    assert "z" * 10 in answer
    assert "z" * 11 not in answer
    assert "'new.png'" not in answer
    earlier = answer_of(say(client, "What did I say?", thread))
    assert "qq" not in earlier


def test_the_model_sees_pictures_and_pdf_files(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, Any]] = []

    def answer(body: dict[str, Any]) -> dict[str, Any]:
        seen.extend(body["messages"])
        return {"role": "assistant", "content": "ok"}

    monkeypatch.setattr(demo, "answer", answer)
    client = visitor()
    ids = [attach(client, PNG), attach(client, b"%PDF-1.7", "application/pdf", "a.pdf")]
    send(client, *ids, ids[0], text="")
    parts = seen[-1]["content"]
    assert [part["type"] for part in parts] == ["text", "image_url", "file", "text"]
    assert parts[0]["text"]
    assert parts[1]["image_url"]["url"].startswith("data:image/png;base64,")
    assert parts[2]["file"]["filename"] == "a.pdf"
