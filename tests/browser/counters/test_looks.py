"""Every state of the console fits its screen and is accessible."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.counters.desk import (
    CALLED,
    CLOSED,
    IDLE,
    SERVING,
    Desk,
    press,
    sign_in,
    state,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]


USUAL_WIDTH = 1366


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1024, 768), (1920, 1080)])
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_every_state_fits_its_screen_and_is_accessible(
    desk: Desk, work: Page, width: int, height: int, theme: str
) -> None:
    for _ in range(3):
        desk.issue(priority="hamil", people=2, assistance=True)
    work.set_viewport_size({"width": width, "height": height})
    work.goto(f"/counter?counter={desk.counter_id}&theme={theme}")
    steps = [("", CLOSED), ("o", IDLE), ("n", CALLED), ("s", SERVING), ("n", CALLED)]
    for key, expected in steps:
        if key:
            press(work, key)
        state(work, expected)
        _is_well(work, width)
    press(work, "d")
    _is_well(work, width)
    press(work, "1")
    state(work, IDLE)
    for chooser in ("w", "p", "c"):
        press(work, chooser)
        _is_well(work, width)
        press(work, "Escape")


@pytest.mark.parametrize("page_of", ["/sign-in", "/counter"])
def test_the_pages_before_the_console_are_accessible(
    desk: Desk, page: Page, page_of: str
) -> None:
    page.goto("/sign-in")
    _is_accessible(page)
    sign_in(page, desk.demo, desk.officer)
    for theme in ("light", "dark"):
        page.goto(f"{page_of}?theme={theme}")
        _is_accessible(page)


def _is_well(page: Page, width: int) -> None:
    _fits(page)
    if width == USUAL_WIDTH:
        _is_accessible(page)


def _fits(page: Page) -> None:
    measured = page.evaluate(
        """() => ({
          page: [document.documentElement.scrollWidth <= innerWidth,
                 document.documentElement.scrollHeight <= innerHeight],
          small: [...document.querySelectorAll("button, summary")]
            .filter((b) => b.checkVisibility() && !b.closest(".menu__sheet"))
            .filter((b) => b.getBoundingClientRect().height < 44)
            .map((b) => b.textContent.trim()),
          cut: [...document.querySelectorAll(".action, .visitor *, .top *")]
            .filter((e) => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1
              && e.clientWidth > 0)
            .filter((e) => !e.matches(".visually-hidden, svg, svg *"))
            .map((e) => e.className),
        })"""
    )
    assert measured == {"page": [True, True], "small": [], "cut": []}


def _is_accessible(page: Page) -> None:
    report = Axe().run(page)
    assert report.violations_count == 0, report.generate_report()
