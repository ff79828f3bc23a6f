"""The whole main job, in four windows: kiosk, paper, counter, display, and a phone."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from printer.emulator import PrintedSlip
from tests.browser.waiting import wait_until
from tests.support.demo import DemoServer
from tests.support.paper import Printer, tcp_printer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

AGENCY = "DKC"


@pytest.fixture(scope="module")
def paper() -> Iterator[Printer]:
    with tcp_printer() as printer:
        yield printer


@pytest.fixture(scope="module")
def mall(
    tmp_path_factory: pytest.TempPathFactory, paper: Printer
) -> Iterator[DemoServer]:
    folder: Path = tmp_path_factory.mktemp("story")
    server = DemoServer(folder, "--printer", paper.address)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def window(browser: Browser, mall: DemoServer) -> Iterator["Windows"]:
    windows = Windows(browser, mall.url)
    yield windows
    windows.close()


class Windows:
    """Windows of browsers that know nothing of each other."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser = browser
        self._url = url
        self._contexts: list[BrowserContext] = []

    def open(self, path: str, width: int, height: int) -> Page:
        context = self._browser.new_context(
            base_url=self._url, viewport={"width": width, "height": height}
        )
        self._contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto(path)
        return page

    def close(self) -> None:
        for context in self._contexts:
            context.close()


def test_from_the_touch_to_served(
    window: Windows, mall: DemoServer, paper: Printer
) -> None:
    kiosk = window.open("/kiosk", 1080, 1920)
    display = window.open("/display", 1920, 1080)
    agency = next(each for each in mall.agencies() if each["code"] == AGENCY)
    service = agency["services"][0]

    number = take_number(kiosk, agency["name"], service["name"])
    address = address_on_the_slip(paper.wait_for_slip(1), number, service["name"])
    expect(kiosk.locator("[data-slip]")).to_contain_text(re.compile("karcis", re.I))

    phone = window.open(address.removeprefix(mall.url), 390, 844).locator("main")
    expect(phone).to_contain_text(number)
    expect(phone).to_contain_text(re.compile("giliran|depan Anda"))

    counter_id = mall.counters_of(service["id"])[0]
    counter = window.open(f"/counter?counter={counter_id}", 1366, 768)
    place = sign_in(counter, mall, counter_id)
    call(counter, display, number, place)
    expect(phone).to_contain_text(place)

    start_and_serve(counter, phone)
    # an announced call stays large for ten seconds, whoever comes sooner
    large = display.locator("[data-list=large]")
    expect(large).not_to_contain_text(number, timeout=15_000)
    ticket = (
        mall.staff(mall.officer_of(counter_id)).get("/api/v1/tickets/by-id/1").json()
    )
    assert (ticket["number"], ticket["state"]) == (number, "served")


def take_number(kiosk: Page, agency: str, service: str) -> str:
    """Touch the agency, the service, and the button: the number is given."""
    kiosk.get_by_role("link", name=re.compile(re.escape(agency))).click()
    kiosk.get_by_role("link", name=re.compile(re.escape(service))).click()
    kiosk.get_by_role("button", name="Ambil nomor").click()
    number = kiosk.locator(".ticket .number")
    expect(number).to_have_text(re.compile(r"^[A-Z]{1,3}-001$"))
    return number.inner_text()


def address_on_the_slip(slip: PrintedSlip, number: str, service: str) -> str:
    """Check the bytes that reached the printer; return what the QR code holds."""
    assert number in "\n".join(slip.text)
    assert service in " ".join(slip.text)
    assert slip.whole, "the slip was cut off whole"
    assert slip.unknown == []
    assert slip.qr is not None
    assert re.search(r"/t/[A-Za-z0-9_-]{20,}$", slip.qr)
    return slip.qr


def sign_in(counter: Page, mall: DemoServer, counter_id: int) -> str:
    """Sign the counter's own officer in; return the counter's name."""
    officer = mall.officer_of(counter_id)
    counter.get_by_label("Nama pengguna").fill(officer)
    counter.get_by_label("Kata sandi", exact=True).fill(mall.password_of(officer))
    counter.keyboard.press("Enter")
    place = f"Loket {counter_id}"
    expect(counter.get_by_role("heading", name=place).first).to_be_visible()
    expect(counter.locator("[data-connection]")).to_have_attribute("data-state", "live")
    return place


def call(counter: Page, display: Page, number: str, place: str) -> None:
    """Open and call by single keys; the hall sees and hears it."""
    plays = count_plays(display)
    counter.keyboard.press("o")
    expect(counter.locator("[data-send=call-next]")).to_be_enabled()
    counter.keyboard.press("n")
    large = display.locator("[data-list=large]")
    expect(large).to_contain_text(number)
    expect(large).to_contain_text(place)
    announcement = display.locator("[data-announcement]")
    expect(announcement).to_contain_text(f"silakan menuju {place}", ignore_case=True)
    wait_until(display, lambda: plays() >= 1)


def start_and_serve(counter: Page, phone: Locator) -> None:
    """Start and serve by single keys; the phone follows."""
    expect(counter.locator("[data-send=start]")).to_be_enabled()
    counter.keyboard.press("s")
    expect(phone).to_contain_text(re.compile("dilayani", re.I))
    # the phone may hear of it before the console has its own answer
    expect(counter.locator("[data-notice]")).to_contain_text("dilayani")
    counter.keyboard.press("d")
    counter.keyboard.press("Enter")
    expect(phone).to_contain_text("Kunjungan Anda selesai")


def count_plays(display: Page) -> Callable[[], int]:
    """Count from now on how often the display's sound plays."""
    sounds = display.evaluate_handle(
        "() => { const sounds = {plays: 0};"
        " document.addEventListener('playing', () => sounds.plays++, true);"
        " return sounds; }"
    )
    return lambda: int(sounds.evaluate("sounds => sounds.plays"))
