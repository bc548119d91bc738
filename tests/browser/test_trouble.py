"""What people are told when something is broken: never an empty box."""

import os
import signal
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import HOST, STYLES, App, Built, Enter, Front, Serve
from tests.browser.window import Window, alter
from tests.element.standin import CDN, VERIFY
from tests.running import running

pytestmark = pytest.mark.matrix
PATIENCE = 15_000


@pytest.fixture(params=STYLES)
def style(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_backend_that_dies_and_comes_back(
    built: Built, front: Front, page: Page, style: str
) -> None:
    app = built(style=style)
    backend = app.folder / "backend"
    window = Window(page, button=style != "page")
    with ExitStack() as stack:
        with running(backend, env=app.env()) as client:
            url = stack.enter_context(front(app, str(client.base_url).rstrip("/")))
            window.open(App(app.folder, url).at(style)).say("Hello")
            os.killpg(client.pid, signal.SIGKILL)
        window.write("Anybody there?")
        expect(window.problem).to_contain_text("The server does not answer")
        window.use("Try again")
        expect(window.problem).to_contain_text("Start the backend again")
        expect(window.messages).to_have_count(2)
        with running(backend, env=app.env(), port=client.base_url.port or 0):
            window.use("Try again")
            expect(window.problem).to_be_hidden()
            window.say("What did I say?")
            expect(window.answers.last).to_contain_text("“Hello”")


def test_a_request_that_works_again_takes_the_problem_back(window: Window) -> None:
    window.page.route("**/chatkit", lambda route: route.abort(), times=1)
    window.write("Hello")
    expect(window.problem).to_be_visible()
    window.say("Hello")
    expect(window.problem).to_be_hidden()


@pytest.mark.parametrize("path", ["session", "chatkit"])
def test_nobody_signed_in(enter: Enter, page: Page, path: str) -> None:
    page.route(f"**/{path}", lambda route: route.fulfill(status=401, json={}))
    window = enter(page)
    if path == "chatkit":
        window.write("Hello")
    expect(window.problem).to_contain_text("You are not signed in")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": 503, "body": ""}, "GET /session answered 503."),
        ({"status": 200, "body": "<html>"}, "something that is not JSON"),
    ],
)
def test_a_server_in_front_that_answers_for_the_backend(
    enter: Enter, page: Page, answer: dict[str, Any], words: str
) -> None:
    page.route("**/session", lambda route: route.fulfill(**answer))
    window = enter(page)
    expect(window.problem).to_contain_text(words)


def test_a_script_that_is_blocked(enter: Enter, page: Page) -> None:
    page.route(f"{CDN}chatkit.js", lambda route: route.abort("blockedbyclient"))
    window = enter(page)
    expect(window.problem).to_contain_text("The chat could not be loaded")
    expect(window.problem).to_contain_text("cdn.platform.openai.com")
    expect(page.get_by_text("Opening the chat…")).to_be_hidden()
    page.unroute(f"{CDN}chatkit.js")
    with page.expect_navigation():
        window.use("Try again")
    window.enter().say("Hello")


def hang(route: Route) -> None:
    """Neither an answer nor a refusal, as of a proxy that swallows."""


@pytest.mark.parametrize(
    ("file", "title"),
    [("chatkit.js", "The chat could not be loaded"), ("frame.html", "The chat did not open")],
)
def test_a_script_that_never_comes(serve: Serve, page: Page, file: str, title: str) -> None:
    page.clock.install()
    page.route(f"{CDN}{file}", hang)
    page.goto(serve().url, wait_until="commit")
    expect(page.get_by_text("Opening the chat…")).to_be_visible()
    expect(page.locator("openai-chatkit iframe")).to_have_count(int(file == "frame.html"))
    page.clock.fast_forward(PATIENCE)
    page.clock.fast_forward(PATIENCE)
    expect(page.get_by_role("alert")).to_contain_text(title)


def elsewhere(url: str) -> str:
    return f"http://{HOST}:{urlsplit(url).port}"


@pytest.mark.parametrize("refusal", ["not registered", "not reached"])
def test_a_domain_that_openai_does_not_know(serve: Serve, page: Page, refusal: str) -> None:
    if refusal == "not reached":
        page.route(VERIFY, lambda route: route.abort())
    window = Window(page).open(elsewhere(serve().url))
    expect(window.problem).to_contain_text(f"OpenAI has to know {HOST}")
    expect(window.problem).to_contain_text("CHATKIT_DOMAIN_KEY")
    expect(page.locator("openai-chatkit")).to_be_hidden()
    with page.expect_navigation():
        window.use("Try again")


def test_a_domain_that_it_knows(built: Built, page: Page) -> None:
    app = built(style="page")
    env = {**app.env(), "CHATKIT_DOMAIN_KEY": "domain_pk_registered"}
    with running(app.folder / "backend", env=env) as client:
        Window(page).open(elsewhere(str(client.base_url))).say("Hello")


def test_options_that_the_component_refuses(
    serve: Serve, visitor: Callable[..., BrowserContext]
) -> None:
    page = visitor().new_page()
    alter(page, "chat.js", "theme: scheme()", 'theme: "auto"')
    window = Window(page).open(serve().url)
    expect(window.problem).to_contain_text("The chat refused its options")
    expect(window.problem).to_contain_text("at theme")


def test_a_thread_that_is_gone_is_not_asked_for_again(window: Window) -> None:
    page = window.page
    window.say("Hello")
    thread = page.evaluate("sessionStorage.getItem('chat-thread')")
    page.route("**/chatkit", lambda route: route.abort(), times=1)
    window.reload()
    expect(window.problem).to_be_visible()
    assert page.evaluate("sessionStorage.getItem('chat-thread')") == thread  # it may be there yet
    page.evaluate("sessionStorage.setItem('chat-thread', 'thread_gone')")
    window.reload()
    expect(window.frame.get_by_role("heading", name="What can I help with?")).to_be_visible()
    window.until("!sessionStorage.getItem('chat-thread')")
