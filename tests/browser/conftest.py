"""Generated apps, and Chromium to look at them with."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.render import render
from chatkit_scaffold.tree import create
from tests.browser.window import Window
from tests.conftest import TEMPLATE
from tests.element.standin import chromium, intercept
from tests.running import running

HOST = "app.example"
expect.set_options(timeout=15_000)  # milliseconds; a loaded machine is slow, and not wrong


@dataclass(frozen=True)
class App:
    folder: Path
    url: str

    def env(self) -> Mapping[str, str]:
        return {"LLM_PROVIDER": "demo", "LLM_FALLBACK": "", "DATA_DIR": str(self.folder / "data")}


Serve = Callable[..., App]
Open = Callable[..., Window]


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Makes and starts a project, once for each set of answers."""
    started: dict[str, App] = {}
    with ExitStack() as stack:

        def start(**answers: str) -> App:
            if str(answers) not in started:
                app = make(tmp_path_factory.mktemp("app"), **answers)
                client = stack.enter_context(running(app.folder / "backend", env=app.env()))
                started[str(answers)] = App(app.folder, str(client.base_url))
            return started[str(answers)]

        yield start


def make(folder: Path, **answers: str) -> App:
    create(render(TEMPLATE, Menu(TEMPLATE).resolve(answers)), folder / "app")
    return App(folder / "app", "")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Not for the session: while Playwright runs, nobody else may start an event loop.
    with chromium(f"--host-resolver-rules=MAP *{HOST} 127.0.0.1") as browser:
        yield browser


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Each call is somebody else: another cookie jar."""
    with ExitStack() as stack:

        def arrive(width: int = 1280, height: int = 720, scheme: str = "light") -> BrowserContext:
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if scheme == "dark" else "light",
            )
            stack.callback(context.close)
            context.set_default_timeout(15_000)
            intercept(context, {HOST: "domain_pk_registered"})
            return context

        yield arrive


@pytest.fixture
def page(visitor: Callable[..., BrowserContext]) -> Page:
    return visitor().new_page()


@pytest.fixture
def window(serve: Serve, page: Page) -> Window:
    """The chat as a page, opened."""
    return Window(page).open(serve().url)
