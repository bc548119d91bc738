"""What the plain page promises, the others promise too: the same tests, with each of them."""
# ruff: noqa: F401 - pytest collects what is imported

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import STYLES
from tests.browser.test_dictation import (
    test_nobody_is_offered_what_nobody_understands,
    test_spoken_words_are_there_to_be_sent,
)
from tests.browser.test_page import (
    test_a_prompt_of_the_start_screen_is_a_message,
    test_an_older_thread_opens_from_the_history,
    test_another_visitor_sees_nothing_of_the_first,
    test_feedback_and_retry_reach_the_server,
    test_full_screen_by_button_and_keys_and_escape_only_leaves,
    test_history_lists_renames_and_deletes,
    test_stopping_keeps_what_was_said,
    test_the_systems_theme_is_followed_while_it_changes,
    test_three_turns_are_six_messages_and_a_reload_shows_them_again,
    test_what_was_spoken_is_there_to_be_sent,
    test_without_a_recogniser_there_is_no_button_for_it,
)
from tests.browser.test_quality import (
    axe,
    test_axe_finds_nothing,
    test_it_fits_a_small_phone,
    test_nothing_moves_while_it_loads_nor_later_for_who_minds,
    test_the_bar_is_reached_by_keyboard_in_the_order_seen,
    test_the_policy_of_the_page_lets_nothing_else_in,
    test_the_widget_needs_no_mouse,
)
from tests.browser.test_trouble import (
    test_a_backend_that_dies_and_comes_back,
    test_a_request_that_works_again_takes_the_problem_back,
    test_a_script_that_is_blocked,
    test_a_server_in_front_that_answers_for_the_backend,
    test_a_thread_that_is_gone_is_not_asked_for_again,
    test_nobody_signed_in,
)
from tests.browser.test_widget import (
    test_closing_and_opening_keeps_the_conversation,
    test_it_fills_the_screen_and_comes_back,
    test_the_page_it_floats_over_stays_as_it_is,
)
from tests.browser.window import LONG, Window

pytestmark = pytest.mark.slow


@pytest.fixture(params=STYLES)
def style(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_theme_changes_in_mid_stream(window: Window) -> None:
    window.write(LONG)
    expect(window.answers).to_contain_text("word word")
    window.use("Theme: system")
    window.use("Theme: light")
    expect(window.frame.locator("html")).to_have_attribute("data-theme", "dark")
    window.rest()
    expect(window.answers).to_contain_text("I am the demo model")
    assert window.page.evaluate("window.__chatkitStandin.instances") == 1
    # Not three: from the system's light to one's own nothing changes for the component.
    assert len(window.trace("options")) == 2
