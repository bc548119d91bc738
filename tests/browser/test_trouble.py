"""What people are told when something is broken: never an empty box."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import HOST, Serve, make
from tests.browser.window import Window, alter
from tests.element.standin import CDN, VERIFY
from tests.running import running

pytestmark = pytest.mark.matrix
PATIENCE = 15_000


def test_a_backend_that_dies_and_comes_back(tmp_path: Path, page: Page) -> None:
    app = make(tmp_path)
    with running(app.folder / "backend", env=app.env()) as client:
        port = client.base_url.port or 0
        window = Window(page).open(str(client.base_url)).say("Hello")
    window.write("Anybody there?")
    expect(window.problem).to_contain_text("The server does not answer")
    window.use("Try again")
    expect(window.problem).to_contain_text("Start the backend again")
    expect(window.messages).to_have_count(2)
    with running(app.folder / "backend", env=app.env(), port=port):
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
def test_nobody_signed_in(serve: Serve, page: Page, path: str) -> None:
    page.route(f"**/{path}", lambda route: route.fulfill(status=401, json={}))
    window = Window(page).open(serve().url)
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
    serve: Serve, page: Page, answer: dict[str, Any], words: str
) -> None:
    page.route("**/session", lambda route: route.fulfill(**answer))
    window = Window(page).open(serve().url)
    expect(window.problem).to_contain_text(words)


def test_a_script_that_is_blocked(serve: Serve, page: Page) -> None:
    page.route(f"{CDN}chatkit.js", lambda route: route.abort("blockedbyclient"))
    window = Window(page).open(serve().url)
    expect(window.problem).to_contain_text("The chat could not be loaded")
    expect(window.problem).to_contain_text("cdn.platform.openai.com")
    expect(page.get_by_text("Opening the chat…")).to_be_hidden()
    page.unroute(f"{CDN}chatkit.js")
    window.use("Try again")
    window.say("Hello")


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


def test_a_domain_that_it_knows(tmp_path: Path, page: Page) -> None:
    app = make(tmp_path)
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


def test_a_thread_that_is_gone_is_not_asked_for_again(serve: Serve, window: Window) -> None:
    page = window.page
    window.say("Hello")
    thread = page.evaluate("sessionStorage.getItem('chat-thread')")
    page.route("**/chatkit", lambda route: route.abort(), times=1)
    page.reload()
    expect(window.problem).to_be_visible()
    assert page.evaluate("sessionStorage.getItem('chat-thread')") == thread  # it may be there yet
    page.evaluate("sessionStorage.setItem('chat-thread', 'thread_gone')")
    page.reload()
    expect(window.frame.get_by_role("heading", name="What can I help with?")).to_be_visible()
    page.wait_for_function("!sessionStorage.getItem('chat-thread')")
