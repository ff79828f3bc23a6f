"""The ticket's page on a phone, live, while the visit goes on."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from sqlalchemy import update

from app.queueing import rows
from app.settings import Settings
from tests.browser.displays.hall import PATIENCE, killed
from tests.support.database import Disk
from tests.support.demo import DemoServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]

PHONE: ViewportSize = {"width": 390, "height": 844}

Ticket = dict[str, Any]


class Visit:
    """A counter of the demo with an empty line, and one ticket in it."""

    def __init__(self, server: DemoServer) -> None:
        self.server = server
        self.service_id = server.service_id("POS")
        self.counter_id = server.counters_of(self.service_id)[0]
        counter = server.open_counter(self.counter_id)
        if counter["ticket"]:
            self.at_counter("serve")
        while self.call():
            self.at_counter("serve")
        self.ticket = self.issue()

    def issue(self, **body: Any) -> Ticket:
        return self.server.issue(self.service_id, **body)

    def call(self) -> Ticket | None:
        return self.server.call_next(self.counter_id)

    def at_counter(self, command: str, **body: Any) -> None:
        self.server.command(self.counter_id, command, **body)


@pytest.fixture
def visit(demo: DemoServer) -> Iterator[Visit]:
    visit = Visit(demo)
    yield visit
    counter = demo.open_counter(visit.counter_id)
    if counter["ticket"]:
        visit.at_counter("serve")


@pytest.fixture
def phone(browser: Browser, demo: DemoServer) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport=PHONE, has_touch=True, is_mobile=True, base_url=demo.url
    )
    context.add_init_script(
        "window.shaken = []; navigator.vibrate = (p) => shaken.push(p);"
    )
    yield context
    context.close()


def opened(phone: BrowserContext, ticket: Ticket, query: str = "") -> Page:
    page = phone.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"/t/{ticket['token']}{query}")
    return page


def axe_is_content(page: Page) -> None:
    report = Axe().run(page)
    assert report.violations_count == 0, report.generate_report()


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_page_follows_the_visit(visit: Visit, phone: BrowserContext) -> None:
    before, own = visit.ticket, visit.issue()
    page = opened(phone, own)
    now = page.locator("[data-words]")
    expect(page.get_by_role("heading", name=own["number"])).to_be_visible()
    expect(now).to_contain_text("1 nomor di depan Anda")
    axe_is_content(page)

    assert visit.call()["number"] == before["number"]  # type: ignore[index]
    expect(now).to_contain_text("Anda berikutnya.")
    visit.at_counter("serve")
    visit.call()
    expect(now).to_contain_text("Nomor Anda dipanggil. Silakan ke")
    place = page.locator(".now__place")
    expect(place).to_have_text(f"Loket {visit.counter_id}")
    expect(page.locator(".now__zone")).to_contain_text("Zona")
    assert float(place.evaluate("(p) => parseFloat(getComputedStyle(p).fontSize)")) > 50
    fits(page)
    axe_is_content(page)

    visit.at_counter("start")
    expect(now).to_contain_text("Anda sedang dilayani")
    axe_is_content(page)
    visit.at_counter("serve")
    expect(now).to_contain_text("Kunjungan Anda selesai. Terima kasih.")
    expect(page.get_by_role("button", name="Batalkan nomor")).to_be_hidden()
    axe_is_content(page)


def test_who_missed_the_call_comes_back_by_a_button(
    visit: Visit, phone: BrowserContext
) -> None:
    page = opened(phone, visit.ticket)
    visit.call()
    visit.at_counter("no-show", reason="left")
    button = page.get_by_role("button", name="Saya kembali")
    expect(button).to_be_visible()
    axe_is_content(page)
    fits(page)

    button.click()

    expect(page.locator("[data-words]")).to_contain_text("Anda berikutnya.")
    expect(button).to_be_hidden()


def test_the_page_says_when_the_last_counter_closes(
    visit: Visit, phone: BrowserContext
) -> None:
    counters = visit.server.counters_of(visit.service_id)
    page = opened(phone, visit.ticket)
    words = page.locator("[data-words]")
    expect(words).to_contain_text("Silakan menunggu di dekat loket")

    admin = visit.server.staff("admin")
    for counter_id in counters:
        admin.post(f"/api/v1/counters/{counter_id}/close", json={})

    expect(words).to_contain_text("Saat ini tidak ada loket yang buka")
    axe_is_content(page)
    fits(page)
    visit.server.open_counter(visit.counter_id)
    expect(words).to_contain_text("Silakan menunggu di dekat loket")


def test_a_no_show_reads_what_to_do(visit: Visit, phone: BrowserContext) -> None:
    page = opened(phone, visit.ticket)
    visit.call()
    expect(page.locator("[data-words]")).to_contain_text("Silakan ke")

    visit.at_counter("no-show", reason="left")

    expect(page.locator("[data-words]")).to_contain_text("tetapi Anda belum datang")
    axe_is_content(page)


def test_a_screen_reader_speaks_once(visit: Visit, phone: BrowserContext) -> None:
    page = opened(phone, visit.ticket)
    visit.call()

    status = page.locator('[role="status"]')

    expect(status).to_contain_text(re.compile(r"Silakan ke Loket \d+ Zona"))


def reader_hears_what_the_eye_reads(page: Page, part: str) -> None:
    """Wait for the words, then compare what a screen reader was given with them."""
    words = page.locator("[data-words]")
    expect(words).to_contain_text(part)
    shown = " ".join(words.inner_text().split())
    expect(page.locator("[data-announcement]")).to_have_text(shown)


def test_a_screen_reader_hears_the_words_that_are_shown_then(
    visit: Visit, phone: BrowserContext
) -> None:
    page = opened(phone, visit.ticket)
    reader_hears_what_the_eye_reads(page, "Silakan menunggu di dekat loket")

    admin = visit.server.staff("admin")
    for counter_id in visit.server.counters_of(visit.service_id):
        admin.post(f"/api/v1/counters/{counter_id}/close", json={})
    reader_hears_what_the_eye_reads(page, "Saat ini tidak ada loket yang buka")

    visit.server.open_counter(visit.counter_id)
    reader_hears_what_the_eye_reads(page, "Silakan menunggu di dekat loket")
    visit.call()
    visit.at_counter("no-show", reason="left")
    reader_hears_what_the_eye_reads(page, "Saya kembali")


def test_a_screen_reader_hears_no_words_of_the_state_before(
    visit: Visit, phone: BrowserContext
) -> None:
    page = opened(phone, visit.ticket)
    reader_hears_what_the_eye_reads(page, "Silakan menunggu di dekat loket")
    page.evaluate(
        """() => {
          window.announcements = [];
          const status = document.querySelector("[data-announcement]");
          new MutationObserver(() => announcements.push(status.textContent))
            .observe(status, { childList: true });
        }"""
    )

    visit.call()
    expect(page.locator("[data-announcement]")).to_contain_text("Silakan ke")
    visit.at_counter("no-show", reason="left")
    reader_hears_what_the_eye_reads(page, "Saya kembali")

    announcements = page.evaluate("announcements")
    assert not [words for words in announcements if "resepsi" in words]


def test_a_screen_reader_hears_the_words_where_no_socket_opens(
    visit: Visit, phone: BrowserContext
) -> None:
    phone.route_web_socket(re.compile("/live"), lambda socket: socket.close())
    page = opened(phone, visit.ticket)
    expect(page.locator("[data-words]")).to_contain_text("Silakan menunggu")
    visit.call()
    visit.at_counter("no-show", reason="left")

    reader_hears_what_the_eye_reads(page, "Saya kembali")


def test_cancelling_asks_first(visit: Visit, phone: BrowserContext) -> None:
    page = opened(phone, visit.ticket)
    page.get_by_role("button", name="Batalkan nomor").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Batalkan nomor ini?")
    axe_is_content(page)

    dialog.get_by_role("button", name="Tidak").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("[data-words]")).to_contain_text("Anda berikutnya.")
    page.get_by_role("button", name="Batalkan nomor").click()
    dialog.get_by_role("button", name="Ya, batalkan").click()

    expect(page.locator("[data-words]")).to_contain_text("Nomor ini sudah dibatalkan")
    expect(dialog).to_be_hidden()
    axe_is_content(page)
    assert visit.call() is None


def test_cancelling_too_late_says_so(visit: Visit, phone: BrowserContext) -> None:
    page = opened(phone, visit.ticket)
    page.get_by_role("button", name="Batalkan nomor").click()
    visit.call()
    expect(page.locator("[data-words]")).to_contain_text("Silakan ke")

    page.get_by_role("button", name="Ya, batalkan").click()

    expect(page.locator("[data-refused]")).to_be_visible()
    expect(page.locator("[data-ticket]")).to_have_attribute("data-state", "called")


def test_a_call_sounds_and_shakes_when_asked_to(
    visit: Visit, phone: BrowserContext
) -> None:
    page = opened(phone, visit.ticket)
    page.evaluate(
        "window.sounds = 0;"
        "document.addEventListener('playing', () => { sounds += 1; }, true)"
    )
    page.get_by_role("button", name="Nyalakan bunyi dan getar").click()
    expect(page.get_by_role("button", name="Bunyi dan getar menyala")).to_be_visible()
    page.wait_for_timeout(2_000)
    assert page.evaluate("[sounds, shaken.length]") == [1, 1]

    visit.call()

    expect(page.locator("[data-words]")).to_contain_text("Silakan ke")
    expect(page.locator(".now__place")).to_be_in_viewport()
    page.wait_for_timeout(1_000)
    assert page.evaluate("[sounds, shaken.length]") == [2, 2]


def test_several_services_keep_their_own_state(
    visit: Visit, demo: DemoServer, phone: BrowserContext
) -> None:
    visit.call()
    visit.at_counter("serve")
    ticket = demo.issue(visit.service_id, demo.service_id("PLN"))
    page = opened(phone, ticket)
    entries = page.locator(".entry")
    expect(entries).to_have_count(2)

    visit.call()

    expect(entries.nth(0)).to_contain_text("Dipanggil")
    expect(entries.nth(1)).to_contain_text("Menunggu")
    visit.at_counter("serve")
    expect(entries.nth(0)).to_contain_text("Selesai")
    expect(page.locator("[data-ticket]")).to_have_attribute("data-state", "waiting")
    axe_is_content(page)


@pytest.mark.parametrize("query", ["?lang=en", "?contrast=high", "?text=large", ""])
def test_nothing_hangs_over_and_axe_finds_nothing(
    visit: Visit, demo: DemoServer, phone: BrowserContext, query: str
) -> None:
    ticket = demo.issue(demo.service_id("DPM"), demo.service_id("DPP"), people=4)
    page = opened(phone, ticket, query)

    fits(page)
    axe_is_content(page)


def test_the_language_is_the_ticket_s_and_can_be_changed(
    visit: Visit, phone: BrowserContext
) -> None:
    page = opened(phone, visit.issue(language="en"))
    expect(page.locator("html")).to_have_attribute("lang", "en")

    page.get_by_role("link", name="Bahasa Indonesia").click()

    expect(page.locator("html")).to_have_attribute("lang", "id")


def test_where_no_socket_opens_the_page_asks_instead(
    visit: Visit, phone: BrowserContext
) -> None:
    phone.route_web_socket("**/api/v1/live**", lambda line: line.close())
    page = opened(phone, visit.ticket)

    visit.call()

    expect(page.locator("[data-words]")).to_contain_text("Silakan ke", timeout=PATIENCE)
    expect(page.get_by_role("alert")).to_be_hidden()


def test_a_lost_connection_is_noticed_and_heals(
    visit: Visit, phone: BrowserContext
) -> None:
    page = opened(phone, visit.ticket)
    alert = page.get_by_role("alert")
    with killed(visit.server):
        expect(alert).to_contain_text("Sambungan terputus", timeout=PATIENCE)
        axe_is_content(page)

    visit.call()

    expect(page.locator("[data-words]")).to_contain_text("Silakan ke", timeout=PATIENCE)
    expect(alert).to_be_hidden()


def test_an_unknown_ticket_is_refused_kindly(phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto("/t/abcdefghijkl")

    expect(page.get_by_role("heading")).to_have_text(
        "Nomor antrean ini tidak ditemukan"
    )
    axe_is_content(page)


@pytest.fixture
def zones_in_indonesian(demo: DemoServer) -> Iterator[None]:
    """Take the zones' English names away for a while."""
    zone = rows.zone
    disk = Disk(Settings(data=demo.folder).database)
    names = disk.rows("SELECT id, name_en FROM zone")
    with disk.writing() as db:
        db.execute(update(zone).values(name_en=None))
    yield
    with disk.writing() as db:
        for zone_id, name_en in names:
            mine = update(zone).where(zone.c.id == zone_id)
            db.execute(mine.values(name_en=name_en))


@pytest.mark.usefixtures("zones_in_indonesian")
def test_an_english_page_says_which_names_are_indonesian(
    visit: Visit, phone: BrowserContext
) -> None:
    page = opened(phone, visit.ticket, "?lang=en")
    expect(page.get_by_text("Wait in:").locator("[lang=id]")).to_contain_text("Zona")
    expect(page.get_by_text("Wait in:")).to_contain_text("(Indonesian)")

    visit.call()

    # what the script puts there says so too
    expect(page.locator(".now__zone")).to_contain_text(re.compile(r"Zona .*Indonesian"))
    expect(page.locator(".now__place")).to_have_attribute("lang", "id")
    axe_is_content(page)
    fits(page)
