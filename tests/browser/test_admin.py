"""The administration in a real browser: pairing, closing, and how it looks."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.site import SiteServer
from tests.support.cast import ADMIN, PASSWORD
from tests.support.demo import DemoServer

pytestmark = pytest.mark.browser

SIZES: tuple[ViewportSize, ...] = (
    {"width": 1366, "height": 768},
    {"width": 390, "height": 844},
)
AGENCY = "BPM"
LONGEST_NAMED = "BPR"
PAGES = (
    "/admin",
    "/admin/devices",
    "/admin/devices/tokens/1/revoke",
    "/admin/agencies",
    "/admin/hall",
    "/admin/printers",
)


@pytest.fixture
def site(folder: Path) -> Iterator[SiteServer]:
    server = SiteServer(folder)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def admin(page: Page, demo: DemoServer) -> Page:
    """Return the demo's administration, the admin signed in, in English."""
    page.goto("/admin?lang=en")
    sign_in(page, "admin", demo.password_of("admin"))
    return page


def test_a_screen_is_paired_by_its_code_and_taken_back(
    browser: Browser, site: SiteServer
) -> None:
    screen = browser.new_context(base_url=site.url).new_page()
    desk = browser.new_context(base_url=site.url).new_page()
    screen.goto("/kiosk")
    expect(screen.locator("[data-code]")).not_to_contain_text("·")
    code = screen.locator("[data-code]").inner_text()

    desk.goto("/admin/devices?lang=en")
    sign_in(desk, ADMIN.username, PASSWORD)
    desk.get_by_label("Code on the screen").fill(code.lower())
    desk.get_by_label("Which device it is").select_option(label="Kios 2 (is paired)")
    desk.get_by_role("button", name="Pair this screen").click()

    expect(desk.get_by_role("status")).to_contain_text("becomes “Kios 2”")
    expect(screen.locator("[data-code]")).to_have_count(0)
    expect(screen.get_by_text("Dinas Kependudukan")).not_to_have_count(0)

    desk.goto("/admin/devices")
    desk.get_by_role("link", name="(pairing of Kios 2)").last.click()
    expect(desk.get_by_role("heading", name="Take this pairing back?")).to_be_visible()
    desk.get_by_role("button", name="Take it back").click()

    expect(desk.get_by_role("status")).to_contain_text("was taken back")
    screen.reload()
    expect(screen.locator("[data-code]")).to_be_visible()


def test_an_agency_is_closed_and_reopened_by_keyboard_alone(
    admin: Page, demo: DemoServer
) -> None:
    agency = agency_of(demo, AGENCY)
    demo.issue(agency["services"][0]["id"])
    admin.goto(f"/admin/agencies/{agency['id']}")
    expect(admin.get_by_text("still served").first).to_be_visible()

    admin.get_by_label("Note for colleagues").first.focus()
    admin.keyboard.type("Rapat")
    admin.keyboard.press("Tab")
    admin.keyboard.press("Enter")

    expect(admin.get_by_role("status")).to_contain_text("still served")
    assert agency_of(demo, AGENCY)["reason"] == "by-hand"
    assert_clean(admin)
    admin.get_by_role("button", name="Reopen").focus()
    admin.keyboard.press("Enter")
    expect(admin.get_by_role("status")).to_contain_text("Numbers are given again.")
    assert agency_of(demo, AGENCY)["open"]


def test_a_service_is_closed_without_script(browser: Browser, demo: DemoServer) -> None:
    agency = agency_of(demo, AGENCY)
    service = agency["services"][-1]
    context = browser.new_context(base_url=demo.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/admin/agencies/{agency['id']}?lang=en")
    sign_in(page, "resepsi", demo.password_of("resepsi"))

    part = page.locator(f"#service-{service['id']}")
    part.get_by_text("Close this service …").click()
    part.get_by_role("button", name="Close now").click()

    expect(part.get_by_role("status")).to_contain_text("Closed: no new numbers")
    part.get_by_role("button", name="Reopen").click()
    expect(part.get_by_role("status")).to_contain_text("Numbers are given again.")


def test_signing_out_ends_it(admin: Page) -> None:
    admin.get_by_role("button", name="Sign out").click()

    admin.goto("/admin/devices")

    expect(admin).to_have_url("/sign-in?next=/admin/devices")


@pytest.mark.parametrize("query", ["", "contrast=high", "theme=dark", "text=large"])
def test_every_page_is_accessible_and_never_scrolls_sideways(
    admin: Page, demo: DemoServer, query: str
) -> None:
    longest = agency_of(demo, LONGEST_NAMED)["id"]
    for size in SIZES:
        admin.set_viewport_size(size)
        for path in (*PAGES, f"/admin/agencies/{longest}"):
            admin.goto(f"{path}?{query}")
            assert_clean(admin)
            assert fits(admin), (path, size)


def test_a_mistake_is_named_at_its_field(admin: Page) -> None:
    admin.goto("/admin/devices")
    admin.get_by_label("Code on the screen").fill("ZZZ999")
    admin.get_by_label("Which device it is").select_option(index=1)
    admin.get_by_role("button", name="Pair this screen").click()

    field = admin.get_by_label("Code on the screen")
    expect(field).to_be_focused()
    expect(field).to_have_value("ZZZ999")
    expect(field).to_have_accessible_description(re.compile("No screen shows this"))
    assert_clean(admin)


def test_another_account_is_offered_where_this_one_may_not(
    page: Page, demo: DemoServer
) -> None:
    officer = demo.file["officers"][0]["username"]
    page.goto("/admin?lang=en")
    sign_in(page, officer, demo.password_of(officer))
    expect(page.get_by_role("heading", name="Not for this account")).to_be_visible()
    assert_clean(page)

    page.get_by_role("link", name="Sign in with another account").click()
    sign_in(page, "admin", demo.password_of("admin"))

    expect(page.get_by_role("heading", name="Administration")).to_be_visible()


def sign_in(page: Page, username: str, password: str) -> None:
    page.locator("#username").fill(username)
    page.locator("#password").fill(password)
    page.locator("#password").press("Enter")
    expect(page.locator("#password")).to_have_count(0)


def agency_of(demo: DemoServer, code: str) -> dict[str, Any]:
    return next(a for a in demo.agencies() if a["code"] == code)


def assert_clean(page: Page) -> None:
    """Let axe-core find nothing."""
    report = Axe().run(page)
    assert report.violations_count == 0, report.generate_report()


def fits(page: Page) -> bool:
    """Tell whether nothing scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
