"""The fixtures of tests/browser, for each frontend that is built with Node."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.browser.conftest import App, Serve, browser, make, page, visitor, window
from tests.node import install, key, run, serving
from tests.running import running

__all__ = ["browser", "page", "visitor", "window"]
FLAVOURS = ("react", "nextjs-app", "nextjs-pages")
REGISTERED = "domain_pk_registered"
TOOLS = "functions,client-tools,entities"  # those that have a part in the page


@pytest.fixture(scope="session", params=FLAVOURS)
def frontend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def installed(
    frontend: str, store: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., App]:
    """A project with its packages, once for each set of answers."""
    made: dict[str, App] = {}

    def prepare(**answers: str) -> App:
        if str(answers) not in made:
            folder = tmp_path_factory.mktemp("ein Chät")
            app = make(folder, frontend=frontend, title='A "b" <c>', tools=TOOLS, **answers)
            install(app.folder / "frontend", store)
            made[str(answers)] = app
        return made[str(answers)]

    return prepare


@pytest.fixture(scope="session")
def serve(installed: Callable[..., App]) -> Iterator[Serve]:
    started: dict[str, App] = {}
    with ExitStack() as stack:

        def start(**answers: str) -> App:
            if str(answers) not in started:
                app = installed(**answers)
                folder = app.folder / "frontend"
                built = run(folder, "run", "build", **key(folder, REGISTERED))
                assert built.returncode == 0, built.stdout
                client = stack.enter_context(running(app.folder / "backend", env=app.env()))
                url = stack.enter_context(serving(folder, str(client.base_url).rstrip("/")))
                started[str(answers)] = App(app.folder, url)
            return started[str(answers)]

        yield start
