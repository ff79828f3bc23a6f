"""The screen that is a display: its clock, its days, its pairing."""

import re

import pytest
from playwright.sync_api import Browser, WebSocketRoute, expect

from tests.browser.displays.hall import (
    HALL_SCREEN,
    Hall,
    board,
    heartbeat,
    paint,
    snapshot,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


def test_the_clock_is_the_server_s(hall: Hall, browser: Browser) -> None:
    with hall.display(browser) as page:
        paint(page, board())
        page.reload()

        expect(page.locator("[data-clock]")).to_have_text("08.15")
        expect(page.locator("[data-date]")).to_have_text("Selasa, 24 November 2026")


def test_a_new_day_begins_with_a_new_page(hall: Hall, browser: Browser) -> None:
    told = [
        [snapshot(board()), heartbeat("2026-11-24T16:59:58Z")],
        [snapshot({**board(), "now": "2026-11-24T17:00:03Z"})],
    ]

    def tell(line: WebSocketRoute) -> None:
        for message in told.pop(0):
            line.send(message)
        if told:
            line.send(heartbeat("2026-11-24T17:00:01Z"))

    with hall.display(browser) as page:
        page.route_web_socket("**/api/v1/live**", tell)
        page.reload()

        expect(page.locator("[data-date]")).to_have_text("Rabu, 25 November 2026")
        assert told == []


def test_an_unpaired_screen_of_the_demo_becomes_the_hall_display(
    hall: Hall, browser: Browser
) -> None:
    context = browser.new_context(viewport=HALL_SCREEN)
    page = context.new_page()
    page.goto(f"{hall.server.url}/display")

    expect(page.locator("main.hall")).to_be_attached()
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
    admin = hall.server.staff("admin")
    with hall.display(browser, which=4) as page:
        expect(page.locator("main.hall")).to_be_attached()
        devices = admin.get("/api/v1/devices").json()
        display = next(d for d in devices if d["id"] == hall.server.display_ids[4])
        for token_id in display["token_ids"]:
            admin.post(f"/api/v1/device-tokens/{token_id}/revoke").raise_for_status()

        # at once when it hears of it; a screen that is only refused asks after 15 s
        expect(page).not_to_have_title(re.compile("Layar Zona D"), timeout=40_000)
