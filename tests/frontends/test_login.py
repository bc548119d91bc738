"""The frontends that are built bring the token of who is signed in as the plain page does."""
# ruff: noqa: F401 - pytest collects what is imported

import pytest

from tests.browser.test_login import (
    test_each_request_has_a_new_token_and_nobody_else_gets_one,
    test_two_people_do_not_see_each_other_and_one_is_known_everywhere,
    test_who_is_not_signed_in_is_told_so_and_goes_on_once_that_is_done,
    url,
)

pytestmark = pytest.mark.slow
