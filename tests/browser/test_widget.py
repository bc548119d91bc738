"""The chat behind a floating button."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Serve
from tests.browser.window import LONG, Window

pytestmark = pytest.mark.matrix


@pytest.mark.parametrize("style", ["widget", "both"])
def test_closing_and_opening_keeps_the_conversation(serve: Serve, page: Page, style: str) -> None:
    window = Window(page).open(serve(style=style).at(style))
    assert page.locator("openai-chatkit").count() == 0  # nothing is loaded for who does not ask
    window.use("Open chat")
    expect(window.field).to_be_focused()
    window.write(LONG)
    expect(window.answers).to_contain_text("word word")
    window.use("Close chat")
    expect(page.get_by_role("button", name="Open chat")).to_be_focused()
    expect(window.field).to_be_hidden()
    window.use("Open chat")
    window.rest()
    expect(window.answers).to_contain_text("I am the demo model")
    assert page.evaluate("window.__chatkitStandin.instances") == 1
    page.reload()
    window.use("Open chat")
    expect(window.messages).to_have_count(2)


def test_it_fills_the_screen_and_comes_back(serve: Serve, page: Page) -> None:
    window = Window(page).open(serve(style="widget").url)
    window.use("Open chat")
    window.say("Hello")
    window.use("Full screen")
    window.until("document.fullscreenElement?.clientWidth === innerWidth")
    window.use("Close chat")
    window.until("!document.fullscreenElement")
    page.keyboard.press("Control+Shift+F")  # of a chat that is closed
    window.use("Open chat")
    assert page.evaluate("document.fullscreenElement") is None
    expect(window.messages).to_have_count(2)


def test_the_page_it_floats_over_stays_as_it_is(serve: Serve, page: Page) -> None:
    look = "JSON.stringify(Object.entries({...getComputedStyle(document.querySelector('h1'))}))"
    Window(page).open(serve(style="widget").url)
    with_chat = page.evaluate(look)
    page.get_by_role("button", name="Open chat").click()
    page.get_by_role("button", name="Theme: system").click()
    page.get_by_role("button", name="Theme: light").click()
    assert page.evaluate(look) == with_chat


def test_with_both_the_page_is_a_page(serve: Serve, page: Page) -> None:
    Window(page).open(serve(style="both").url).say("Hello")
