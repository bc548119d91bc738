"""How the browsers of the tests say who they are: each has a cookie jar of its own."""

from typing import Any

from fastapi.testclient import TestClient

LOGIN: dict[str, Any] = {}  # settings


def log_in(client: TestClient) -> None:
    """The first answer brings a cookie."""
