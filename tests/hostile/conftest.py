from collections.abc import Iterator

import pytest

from tests.hostile.target import Target, target


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    with target(tmp_path_factory.mktemp("hostile")) as attacked:
        yield attacked


@pytest.fixture(autouse=True)
def still_there(app: Target) -> Iterator[None]:
    """Whatever was tried, the app answers its users, and its log holds no crash."""
    before = app.log.stat().st_size
    yield
    assert app.threads() >= 0
    said = app.log.read_bytes()[before:].decode()
    assert "Traceback" not in said, said
    assert " ERROR " not in said, said
