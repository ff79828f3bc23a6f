"""What the hall's display looks like at its true sizes, measured and by axe."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.displays.hall import (
    NO_OVERFLOW,
    PATIENCE,
    Hall,
    board,
    killed,
    paint,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

READABLE = 271
"""Font size in px on a 55-inch 1080p screen at 10 m (legibility.md#text-from-far)."""
SECOND = 104
"""The same for 16 minutes of arc."""
SIZES = [(1366, 768), (1920, 1080), (3840, 2160)]


def px(page: Page, selector: str) -> float:
    script = "(part) => parseFloat(getComputedStyle(part).fontSize)"
    return float(page.locator(selector).first.evaluate(script))


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_what_must_be_read_is_large_enough_at_every_size(
    hall: Hall, browser: Browser, width: int, height: int
) -> None:
    for counter in (1, 7, 12, 20):
        hall.call(counter)
    with hall.display(browser, viewport={"width": width, "height": height}) as page:
        scale = height / 1080

        assert px(page, ".tile__number") >= READABLE * scale
        assert px(page, ".tile__place") >= SECOND * scale
        assert px(page, ".row-call__number") >= SECOND * scale
        assert px(page, ".row-call__place") >= SECOND * scale


def test_one_call_alone_stands_even_larger(hall: Hall, browser: Browser) -> None:
    with hall.display(browser) as page:
        hall.call(1)
        expect(page.locator(".tile")).to_have_count(1)

        assert px(page, ".tile__number") > 1.2 * READABLE


BOARDS = [
    board(),
    board("A-012", recent=12, waiting=1),
    board("MW-012", waiting=31),
    board("MW-1012", "QW-2345", recent=3, waiting=4),
    board(*(f"MW-1{n:03}" for n in range(48)), waiting=31),
]


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("data", BOARDS, ids=["none", "one", "wide", "two", "full"])
def test_nothing_is_cut_off_or_hangs_over(
    hall: Hall, browser: Browser, data: dict[str, object], width: int, height: int
) -> None:
    with hall.display(browser, viewport={"width": width, "height": height}) as page:
        paint(page, data)
        page.reload()
        expect(page.locator("time[data-clock]")).to_have_text("08.15")

        assert page.evaluate(NO_OVERFLOW) == []


@pytest.mark.parametrize("query", ["", "?theme=light", "?contrast=high", "?lang=en"])
def test_axe_finds_nothing(hall: Hall, browser: Browser, query: str) -> None:
    with hall.display(browser) as page:
        page.goto(f"{hall.server.url}/display{query}")
        assert Axe().run(page).violations_count == 0
        for counter in (1, 7, 12):
            hall.call(counter)
        expect(page.locator(".tile")).to_have_count(2)

        report = Axe().run(page)

        assert report.violations_count == 0, report.generate_report()


def test_axe_finds_nothing_in_the_messages(hall: Hall, browser: Browser) -> None:
    with hall.display(browser) as page:
        page.route_web_socket("**/api/v1/live**", lambda _line: None)
        page.reload()
        expect(page.get_by_role("alert")).to_be_visible(timeout=PATIENCE)
        page.locator("[data-notice=silent]").evaluate(
            "(part) => { part.hidden = false; }"
        )

        report = Axe().run(page)

        assert report.violations_count == 0, report.generate_report()


def test_a_new_call_swells_three_times(hall: Hall, browser: Browser) -> None:
    with hall.display(browser) as page:
        hall.call(1)
        expect(page.locator(".tile--new")).to_have_count(1)

        name, times = page.locator(".tile--new").evaluate(
            """(tile) => {
              const { animationName, animationIterationCount } = getComputedStyle(tile);
              return [animationName, animationIterationCount];
            }"""
        )

        assert (name, times) == ("called", "3")


def test_nothing_moves_for_those_who_asked_for_that(
    hall: Hall, browser: Browser
) -> None:
    with hall.display(browser, reduced_motion="reduce") as page:
        hall.call(1)
        expect(page.locator(".tile--new")).to_have_count(1)

        assert page.evaluate("document.getAnimations().length") == 0


def test_what_is_out_of_date_is_dimmed_and_the_message_covers_nothing(
    hall: Hall, browser: Browser
) -> None:
    for counter in (1, 7, 12, 20):
        hall.call(counter)
    with hall.display(browser) as page:
        expect(page.locator(".tile")).to_have_count(2)
        colour = "(part) => getComputedStyle(part).color"
        number = page.locator(".tile__number").first
        fresh = number.evaluate(colour)

        with killed(hall.server):
            notice = page.get_by_role("alert")
            expect(notice).to_be_visible(timeout=PATIENCE)

            assert number.evaluate(colour) != fresh
            # its counts are true no more; the calls keep their size
            expect(page.locator(".lines")).to_be_hidden()
            # half a pixel of rounding covers nothing
            assert _bottom(page, ".earlier__calls") <= _top(page, ".notice--stale") + 1
            assert page.evaluate(NO_OVERFLOW) == []


def _top(page: Page, selector: str) -> float:
    return float(
        page.locator(selector).evaluate("(e) => e.getBoundingClientRect().top")
    )


def _bottom(page: Page, selector: str) -> float:
    """Return where the lowest of what stands in it ends."""
    script = """(e) => Math.max(...[e, ...e.querySelectorAll("*")]
      .map((part) => part.getBoundingClientRect().bottom))"""
    return float(page.locator(selector).evaluate(script))
