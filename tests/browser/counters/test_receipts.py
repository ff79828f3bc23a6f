"""The console says when a call has not reached the hall."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.counters.desk import CALLED, SERVING, Desk, console, sign_in, state

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]


def test_a_call_that_no_screen_shows_is_told_in_words(page: Page, desk: Desk) -> None:
    desk.issue()
    sign_in(page, desk.demo, desk.officer)
    desk.command("open")
    console(page, desk)
    desk.command("call-next")
    state(page, CALLED)

    receipt = page.locator("[data-facts] .fact--receipt")
    expect(receipt).to_contain_text("Tidak tampil di layar mana pun", timeout=10_000)

    desk.command("start")
    state(page, SERVING)
    expect(receipt).to_have_count(0)
