"""A page of people with logins: their provider's token goes to the backend, and to nobody else."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from tests import login
from tests.browser.conftest import Serve
from tests.browser.window import Window

pytestmark = pytest.mark.matrix


@pytest.fixture
def url(serve: Serve) -> str:
    return serve(auth="jwt").url


def sign_in(page: Page, name: str) -> list[str]:
    """Their provider gives them a new token each time. These are the ones it gave."""
    given: list[str] = []

    def give(route: Route) -> None:
        given.append(login.token(sub=name, jti=str(len(given))))
        route.fulfill(json={"token": given[-1]})

    page.route("**/api/auth/token", give)
    return given


def test_each_request_has_a_new_token_and_nobody_else_gets_one(page: Page, url: str) -> None:
    given, sent, elsewhere = sign_in(page, "ann"), set[str](), list[str]()

    def look(request: Request) -> None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token:
            sent.add(token)
            if not request.url.startswith(url):
                elsewhere.append(request.url)

    page.on("request", look)
    window = Window(page).open(url).say("My cat is called Miso.", "What did I say?")
    expect(window.answers.last).to_contain_text("Miso")
    assert sent == set(given)
    assert len(given) > 2
    assert not elsewhere


def test_two_people_do_not_see_each_other_and_one_is_known_everywhere(
    visitor: Callable[..., BrowserContext], url: str
) -> None:
    for name, machine, seen in [("bob", 1, 0), ("bob", 2, 1), ("eve", 1, 0)]:
        page = visitor().new_page()
        sign_in(page, name)
        window = Window(page).open(url)
        with window.history() as threads:
            expect(threads).to_have_count(seen)
        window.say(f"I am {name} at {machine}")


def test_who_is_not_signed_in_is_told_so_and_goes_on_once_that_is_done(
    page: Page, url: str
) -> None:
    page.route("**/api/auth/token", lambda route: route.fulfill(status=401, json={}))
    window = Window(page).open(url)
    expect(window.problem).to_contain_text("You are not signed in")
    sign_in(page, "cat")
    window.use("Try again")
    window.say("Hello")
    expect(window.problem).to_be_hidden()
