"""The kiosk's figures, measured at its true sizes, and axe-core on every page.

21.5 inches with 1080 by 1920: 4.03 px to the millimetre (app/kiosk/static/kiosk.css).
"""

import re
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.kiosk.conftest import LYING, UPRIGHT, Kiosk

pytestmark = pytest.mark.browser

TARGET = 81  # 20 mm
APART = 32  # 8 mm
MAIN_TEXT = 33.5  # capitals of 6.1 mm, 0.727 of the size
LEAST_TEXT = 26.5  # capitals of 4.8 mm

BOXES = """() => [...document.querySelectorAll("a[href], button")]
  .filter((e) => e.offsetParent && !e.classList.contains("skip-link"))
  .map((e) => {
    const { left, top, right, bottom } = e.getBoundingClientRect();
    return { id: e.id, left, top, right, bottom };
  })"""
OVERFLOWS = """() => [...document.querySelectorAll("main *, header *")]
  .filter((e) => !(e instanceof SVGElement) && !e.closest(".visually-hidden"))
  .filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0
                 && getComputedStyle(e).display !== "inline")
  .map((e) => e.className || e.tagName)"""
TEXT_SIZES = """(chosen) => [...document.querySelectorAll(chosen)]
  .map((e) => parseFloat(getComputedStyle(e).fontSize))"""
PAGE = """() => {
  const { scrollWidth, scrollHeight } = document.documentElement;
  return [scrollWidth, scrollHeight];
}"""

MAIN = ".kiosk-head h1, .kiosk-message h1, .ticket__label, .tile__name, .search h1"
ADDRESSES = [
    "/kiosk",
    "/kiosk?page=2",
    "/kiosk?lang=en",
    "/kiosk?page=2&lang=en",
    "/kiosk/agencies/2",
    "/kiosk/agencies/2?lang=en",
    "/kiosk/agencies/31",
    "/kiosk/agencies/999",
    "/kiosk?with=9",
    "/kiosk/agencies/2?with=1",
    "/kiosk/services/9",
    "/kiosk/services/9?lang=en&assistance=yes",
    "/kiosk/services/9?with=1,2,3,4&people=3&priority=lansia",
    "/kiosk/services/9?with=1,2,3&people=20",
    "/kiosk/person",
    "/kiosk/search",
    "/kiosk/search?q=ktp&lang=en",
    "/kiosk/search?q=ktp",
    "/kiosk/search?q=ktp&with=1",
    "/kiosk/search?q=xqzw",
]
PAGES = [address for address in ADDRESSES if "lang=en" not in address]
MODE = "lang={}&text={}&contrast={}"
# each language, size and contrast meets each of the others
PAIRS_OF_MODES = [
    MODE.format("id", "normal", "normal"),
    MODE.format("en", "normal", "high"),
    MODE.format("en", "large", "normal"),
    MODE.format("id", "large", "high"),
]
LARGE = [
    "/kiosk",
    "/kiosk?page=3&lang=en",
    "/kiosk?with=9&lang=en",
    "/kiosk/agencies/2",
    "/kiosk/agencies/2?page=2&lang=en&with=1",
    "/kiosk/services/9",
    "/kiosk/services/9?people=20&priority=lansia&assistance=yes&lang=en",
    "/kiosk/services/9?with=1,2",
    "/kiosk/person?lang=en",
    "/kiosk/search?lang=en",
    "/kiosk/search?q=ktp",
    "/kiosk/search?q=xqzw",
    "/kiosk/agencies/999",
]
SCREENS = [UPRIGHT, LYING]


@pytest.mark.parametrize("size", SCREENS, ids=["upright", "lying"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_everything_fits_on_the_screen_and_under_a_finger(
    kiosk: Kiosk, size: Any, address: str
) -> None:
    kiosk.page.set_viewport_size(size)

    kiosk.page.goto(address)

    assert_fits(kiosk.page)


@pytest.mark.parametrize("size", SCREENS, ids=["upright", "lying"])
@pytest.mark.parametrize("address", LARGE)
def test_large_text_fits_too_and_is_larger(
    kiosk: Kiosk, size: Any, address: str
) -> None:
    kiosk.page.set_viewport_size(size)

    kiosk.page.goto(with_query(address, "text=large&contrast=high"))

    assert_fits(kiosk.page)
    assert min(kiosk.page.evaluate(TEXT_SIZES, "main p, main a")) >= 1.3 * LEAST_TEXT


@pytest.mark.parametrize("size", SCREENS, ids=["upright", "lying"])
def test_five_services_on_one_number_fit_and_have_no_cut_text(
    kiosk: Kiosk, size: Any
) -> None:
    ids = [a["services"][0]["id"] for a in kiosk.demo.agencies()[:5]]
    number = kiosk.demo.issue(*ids, people=3, assistance=True)
    for text in ("normal", "large"):
        show_as_own(kiosk, number["id"])
        kiosk.page.set_viewport_size(size)
        kiosk.page.goto(f"/kiosk/ticket?text={text}")
        expect(kiosk.page.locator(".ticket__service")).to_have_count(5)
        kiosk.page.locator("[data-slip][data-decided]").wait_for()
        if text == "normal":
            assert_fits(kiosk.page)
        assert_axe_is_content(kiosk.page)


@pytest.mark.parametrize("size", SCREENS, ids=["upright", "lying"])
def test_the_number_fits_and_is_as_large_as_the_width_allows(
    kiosk: Kiosk, size: Any
) -> None:
    kiosk.page.set_viewport_size(size)
    kiosk.page.locator("#agency-2").click()
    kiosk.open_service().click()
    kiosk.number()

    assert_fits(kiosk.page)
    for number in ("W-444", "MW-444", "MW-4440"):
        width = kiosk.page.evaluate(
            """(text) => {
              const number = document.getElementById("number");
              number.textContent = text;
              number.dataset.length = text.length;
              const range = document.createRange();
              range.selectNodeContents(number);
              return range.getBoundingClientRect().width;
            }""",
            number,
        )
        column = kiosk.page.locator(".ticket__number").bounding_box()
        assert column is not None
        assert 0.85 * column["width"] < width <= column["width"], number


@pytest.mark.parametrize("size", SCREENS, ids=["upright", "lying"])
def test_a_mall_with_everything_closed_fits_too(
    kiosk: Kiosk, size: Any, every_agency_closed: None
) -> None:
    kiosk.page.set_viewport_size(size)

    kiosk.page.goto("/kiosk")

    expect(kiosk.page.locator(".tile--closed")).to_have_count(16)
    assert_fits(kiosk.page)


NO_COUNTER = ("tidak ada loket buka", "No counter open now")
HOURS = ", jam layanan sampai pukul 15.30"
UNTIL = "Nomor diberikan sampai pukul 15.30"
ADD_HOURS = """(last, [until, hours]) => {
  const line = last.cloneNode(true);
  line.lastChild.textContent = until;
  last.before(line);
  last.lastChild.append(hours);
}"""


@pytest.mark.parametrize("size", SCREENS, ids=["upright", "lying"])
@pytest.mark.parametrize(
    ("text", "address"),
    [
        (text, address)
        for text, addresses in (("normal", ADDRESSES), ("large", LARGE))
        for address in addresses
        if "services/9" in address
    ],
)
def test_a_line_without_an_open_counter_says_both_and_fits(
    kiosk: Kiosk, size: Any, text: str, address: str
) -> None:
    for counter_id in kiosk.demo.counters_of(9):
        kiosk.demo.open_counter(counter_id)
        kiosk.demo.command(counter_id, "close")
    kiosk.demo.issue(9)
    kiosk.page.set_viewport_size(size)

    for language in ("id", "en"):
        page = address.replace("lang=en&", "").replace("&lang=en", "")
        mode = MODE.format(language, text, "normal")
        kiosk.page.goto(with_query(page.replace("?lang=en", ""), mode))
        facts = kiosk.page.locator(".service__facts")
        expect(facts).to_contain_text(re.compile("|".join(NO_COUNTER)))
        expect(facts).to_contain_text(re.compile(r"[1-9]\d* (menunggu|wait)"))
        assert_fits(kiosk.page)
        if "with=" not in page:
            # the demo is always open: where there are hours they stand here too
            facts.locator("li").last.evaluate(ADD_HOURS, [UNTIL, HOURS])
            expect(facts).to_contain_text(HOURS)
            assert_fits(kiosk.page)


@pytest.mark.timeout(180)
def test_axe_finds_nothing_on_any_page(kiosk: Kiosk, closed: list[str]) -> None:
    for address in [*PAGES, *closed]:
        for mode in PAIRS_OF_MODES:
            kiosk.page.goto(with_query(address, mode))
            assert_axe_is_content(kiosk.page)


@pytest.mark.full
@pytest.mark.timeout(600)
@pytest.mark.parametrize("size", SCREENS, ids=["upright", "lying"])
def test_axe_finds_nothing_on_any_page_in_any_mode(
    kiosk: Kiosk, size: Any, closed: list[str]
) -> None:
    kiosk.page.set_viewport_size(size)
    for address in [*PAGES, *closed]:
        for mode in product(("id", "en"), ("normal", "large"), ("normal", "high")):
            kiosk.page.goto(with_query(address, MODE.format(*mode)))
            assert_axe_is_content(kiosk.page)


def test_axe_finds_nothing_on_the_number_and_its_dialogs(kiosk: Kiosk) -> None:
    kiosk.open_agency("IMI")
    kiosk.page.evaluate("document.querySelector('dialog').showModal()")
    assert_axe_is_content(kiosk.page)
    kiosk.page.keyboard.press("Escape")
    kiosk.open_service().click()
    kiosk.number()
    assert_axe_is_content(kiosk.page)
    kiosk.page.evaluate("document.querySelector('[data-one-moment]').hidden = false")
    assert_axe_is_content(kiosk.page)


@pytest.fixture
def closed(kiosk: Kiosk, closing_by_hand: Callable[[int], None]) -> list[str]:
    """Close a service by hand; returns the addresses that tell so."""
    service_id = kiosk.demo.service_id("DKC")
    closing_by_hand(service_id)
    return [f"/kiosk/services/{service_id}{end}" for end in ("", "/closed")]


@pytest.fixture
def every_agency_closed(kiosk: Kiosk) -> Any:
    """Close all agencies until tomorrow morning, and open them again afterwards."""
    admin = kiosk.demo.staff("admin")
    ids = [agency["id"] for agency in kiosk.demo.agencies()]
    for each in ids:
        body = {"until": "2100-01-04T01:00:00Z"}
        admin.post(f"/api/v1/agencies/{each}/close", json=body).raise_for_status()
    yield
    for each in ids:
        admin.post(f"/api/v1/agencies/{each}/reopen").raise_for_status()


def with_query(address: str, query: str) -> str:
    """Return an address with something more in its query."""
    return f"{address}{'&' if '?' in address else '?'}{query}"


def show_as_own(kiosk: Kiosk, ticket_id: int) -> None:
    """Let the kiosk's browser show a number that it gave over the API."""
    cookie = {"name": "antrean_kiosk_ticket", "value": str(ticket_id)}
    kiosk.page.context.add_cookies([{**cookie, "url": kiosk.demo.url}])  # type: ignore[typeddict-item]


def assert_fits(page: Page) -> None:
    """Assert no scrolling, targets, gaps, text sizes (legibility.md#at-the-kiosk)."""
    size = page.viewport_size
    assert size is not None
    assert page.evaluate(PAGE) == [size["width"], size["height"]]
    assert page.evaluate(OVERFLOWS) == []
    boxes = page.evaluate(BOXES)
    for box in boxes:
        assert box["bottom"] - box["top"] >= TARGET, box
        assert box["right"] - box["left"] >= TARGET, box
        assert box["bottom"] <= size["height"], box
    for i, one in enumerate(boxes):
        for other in boxes[i + 1 :]:
            assert gap(one, other) >= APART, (one, other)
    assert min(page.evaluate(TEXT_SIZES, MAIN)) >= MAIN_TEXT
    assert min(page.evaluate(TEXT_SIZES, "main p, main span, main a")) >= LEAST_TEXT


def gap(one: dict[str, float], other: dict[str, float]) -> float:
    """Return how far two boxes are apart, in px."""
    across = max(one["left"] - other["right"], other["left"] - one["right"])
    down = max(one["top"] - other["bottom"], other["top"] - one["bottom"])
    return max(across, down) + 0.01


def assert_axe_is_content(page: Page) -> None:
    """Assert that axe-core reports no violation."""
    report = Axe().run(page)
    assert report.violations_count == 0, report.generate_report()
