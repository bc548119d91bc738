"""Generated apps, and Chromium to look at them with."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.render import render
from chatkit_scaffold.tree import create
from tests.browser.window import PATIENCE, Window
from tests.conftest import TEMPLATE
from tests.element.standin import chromium, intercept
from tests.running import running

HOST = "app.example"
expect.set_options(timeout=PATIENCE * 1000)


@dataclass(frozen=True)
class App:
    folder: Path
    url: str

    def env(self) -> Mapping[str, str]:
        return {"LLM_PROVIDER": "demo", "LLM_FALLBACK": "", "DATA_DIR": str(self.folder / "data")}

    def at(self, style: str) -> str:
        """Where its chat is. With both styles that is the page with the button, not the other."""
        if style != "both":
            return self.url
        file = self.folder / "frontend/widget.html"
        return f"{self.url}/{file.name if file.exists() else file.stem}"


Built = Callable[..., App]
Front = Callable[[App, str], AbstractContextManager[str]]
Serve = Callable[..., App]
Enter = Callable[[Page], Window]
STYLES = (
    "page",
    pytest.param("widget", marks=pytest.mark.slow),
    pytest.param("both", marks=pytest.mark.slow),
)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A project that is ready to start, made once for each set of answers."""
    return cache(lambda **answers: make(tmp_path_factory.mktemp("app"), **answers))


@pytest.fixture(scope="session")
def front() -> Front:
    """What is in front of a project's running backend: nothing, it serves the page itself."""
    return lambda _, backend: nullcontext(backend)


@pytest.fixture(scope="session")
def serve(built: Built, front: Front) -> Iterator[Serve]:
    with ExitStack() as stack:

        @cache
        def start(**answers: str) -> App:
            app = built(**answers)
            client = stack.enter_context(running(app.folder / "backend", env=app.env()))
            url = str(client.base_url).rstrip("/")
            return App(app.folder, stack.enter_context(front(app, url)))

        yield lambda **answers: start(**{"style": "page", **answers})


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
            context.set_default_timeout(PATIENCE * 1000)
            intercept(context, {HOST: "domain_pk_registered"})
            return context

        yield arrive


@pytest.fixture
def page(visitor: Callable[..., BrowserContext]) -> Page:
    return visitor().new_page()


@pytest.fixture
def style() -> str:
    return "page"


@pytest.fixture
def enter(serve: Serve, style: str) -> Enter:
    """Opens the chat in a page of somebody's."""
    return lambda page: Window(page, button=style != "page").open(serve(style=style).at(style))


@pytest.fixture
def window(enter: Enter, page: Page) -> Window:
    return enter(page)
