"""Files that lie about what they are, and names that point elsewhere."""

import json
from typing import Any

import httpx
import pytest

from tests.hostile.target import ORIGIN, Target, refused, token
from tests.running import body

pytestmark = pytest.mark.matrix
SCRIPT = b"<script>alert(document.domain)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
GIF = b"GIF89a" + b"/*" + SCRIPT + b"*/=1;"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def announce(app: Target, kind: str, name: str = "a", size: int = 9) -> httpx.Response:
    request = body("attachments.create", name=name, size=size, mime_type=kind)
    return app.client.post("/chatkit", json=request)


def put(app: Target, made: dict[str, Any], content: bytes) -> httpx.Response:
    return app.client.put(made["upload_descriptor"]["url"], content=content)


def files(app: Target) -> set[str]:
    return {str(path.relative_to(app.data)) for path in app.data.rglob("*") if path.is_file()}


@pytest.mark.parametrize("kind", ["image/svg+xml", "text/html", "application/xhtml+xml",
                                  "text/javascript", "application/x-msdownload", "*/*",
                                  "image/png, text/html", "text/html;image/png", ""])  # fmt: skip
def test_what_a_browser_might_run_is_not_taken(app: Target, kind: str) -> None:
    before = files(app)
    refused(announce(app, kind), 415)
    assert files(app) == before


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("image/png", SCRIPT),
        ("image/png", SVG),
        ("image/png", GIF),
        ("image/png", b"\x00" + PNG),
        ("image/jpeg", b"MZ\x90\x00"),
        ("image/webp", b"RIFF\x00\x00\x00\x00AVI "),
        ("application/pdf", SCRIPT + b"%PDF-1.7"),
        ("text/plain", PNG),
        ("text/csv", b"\x7fELF\x00"),
    ],
)
def test_a_file_has_to_be_what_it_says(app: Target, kind: str, content: bytes) -> None:
    before = files(app)
    refused(put(app, announce(app, kind).json(), content), 415)
    assert files(app) == before


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("image/gif", GIF),
        ("image/png", PNG + SCRIPT),
        ("application/pdf", b"%PDF-1.7\n" + SCRIPT),
        ("text/plain", SCRIPT),
        ("text/csv", b'=cmd|"/c calc"!A1'),
        ("application/json", SVG),
    ],
)
def test_what_is_two_things_at_once_runs_as_neither(app: Target, kind: str, content: bytes) -> None:
    made = announce(app, kind, 'x.html"; filename="y.html').json()
    assert put(app, made, content).is_success
    shown = httpx.get(made["upload_descriptor"]["url"])
    assert shown.headers["content-type"].partition(";")[0] == kind
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"
    shown_as = "inline" if kind.startswith("image/") else "attachment"
    assert shown.headers["content-disposition"].startswith(shown_as)
    assert shown.headers["content-disposition"].count(";") == 1


NAMES = [
    "../../session.key", "..\\..\\session.key", "/etc/passwd", "a/../b", "%2e%2e%2fa", "a\x00.png",
    "a\r\nSet-Cookie: a=b", "con", "." * 300, "\u202egnp.exe", "x" * 100_000, "\ud800",
]  # fmt: skip
PATHS = [
    "..%2fsession.key", "%2e%2e/session.key", "..%5csession.key", "%00", "....//session.key",
    "x" * 5000, "%c0%ae%c0%ae/a",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_name_leads_nowhere(app: Target, name: str) -> None:
    before = files(app)
    request = body("attachments.create", name=name, size=1, mime_type="image/png")
    response = app.client.post("/chatkit", content=_json(request))
    if not response.is_success:
        refused(response, 400)
        return
    assert put(app, response.json(), PNG).is_success
    assert files(app) - before == {f"attachments/{response.json()['id']}"}
    shown = app.client.get(response.json()["upload_descriptor"]["url"])
    assert "set-cookie" not in shown.headers
    assert len(shown.headers["content-disposition"]) < 1000


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize("path", PATHS, ids=range(len(PATHS)))
def test_an_address_leads_nowhere(app: Target, path: str) -> None:
    before = files(app)
    for method in ("GET", "PUT"):
        refused(app.client.request(method, f"/attachments/{path}", content=PNG), 400, 404, 405)
    refused(app.client.get(f"/{path}"), 400, 404)
    assert files(app) == before


def test_sizes_are_what_arrives_and_not_what_is_said(app: Target) -> None:
    before = files(app)
    refused(announce(app, "image/png", size=10**9), 413)
    made = announce(app, "image/png", size=1).json()
    refused(put(app, made, PNG + bytes(11_000_000)), 413)
    assert files(app) == before


def test_another_user_cannot_use_what_is_announced(app: Target) -> None:
    made = announce(app, "image/png").json()
    stranger = {"Authorization": f"Bearer {token()}", "Origin": ORIGIN}
    with httpx.Client(base_url=app.client.base_url, headers=stranger) as other:
        delete = body("attachments.delete", attachment_id=made["id"])
        refused(other.post("/chatkit", json=delete), 404)
        refused(other.put(f"/attachments/{made['id']}", content=PNG), 404)
        payload, _, signature = made["upload_descriptor"]["url"].rpartition(".")
        refused(other.put(f"{payload}.{signature[::-1]}", content=PNG), 404)
        refused(other.put(payload, content=PNG), 404)
    assert put(app, made, PNG).is_success
    refused(put(app, made, PNG), 409)
