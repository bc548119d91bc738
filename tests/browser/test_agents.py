"""What the assistant shows and asks for in the page: buttons, questions, tools, mentions."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Serve
from tests.browser.window import Window

pytestmark = pytest.mark.matrix
TOOLS = "functions,guardrails,handoffs,approval,widgets,client-tools,entities"


@pytest.fixture
def window(serve: Serve, page: Page) -> Window:
    return Window(page).open(serve(tools=TOOLS).url)


def test_a_draft_is_rewritten_in_its_place_and_kept(window: Window) -> None:
    window.say("Show a draft: 'The office is closed'")
    card = window.frame.locator("[data-type=widget]")
    expect(card).to_contain_text("The office is closed")
    window.press("Shorter")
    expect(card).to_contain_text("I am the demo model")
    window.rest()
    window.press("Formal")
    expect(card).to_contain_text("Write this formally")
    window.rest()
    text = card.inner_text()
    window.page.reload()
    expect(card).to_have_text(text.replace("\n", ""))
    expect(window.frame.get_by_role("button", name="Friendlier")).to_be_visible()
    assert window.trace("errors") == []


def test_nothing_is_removed_before_the_user_says_yes_also_after_a_reload(window: Window) -> None:
    window.say("Plan a trip")
    window.press("New chat")
    window.write("Remove chats with 'trip'")
    card = window.frame.locator("[data-type=widget]")
    expect(card).to_contain_text("words: trip")
    window.page.reload()
    window.press("Yes")
    expect(window.answers.last).to_contain_text("Removed: Plan a trip")
    expect(card.get_by_role("note")).to_have_text("Allowed")
    expect(card.get_by_role("button")).to_have_count(0)
    window.page.reload()
    expect(card.get_by_role("note")).to_have_text("Allowed")
    with window.history() as threads:
        expect(threads).to_have_count(1)
    assert window.trace("errors") == []


def test_tools_run_in_the_page(window: Window) -> None:
    scheme = window.frame.locator("html")
    expect(scheme).to_have_attribute("data-theme", "light")
    window.say("Switch the theme to dark")
    expect(scheme).to_have_attribute("data-theme", "dark")
    expect(window.answers.last).to_contain_text('"theme": "dark"')
    expect(window.page.get_by_role("button", name="Theme: dark")).to_be_visible()
    with window.page.expect_popup() as opened:
        window.say("Open the page")
    assert urlsplit(opened.value.url).netloc == urlsplit(window.page.url).netloc
    expect(window.answers.last).to_contain_text("opened")
    assert window.trace("errors") == []


def test_a_conversation_is_mentioned_and_read(window: Window) -> None:
    window.say("Plan a trip with Miso")
    window.press("New chat")
    window.mention("Read the chat", "plan", "Plan a trip with Miso")
    expect(window.answers).to_contain_text("User: Plan a trip with Miso")
    expect(window.frame.locator("mark")).to_have_text("Plan a trip with Miso")
    assert window.trace("errors") == []


def test_a_key_is_gone_from_the_screen_and_the_refusal_is_polite(window: Window) -> None:
    key = "sk-" + "a1B2" * 8
    window.say(f"My key is {key}")
    expect(window.answers).to_contain_text("Please ask again without it")
    expect(window.frame.get_by_text(key)).to_have_count(0)
    window.page.reload()
    expect(window.messages).to_have_count(2)
    expect(window.frame.get_by_text(key)).to_have_count(0)
