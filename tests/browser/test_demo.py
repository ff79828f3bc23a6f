"""The demo's own pages in a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from tests.support.demo import DemoServer

pytestmark = pytest.mark.browser

SIZES: tuple[ViewportSize, ...] = (
    {"width": 1366, "height": 768},
    {"width": 390, "height": 844},
)
AGENCY = "BKS"


def test_a_slip_comes_into_the_page_by_itself(page: Page, demo: DemoServer) -> None:
    page.goto("/demo/printers?lang=en")
    ticket = demo.issue(demo.service_id(AGENCY))

    slip = page.locator("[data-slip]").first
    expect(slip).to_contain_text(ticket["number"])
    expect(page.locator("[data-announcement]")).to_have_text(
        f"New slip {ticket['number']}"
    )
    expect(slip.get_by_role("link", name="Ticket page")).to_have_attribute(
        "href", ticket["url"]
    )
    drawn = "picture => picture.complete && picture.naturalWidth > 0"
    picture = slip.locator("img")
    page.wait_for_function(drawn, arg=picture.element_handle())


def test_a_printer_is_broken_and_mended_by_keyboard(page: Page) -> None:
    page.goto("/demo/printers?lang=en")
    paper = page.get_by_role("button", name="Paper has run out").last

    paper.focus()
    page.keyboard.press("Enter")
    expect(paper).to_have_attribute("aria-pressed", "true")

    # the address names the printer: arriving there takes the focus once more
    page.wait_for_load_state()
    paper.focus()
    page.keyboard.press("Enter")
    expect(paper).to_have_attribute("aria-pressed", "false")


def test_the_paper_says_when_the_server_is_silent(page: Page) -> None:
    page.goto("/demo/printers?lang=en")
    silence = page.get_by_text("The server does not answer.")
    expect(silence).to_be_hidden()

    page.route("**/demo/printers?lang=en", lambda route: route.abort())
    expect(silence).to_be_visible()

    page.unroute_all()
    expect(silence).to_be_hidden()


@pytest.mark.parametrize("query", ["", "contrast=high", "theme=dark", "text=large"])
def test_both_pages_are_accessible_and_never_scroll_sideways(
    page: Page, demo: DemoServer, query: str
) -> None:
    demo.issue(demo.service_id(AGENCY))
    for path in ("/", "/demo/printers"):
        for size in SIZES:
            page.set_viewport_size(size)
            page.goto(f"{path}?{query}")
            if path == "/":
                page.locator("summary").click()
            report = Axe().run(page)
            assert report.violations_count == 0, report.generate_report()
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= size["width"], (path, size)


def test_a_newcomer_opens_the_kiosk_from_the_first_page(page: Page) -> None:
    page.goto("/")

    with page.expect_popup() as opened:
        page.locator('.link-card[href="/kiosk"]').click()

    kiosk = opened.value
    expect(kiosk.get_by_text("Dukcapil").first).to_be_visible()
