"""The plain page with the real backend, in Chromium: what people do with a chat."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import STYLES, Enter
from tests.browser.window import LONG, Window

pytestmark = pytest.mark.matrix
THREE = ("Hello", "What time is it?", "What did I say?")
FULL = "Boolean(document.fullscreenElement)"


@pytest.fixture(params=STYLES)
def style(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_three_turns_are_six_messages_and_a_reload_shows_them_again(window: Window) -> None:
    window.say(*THREE)
    expect(window.messages).to_have_count(6)
    expect(window.answers.last).to_contain_text("“Hello”; “What time is it?”")
    ids = window.ids()
    assert len(set(ids)) == 6
    window.reload()
    expect(window.messages).to_have_count(6)
    assert window.ids() == ids
    assert window.trace("errors") == []


def test_a_prompt_of_the_start_screen_is_a_message(window: Window) -> None:
    window.press("What time is it?")
    expect(window.answers).to_contain_text("The tool says")


def test_history_lists_renames_and_deletes(window: Window) -> None:
    window.say("First")
    window.press("New chat")
    window.say("Second")
    with window.history() as threads:
        expect(threads).to_have_count(2)
        window.press("Rename")
        window.frame.get_by_label("Title").fill("Renamed")
        window.press("Save")
        expect(threads.first).to_contain_text("Renamed")
        threads.last.get_by_role("button", name="Delete").click()
        expect(threads).to_have_count(1)
    window.reload()
    expect(window.messages).to_have_count(2)
    with window.history() as threads:
        expect(threads).to_have_count(1)
        expect(threads).to_contain_text("Renamed")


def test_an_older_thread_opens_from_the_history(window: Window) -> None:
    window.say("First")
    ids = window.ids()
    window.press("New chat")
    expect(window.messages).to_have_count(0)
    window.press("History")
    window.press("First")
    expect(window.messages).to_have_count(2)
    assert window.ids() == ids


def test_feedback_and_retry_reach_the_server(window: Window) -> None:
    window.say("Hello")
    question, answer = window.ids()
    window.press("Good response")
    expect(window.frame.locator("[aria-pressed=true]")).to_have_count(1)
    window.press("Retry")
    window.rest()
    expect(window.messages).to_have_count(2)
    assert window.ids()[0] == question
    assert window.ids()[1] != answer
    assert window.requests()[-2:] == ["items.feedback", "threads.retry_after_item"]
    assert window.trace("errors") == []


def test_stopping_keeps_what_was_said(window: Window) -> None:
    window.write(LONG)
    expect(window.answers).to_contain_text("word word")
    window.press("Stop")
    window.rest()
    window.reload()
    expect(window.messages).to_have_count(2)
    expect(window.answers).to_contain_text("word word")
    assert len(window.answers.inner_text()) < len(LONG)
    window.say("Go on")
    expect(window.messages).to_have_count(4)


def test_the_theme_changes_in_mid_stream_and_nothing_is_lost(window: Window) -> None:
    page = window.page
    scheme = window.frame.locator("html")
    window.write(LONG)
    expect(window.answers).to_contain_text("word word")
    for name, expected in [("system", "light"), ("light", "dark")]:
        page.get_by_role("button", name=f"Theme: {name}").click()
        expect(scheme).to_have_attribute("data-theme", expected)
    window.rest()
    expect(window.answers).to_contain_text("I am the demo model")
    assert page.evaluate("window.__chatkitStandin.instances") == 1
    assert len(window.trace("options")) == 3
    window.reload()
    expect(scheme).to_have_attribute("data-theme", "dark")
    expect(page.locator("html")).to_have_attribute("data-scheme", "dark")
    page.get_by_role("button", name="Theme: dark").click()
    expect(scheme).to_have_attribute("data-theme", "light")


def test_the_systems_theme_is_followed_while_it_changes(window: Window) -> None:
    scheme = window.frame.locator("html")
    expect(scheme).to_have_attribute("data-theme", "light")
    window.page.emulate_media(color_scheme="dark")
    expect(scheme).to_have_attribute("data-theme", "dark")


def test_full_screen_by_button_and_keys_and_escape_only_leaves(window: Window) -> None:
    page = window.page
    if window.button:
        expect(window.field).to_be_focused()  # and keys would go there
    window.use("Full screen")
    window.until(FULL)
    page.keyboard.press("Escape")
    window.until(f"!{FULL}")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Shift+F")
    window.until(FULL)
    page.keyboard.press("Control+Shift+F")
    window.until(f"!{FULL}")
    # Entered twice, once by each: the lone Escape did nothing.
    assert page.evaluate("window.__chatkitStandin.instances") == 1


SPEECH = """
window.SpeechRecognition = class {
  start() {
    this.onstart();
    setTimeout(() => {
      OUTCOME;
      this.onend();
    });
  }
  stop() {}
};
"""


@pytest.mark.parametrize(
    ("outcome", "written", "noted"),
    [
        ("this.onresult({ results: [[{ transcript: 'Hello by voice' }]] })", "Hello by voice", ""),
        ("this.onerror({ error: 'not-allowed' })", "", "The microphone is blocked for this page."),
    ],
)
def test_what_was_spoken_is_there_to_be_sent(
    enter: Enter, visitor: Callable[..., BrowserContext], outcome: str, written: str, noted: str
) -> None:
    context = visitor()
    context.add_init_script(SPEECH.replace("OUTCOME", outcome))
    window = enter(context.new_page())
    window.use("Speak")
    expect(window.field).to_have_value(written)
    expect(window.page.get_by_role("status")).to_have_text(noted)
    expect(window.page.get_by_role("button", name="Speak")).to_have_attribute(
        "aria-pressed", "false"
    )


def test_without_a_recogniser_there_is_no_button_for_it(
    enter: Enter, visitor: Callable[..., BrowserContext]
) -> None:
    context = visitor()
    context.add_init_script(
        "delete window.SpeechRecognition; delete window.webkitSpeechRecognition"
    )
    window = enter(context.new_page())
    expect(window.field).to_be_visible()
    expect(window.page.get_by_role("button", name="Speak")).to_have_count(0)


def test_another_visitor_sees_nothing_of_the_first(
    enter: Enter, window: Window, visitor: Callable[..., BrowserContext]
) -> None:
    window.say("A secret")
    thread = window.page.evaluate("sessionStorage.getItem('chat-thread')")
    context = visitor()
    context.add_init_script(
        f"if (!sessionStorage.length) sessionStorage.setItem('chat-thread', '{thread}')"
    )
    stranger = enter(context.new_page())
    expect(stranger.frame.get_by_role("heading", name="What can I help with?")).to_be_visible()
    expect(stranger.messages).to_have_count(0)
    with stranger.history() as threads:
        expect(threads).to_have_count(0)
    stranger.say("Hello")
    with window.history() as threads:
        expect(threads).to_have_count(1)
