"""Visitors are known by a signed cookie, which nobody else can make and scripts cannot read."""

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from app.config import Settings
from app.identity import COOKIE
from app.main import create_app

OLD, NEW = "an-old-key-with-32-characters-or-so", "a-new-key-with-32-characters-or-so"


def signed(settings: Settings, keys: str, cookie: str = "") -> str:
    """The cookie that an app with these keys sets for a visitor who has this one."""
    app = create_app(settings.model_copy(update={"session_secret": SecretStr(keys)}))
    with TestClient(app, cookies={COOKIE: cookie}) as client:
        header: str = client.get("/session").headers["set-cookie"]
    return header.partition(";")[0].partition("=")[2]


def test_scripts_and_other_sites_get_no_cookie(settings: Settings) -> None:
    for scheme in ("http", "https"):
        with TestClient(create_app(settings), base_url=f"{scheme}://a.example") as client:
            response = client.get("/session")
        cookie = response.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert ("Secure" in cookie) == (scheme == "https")
        assert response.headers["cache-control"] == "no-store"


def test_a_key_is_changed_and_visitors_stay(settings: Settings) -> None:
    before = signed(settings, OLD)
    user = before.partition(".")[0]
    between = signed(settings, f"{OLD}, {NEW}", before)
    assert between.partition(".")[0] == user
    assert between != before
    assert signed(settings, NEW, between).partition(".")[0] == user
    assert signed(settings, NEW, before).partition(".")[0] != user


@pytest.mark.parametrize(
    "secret", ["short", "x" * 40, "your-secret-key-of-32-characters-", f"{OLD},"]
)
def test_a_weak_secret_stops_the_start(settings: Settings, secret: str) -> None:
    settings.session_secret = SecretStr(secret)
    with pytest.raises(SystemExit, match="SESSION_SECRET"):
        create_app(settings)
