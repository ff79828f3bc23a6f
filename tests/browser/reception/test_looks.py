"""Reception's pages fit their screens and are accessible."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.reception.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.mark.parametrize("query", ["lang=id", "lang=en", "theme=dark", "contrast=high"])
def test_the_main_job_fits_the_desks_screen_and_is_accessible(
    desk: Desk, query: str
) -> None:
    desk.page.set_viewport_size({"width": 1366, "height": 768})
    desk.page.goto(f"/reception?{query}")
    show_printer_sign(desk.page)
    is_well(desk.page)
    desk.press("1", "+")
    desk.type("ktp")
    expect(desk.matches.first).to_be_visible()
    is_well(desk.page)
    desk.press(",")
    expect(desk.page.locator("[data-selected-services] li")).to_have_count(1)
    desk.type("akt")
    desk.press("Enter")
    desk.state("waiting")
    is_well(desk.page)
    for key in ("p", "c", "k", "r"):
        desk.press("/", "Enter", key)
        expect(desk.page.locator(".actions--chooser:visible")).to_have_count(1)
        is_well(desk.page)
        desk.press("Escape")
    desk.press("/", "Enter", "d")
    desk.state("cancelled")
    is_well(desk.page)
    desk.press("Escape")
    desk.type("xqzw")
    expect(desk.page.locator("[data-no-match]")).to_be_visible()
    desk.page.route("**/reception/services", lambda route: route.abort())
    expect(desk.page.locator('[data-connection][data-state="stale"]')).to_be_visible()
    show_printer_sign(desk.page)
    is_well(desk.page)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_roll_fits_the_desks_screen_and_is_accessible(
    desk: Desk, lang: str
) -> None:
    desk.page.set_viewport_size({"width": 1366, "height": 768})
    desk.page.goto(f"/reception/roll?lang={lang}")
    is_well(desk.page)
    desk.page.locator("#more").focus()
    desk.type("skck")
    expect(desk.page.locator("#more-matches li").first).to_be_visible()
    is_accessible(desk.page)
    desk.press("Enter")
    expect(desk.page.locator("[data-selected-services] li")).to_have_count(1)
    is_accessible(desk.page)


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize(
    "path", ["/reception", "/reception/roll", "/reception/roll/{}"]
)
def test_on_a_phone_nothing_scrolls_sideways(desk: Desk, path: str, lang: str) -> None:
    link = "a[href^='/reception/roll/']"
    desk.page.goto("/reception/roll")
    series = (desk.page.locator(link).first.get_attribute("href") or "").split("/")[-1]
    desk.page.set_viewport_size({"width": 390, "height": 844})
    desk.page.goto(f"{path.format(series)}?lang={lang}")

    is_accessible(desk.page)
    assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def show_printer_sign(page: Page) -> None:
    """Show the sign as it stands while two printers need somebody."""
    page.evaluate(
        """() => {
          const sign = document.querySelector("[data-printer-sign]");
          const names = sign.querySelector("[data-printer-names]");
          names.textContent = "Printer Kios 1, Printer Kios 2";
          sign.hidden = false;
        }"""
    )


def is_well(page: Page) -> None:
    is_accessible(page)
    measured = page.evaluate(
        """() => ({
          page: [document.documentElement.scrollWidth <= innerWidth,
                 document.documentElement.scrollHeight <= innerHeight],
          small: [...document.querySelectorAll("button, summary")]
            .filter((b) => b.checkVisibility() && !b.closest(".menu__sheet"))
            .filter((b) => b.getBoundingClientRect().height < 44)
            .map((b) => b.textContent.trim()),
        })"""
    )
    assert measured == {"page": [True, True], "small": []}


def is_accessible(page: Page) -> None:
    report = Axe().run(page)
    assert report.violations_count == 0, report.generate_report()
