"""The page is there, whole, and every file of it says what browsers may load."""

import re

from app.config import Settings
from tests.conftest import Client

MENTIONED = re.compile(r"""(?:from|src=|href=)\s*["']([\w./-]+)["']""")


def test_every_file_of_the_page_is_served_fresh_and_with_the_policy(
    visitor: Client, settings: Settings
) -> None:
    for path in ["", *(file.name for file in settings.frontend_dir.iterdir())]:
        response = visitor().get(f"/{path}")
        assert response.status_code == 200, path
        assert "default-src 'none'" in response.headers["content-security-policy"]
        assert response.headers["cache-control"] == "no-cache"


def test_every_file_that_the_page_mentions_is_there(settings: Settings) -> None:
    folder = settings.frontend_dir
    for file in folder.iterdir():
        for name in MENTIONED.findall(file.read_text("utf-8")):
            assert (folder / name.lstrip("/")).is_file(), f"{file.name} mentions {name}"
