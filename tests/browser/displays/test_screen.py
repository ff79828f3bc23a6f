"""The screen that is a display: its clock, its days, its pairing."""

import re
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Browser, WebSocketRoute, expect

from tests.browser.displays.hall import (
    HALL_SCREEN,
    Hall,
    board,
    heartbeat,
    killed,
    paint,
    snapshot,
)
from tests.browser.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


def test_the_clock_is_the_server_s(hall: Hall, browser: Browser) -> None:
    with hall.display(browser) as page:
        paint(page, board())
        page.reload()

        expect(page.locator("[data-clock]")).to_have_text("08.15")
        expect(page.locator("[data-date]")).to_have_text("Selasa, 24 November 2026")


def test_a_new_day_begins_with_a_new_page(hall: Hall, browser: Browser) -> None:
    batches = [
        [snapshot(board()), heartbeat("2026-11-24T16:59:58Z")],
        [snapshot({**board(), "now": "2026-11-24T17:00:03Z"})],
    ]

    def tell(line: WebSocketRoute) -> None:
        for message in batches.pop(0):
            line.send(message)
        if batches:
            line.send(heartbeat("2026-11-24T17:00:01Z"))

    with hall.display(browser) as page:
        page.route_web_socket("**/api/v1/live**", tell)
        page.reload()

        expect(page.locator("[data-date]")).to_have_text("Rabu, 25 November 2026")
        wait_until(page, lambda: batches == [])


def test_an_unpaired_screen_of_the_demo_becomes_the_hall_display(
    hall: Hall, browser: Browser
) -> None:
    context = browser.new_context(viewport=HALL_SCREEN)
    page = context.new_page()
    page.goto(f"{hall.server.url}/display")

    expect(page.locator("main.board")).to_be_attached()
    expect(page).to_have_title(re.compile("Layar Aula"))
    context.close()


def test_in_the_demo_the_address_chooses_the_display(
    hall: Hall, browser: Browser
) -> None:
    context = browser.new_context(viewport=HALL_SCREEN)
    page = context.new_page()
    page.goto(f"{hall.server.url}/display?display={hall.server.display_ids[2]}")

    expect(page).to_have_title(re.compile("Layar Zona B"))
    context.close()


def test_a_revoked_display_goes_to_pairing_by_itself(
    hall: Hall, browser: Browser
) -> None:
    with hall.display(browser, which=4) as page:
        expect(page.locator("[data-notice=starting]")).to_be_hidden()

        revoke(hall, hall.server.display_ids[4])

        expect(page).not_to_have_title(re.compile("Layar Zona D"), timeout=5_000)


def test_a_display_revoked_while_it_is_cut_off_goes_to_pairing_at_once(
    hall: Hall, browser: Browser
) -> None:
    with hall.display(browser, which=3) as page:
        expect(page.locator("[data-notice=starting]")).to_be_hidden()
        with killed(hall.server):
            revoke_unseen(hall, hall.server.display_ids[3])

        expect(page).not_to_have_title(re.compile("Layar Zona C"), timeout=10_000)


def revoke(hall: Hall, display_id: int) -> None:
    """Take a display's tokens from it."""
    admin = hall.server.staff("admin")
    devices = admin.get("/api/v1/devices").json()
    display = next(d for d in devices if d["id"] == display_id)
    for token_id in display["token_ids"]:
        admin.post(f"/api/v1/device-tokens/{token_id}/revoke").raise_for_status()


def revoke_unseen(hall: Hall, display_id: int) -> None:
    """Take a display's tokens from it while no server is there to tell it."""
    with closing(sqlite3.connect(hall.server.database)) as raw, raw:
        raw.execute(
            "UPDATE device_token SET revoked_at = created_at WHERE device_id = ?",
            (display_id,),
        )
