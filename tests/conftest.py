"""What the tests share: the template, its menu, servers, and how to treat what is missing."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chatkit_scaffold.scaffold.menu import Menu

if TYPE_CHECKING:
    from tests.services import Postgres

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "templates"

# A shell that starts this in the background has it ignore Ctrl-C, and with it all that it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def menu() -> Menu:
    return Menu(TEMPLATE)


@pytest.fixture(scope="session")
def cluster() -> "Iterator[Postgres]":
    from tests.services import postgres  # which needs this module

    with postgres() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def new_mongo_database() -> Iterator[Callable[[], str]]:
    from tests.mongo.server import mongo_database

    with ExitStack() as databases:
        yield lambda: databases.enter_context(mongo_database())


@pytest.fixture(scope="session")
def new_database(request: pytest.FixtureRequest) -> Callable[[str], str]:
    """What DATABASE_URL has to be: an empty database, or nothing where that needs no server."""

    def url(store: str) -> str:
        if store == "mongodb":
            new: Callable[[], str] = request.getfixturevalue("new_mongo_database")
            return new()
        if store != "postgres":
            return ""
        cluster: Postgres = request.getfixturevalue("cluster")
        return cluster.new_database()

    return url


def need(program: str) -> str:
    """The path of a program. Without it a test is skipped at the desk and fails in CI."""
    path = shutil.which(program)
    if path is None:
        message = f"{program} is not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return path
