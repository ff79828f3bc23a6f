"""What closing a counter means for its line, as its officer reads it before."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.counters.desk import IDLE, Desk, press, state

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]


def test_closing_the_last_counter_says_who_is_left_waiting(
    desk: Desk, work: Page
) -> None:
    others = [c for c in desk.demo.counters_of(desk.service_id) if c != desk.counter_id]
    for counter_id in others:
        if desk.demo.open_counter(counter_id)["ticket"]:
            desk.demo.command(counter_id, "serve")
        desk.demo.command(counter_id, "close")
    press(work, "o")
    state(work, IDLE)
    hint = work.locator('[data-panel="close"] h2 ~ p')
    press(work, "c")
    expect(hint).to_contain_text("Tidak ada loket lain yang buka")

    desk.issue()
    desk.issue()
    expect(hint).to_contain_text("2 masih menunggu")
    expect(hint).to_contain_text(desk.service)

    for counter_id in others:
        desk.demo.open_counter(counter_id)
        expect(hint).to_have_text(
            "Loket Anda lepas; petugas lain tetap melayani antrean ini."
        )
