"""A slip scanned at a counter is chosen from the line; no key of it is a command."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.counters.desk import IDLE, Desk, notice, press, state
from tests.support.database import Disk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]

CALLS = "SELECT count(*) FROM ticket_event WHERE name IN ('called', 'taken')"


def scan(page: Page, desk: Desk, number: str) -> None:
    """Type what the QR code on today's slip of a number holds, as a scanner does."""
    token = Disk(desk.demo.database).one(
        "SELECT token FROM ticket_private JOIN ticket ON ticket.id = ticket_id "
        "WHERE number = ? ORDER BY ticket.id DESC",
        number,
    )
    page.keyboard.type(f"{desk.demo.url}/t/{token}")
    page.keyboard.press("Enter")


def test_a_scanned_slip_is_chosen_from_the_line(
    desk: Desk, there: Desk, work: Page
) -> None:
    _, second = desk.issue(), desk.issue()
    elsewhere = there.issue()
    press(work, "o")
    state(work, IDLE)
    calls = Disk(desk.demo.database).one(CALLS)

    scan(work, desk, second)

    chosen = work.locator('[data-panel="selection"]')
    expect(chosen).to_be_visible()
    expect(chosen.locator("h2")).to_have_text(second)
    press(work, "Escape")
    scan(work, desk, elsewhere)
    expect(notice(work)).to_contain_text("tidak ada di antrean ini")
    state(work, IDLE)
    assert Disk(desk.demo.database).one(CALLS) == calls
