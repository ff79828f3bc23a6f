"""A server that restarts, an answer that is lost, a printer that does not print."""

from collections.abc import Callable, Iterator

import httpx2
import pytest
from playwright.sync_api import Route, expect

from tests.browser.kiosk.conftest import Kiosk
from tests.support.demo import DemoServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]

PATIENCE = 20_000


def test_a_touch_during_a_restart_gets_its_number(
    kiosk: Kiosk, demo: DemoServer
) -> None:
    before = kiosk.tickets()
    kiosk.open_agency("DKC")
    take = kiosk.open_service()
    demo.stop()
    try:
        take.click()
        expect(kiosk.moment).to_be_visible()
        expect(kiosk.moment).to_contain_text("Mohon tunggu sebentar")
    finally:
        demo.start()

    expect(kiosk.page.locator("#number")).to_be_visible(timeout=PATIENCE)
    assert kiosk.tickets() == [*before, kiosk.number()]


def test_a_lost_answer_gives_no_second_number(kiosk: Kiosk) -> None:
    before = kiosk.tickets()
    kiosk.open_agency("DKC")
    lost: list[int] = []

    def lose_the_first(route: Route) -> None:
        if lost:
            route.fallback()
            return
        lost.append(route.fetch(max_redirects=0).status)
        route.abort()

    kiosk.page.route("**/kiosk/tickets", lose_the_first)
    kiosk.open_service().click()

    number = kiosk.number()
    assert lost == [303]
    assert kiosk.tickets() == [*before, number]


def test_a_link_that_was_cut_off_leads_to_the_start(
    kiosk: Kiosk, demo: DemoServer
) -> None:
    demo.stop()
    try:
        kiosk.page.locator("#agency-2").click()
        expect(kiosk.moment).to_be_visible()
    finally:
        demo.start()

    expect(kiosk.moment).to_be_hidden(timeout=PATIENCE)
    expect(kiosk.heading).to_have_text("Anda memerlukan instansi apa?")


def test_a_server_that_is_too_busy_is_asked_again(kiosk: Kiosk) -> None:
    before = kiosk.tickets()
    kiosk.open_agency("DKC")
    refused: list[str] = []

    def refuse_the_first(route: Route) -> None:
        if refused:
            route.fallback()
            return
        refused.append(route.request.method)
        route.fulfill(status=503, body="busy")

    kiosk.page.route("**/kiosk/tickets", refuse_the_first)
    kiosk.open_service().click()

    number = kiosk.number()
    assert refused == ["POST"]
    assert kiosk.tickets() == [*before, number]


@pytest.fixture
def break_printer(demo: DemoServer) -> Iterator[Callable[[str], None]]:
    """Return what breaks the first kiosk's printer; it is mended afterwards."""
    broken: list[str] = []

    def set_fault(fault: str, on: bool) -> None:
        form = {"fault": fault, "on": str(on).lower()}
        httpx2.post(f"{demo.url}/demo/printers/1/faults", data=form, timeout=10)

    def break_it(fault: str) -> None:
        set_fault(fault, on=True)
        broken.append(fault)

    yield break_it
    for fault in broken:
        set_fault(fault, on=False)


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ("paper", "Kertas printer habis"),
        ("cover", "Penutup printer terbuka"),
        ("offline", "Karcis Anda tidak dapat dicetak"),
    ],
)
def test_a_printer_that_cannot_print_is_named_beside_the_number(
    kiosk: Kiosk, break_printer: Callable[[str], None], fault: str, text: str
) -> None:
    break_printer(fault)
    kiosk.open_agency("DKC")
    kiosk.open_service().click()

    expect(kiosk.page.locator("[data-slip]")).to_contain_text(text)
    expect(kiosk.page.locator("[data-slip]")).to_contain_text("Silakan foto layar ini")
    assert kiosk.number() == kiosk.tickets()[-1]


def test_a_server_that_falls_silent_leaves_the_number_standing(
    kiosk: Kiosk, demo: DemoServer, break_printer: Callable[[str], None]
) -> None:
    break_printer("silent")
    kiosk.page.clock.install()
    kiosk.start()
    kiosk.open_agency("DKC")
    kiosk.open_service().click()
    number = kiosk.number()
    expect(kiosk.page.get_by_text("Karcis Anda sedang dicetak")).to_be_visible()
    demo.stop()
    try:
        for _ in range(8):
            kiosk.page.clock.run_for(1_000)
        expect(kiosk.page.locator("[data-slip-unanswered]")).to_be_visible()
        assert kiosk.number() == number
    finally:
        demo.start()
