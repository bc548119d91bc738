import pytest


@pytest.fixture(autouse=True)
def no_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting one takes a second, and most tests need none."""
    monkeypatch.setenv("MCP_SERVERS", "{}")
