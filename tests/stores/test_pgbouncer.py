"""PostgreSQL behind PgBouncer in transaction mode: each transaction gets another connection."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatkit_scaffold.tree import create
from tests.rendering import made
from tests.services import Postgres, pgbouncer

pytestmark = pytest.mark.matrix


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tmp_path_factory.mktemp("pgbouncer") / "project"
    create(made(stores=["postgres"], frontend="none", tools=[]), project)
    return project / "backend"


@pytest.fixture
def address(cluster: Postgres) -> Iterator[str]:
    database = cluster.new_database().rpartition("/")[2]
    with pgbouncer(cluster) as server:
        yield server + database


def contract(backend: Path, address: str, told: str) -> subprocess.CompletedProcess[str]:
    tests = ["tests/test_store.py", "tests/test_pages.py"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rs", *tests],
        cwd=backend,
        env={**os.environ, "TEST_POSTGRES_URL": address, "POSTGRES_PGBOUNCER": told},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_contract_holds_when_the_app_is_told(backend: Path, address: str) -> None:
    done = contract(backend, address, "true")
    assert done.returncode == 0, done.stdout
    assert "skipped" not in done.stdout


def test_it_does_not_hold_when_the_app_is_not_told(backend: Path, address: str) -> None:
    """So the setting does something, and the test above tests it."""
    done = contract(backend, address, "false")
    assert done.returncode == 1, done.stdout
    assert "prepared statement" in done.stdout
