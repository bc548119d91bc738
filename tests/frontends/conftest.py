"""The fixtures of tests/browser, for each frontend that is built with Node."""

import fcntl
import os
import shutil
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path

import pytest

from tests.browser.conftest import (
    App,
    Built,
    Front,
    browser,
    enter,
    make,
    page,
    serve,
    style,
    visitor,
    window,
)
from tests.node import install, key, link_packages, run, serving

__all__ = ["browser", "enter", "page", "serve", "style", "visitor", "window"]
FLAVOURS = ("react", "nextjs-app", "nextjs-pages")
REGISTERED = "domain_pk_registered"
TOOLS = "functions,client-tools,entities"  # those that have a part in the page
# What the flavours share is seen with one of them, and with all in the slow run.
REACT_FIRST = pytest.mark.parametrize(
    "frontend",
    [
        flavour if flavour == "react" else pytest.param(flavour, marks=pytest.mark.slow)
        for flavour in FLAVOURS
    ],
    indirect=True,
)


@pytest.fixture(scope="session", params=FLAVOURS)
def frontend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def built(frontend: str, store: Path) -> Built:
    """A project with its packages and its page, built once for each set of answers."""

    @cache
    def build(**answers: str) -> App:
        folder = store / "-".join(["ein Chät", frontend, *answers.values()])
        folder.mkdir(exist_ok=True)
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # other workers want the same
            if (folder / "complete").exists():
                return App(folder / "app", "")
            app = make(folder, frontend=frontend, title='A "b" <c>', tools=TOOLS, **answers)
            page = app.folder / "frontend"
            install(page, store)
            done = run(page, "run", "build", **key(page, REGISTERED))
            assert done.returncode == 0, done.stdout
            (folder / "complete").touch()
            return app

    return build


def copy(project: Path, folder: Path) -> Path:
    """For what writes into a project that others use meanwhile."""
    made = ["node_modules", ".next", "dist"]
    fresh = shutil.copytree(project, folder / "app", ignore=shutil.ignore_patterns(*made))
    link_packages(project / "frontend", fresh / "frontend")
    return fresh


@pytest.fixture(scope="session")
def front() -> Front:
    def serve(app: App, backend: str) -> AbstractContextManager[str]:
        return serving(app.folder / "frontend", backend)

    return serve
