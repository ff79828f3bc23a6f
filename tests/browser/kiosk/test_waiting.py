"""A page that nobody touches goes back to the start, and says so before."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Route, expect

from tests.browser.kiosk.conftest import Kiosk
from tests.support.demo import DemoServer

pytestmark = pytest.mark.browser

SETTLE_MS = 600
NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


@pytest.fixture
def kiosk(kiosk: Kiosk) -> Kiosk:
    """Return the kiosk with a clock that only the test moves."""
    kiosk.page.clock.install(time=NOON)
    kiosk.start()
    kiosk.page.clock.pause_at(NOON + timedelta(minutes=1))
    kiosk.start()
    return kiosk


def take_number(kiosk: Kiosk) -> str:
    """Take a number and wait until the page has heard that its slip is printed."""
    kiosk.open_agency("DKC")
    kiosk.page.clock.run_for(SETTLE_MS)
    kiosk.services.first.click()
    expect(kiosk.take).to_be_visible()
    kiosk.page.clock.run_for(SETTLE_MS)
    kiosk.take.click()
    number = kiosk.number()
    while kiosk.page.locator("[data-slip][data-decided]").count() == 0:
        kiosk.page.clock.run_for(100)
    return number


def test_an_idle_page_asks_and_then_returns_to_the_start(kiosk: Kiosk) -> None:
    kiosk.open_agency("DKC")
    asking = kiosk.page.locator("dialog")

    kiosk.page.clock.run_for(29_000)
    expect(asking).to_be_hidden()
    kiosk.page.clock.run_for(2_000)
    expect(asking).to_be_visible()
    expect(asking.locator("[data-seconds-left]")).to_have_text("14")
    kiosk.page.clock.run_for(15_000)

    expect(kiosk.heading).to_have_text("Anda memerlukan instansi apa?")


def test_whoever_is_still_there_goes_on(kiosk: Kiosk) -> None:
    kiosk.open_agency("DKC")
    kiosk.page.clock.run_for(31_000)

    kiosk.page.get_by_role("button", name="Ya, lanjutkan").click()

    expect(kiosk.page.locator("dialog")).to_be_hidden()
    kiosk.page.clock.run_for(29_000)
    expect(kiosk.services.first).to_be_visible()
    expect(kiosk.page.locator("dialog")).to_be_hidden()


def test_an_english_start_page_falls_back_to_indonesian(kiosk: Kiosk) -> None:
    kiosk.page.locator("#language-en").click()
    expect(kiosk.heading).to_have_text("Which agency do you need?")

    kiosk.page.clock.run_for(46_000)

    expect(kiosk.heading).to_have_text("Anda memerlukan instansi apa?")


def test_the_number_counts_down_and_makes_way(kiosk: Kiosk) -> None:
    number = take_number(kiosk)
    left = kiosk.page.locator(".ticket__clock [data-seconds-left]")

    kiosk.page.clock.run_for(10_000)
    expect(left).to_have_text(re.compile("^1[01]$"))
    kiosk.page.clock.run_for(11_000)

    expect(kiosk.heading).to_have_text("Anda memerlukan instansi apa?")
    assert number not in kiosk.page.content()


def test_more_time_may_be_had(kiosk: Kiosk) -> None:
    number = take_number(kiosk)
    kiosk.page.clock.run_for(15_000)

    kiosk.page.locator("#more-time").click()
    kiosk.page.clock.run_for(50_000)

    assert kiosk.number() == number
    kiosk.page.clock.run_for(11_000)
    expect(kiosk.heading).to_have_text("Anda memerlukan instansi apa?")


def test_the_start_page_follows_the_lines_and_keeps_the_focus(
    kiosk: Kiosk, demo: DemoServer
) -> None:
    agency = kiosk.page.locator("#agency-12")
    agency.focus()
    before = agency.inner_text()
    demo.issue(demo.service_id("PLN"))

    kiosk.page.clock.run_for(11_000)

    expect(agency).not_to_have_text(before, use_inner_text=True)
    expect(agency).to_be_focused()


def test_the_start_page_says_when_an_agency_closes(
    kiosk: Kiosk, demo: DemoServer
) -> None:
    admin = demo.staff("admin")
    admin.post("/api/v1/agencies/12/close", json={}).raise_for_status()
    try:
        kiosk.page.clock.run_for(11_000)
        closed = kiosk.page.locator(".tile--closed")
        expect(closed).to_contain_text("Tutup sementara")
    finally:
        admin.post("/api/v1/agencies/12/reopen").raise_for_status()


def test_a_refresh_gives_way_to_a_touch(kiosk: Kiosk) -> None:
    routes: list[Route] = []
    kiosk.page.route("**/kiosk", lambda route: routes.append(route))
    with kiosk.page.expect_request("**/kiosk"):
        kiosk.page.clock.run_for(11_000)

    kiosk.page.locator("#agency-2").click()

    expect(kiosk.services.first).to_be_visible()
    assert len(routes) == 1
    routes[0].fallback()


def test_the_second_tap_of_a_double_tap_touches_nothing_new(kiosk: Kiosk) -> None:
    before = kiosk.tickets()
    kiosk.page.locator("#agency-2").click()
    box = kiosk.services.first.bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    kiosk.page.mouse.click(*middle)
    kiosk.page.clock.run_for(SETTLE_MS)
    expect(kiosk.services.first).to_be_visible()
    assert kiosk.tickets() == before

    kiosk.page.mouse.click(*middle)
    expect(kiosk.take).to_be_visible()
    assert kiosk.tickets() == before
