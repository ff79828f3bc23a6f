"""A new screen of a real site shows a code and becomes its device by itself."""

import shutil
from collections.abc import AsyncIterator

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, async_playwright, expect

from tests.support.app_server import AppServer
from tests.support.clock import MovableClock
from tests.support.mall import KIOSK_1

pytestmark = pytest.mark.browser

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run"]


@pytest.fixture
async def screen(server: AppServer) -> AsyncIterator[Page]:
    """Return a new screen that shows the code to pair it by."""
    executable = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=executable, args=ARGUMENTS
        )
        page = await browser.new_page(base_url=server.url)
        await page.goto("/kiosk")
        await expect(page.locator("[data-code]")).not_to_have_text("······")
        yield page
        await browser.close()


async def code_on(screen: Page) -> str:
    return await screen.locator("[data-code]").inner_text()


async def approve(server: AppServer, code: str) -> None:
    body = {"code": code, "device_id": KIOSK_1}
    answer = await server.admin.post("/pairings/approve", body)
    assert answer.status_code == 204


async def test_the_screen_goes_on_when_its_code_is_approved(
    screen: Page, server: AppServer
) -> None:
    await approve(server, await code_on(screen))

    await expect(screen.locator("h1")).to_have_text("Anda memerlukan instansi apa?")
    devices = (await server.admin.get("/devices")).json()
    kiosk = next(device for device in devices if device["id"] == KIOSK_1)
    assert len(kiosk["token_ids"]) == 2


async def test_a_reload_keeps_the_code(screen: Page) -> None:
    code = await code_on(screen)

    await screen.reload()

    await expect(screen.locator("[data-code]")).to_have_text(code)


async def test_a_code_that_is_over_gives_way_to_a_new_one(
    screen: Page, server: AppServer, clock: MovableClock
) -> None:
    code = await code_on(screen)

    clock.move(minutes=16)

    await expect(screen.locator("[data-code]")).not_to_have_text(code)
    await approve(server, await code_on(screen))
    await expect(screen.locator("h1")).to_have_text("Anda memerlukan instansi apa?")


async def test_a_server_that_does_not_answer_is_told(screen: Page) -> None:
    await screen.route("**/api/v1/pairings/claim", lambda route: route.abort())
    silent = screen.locator("[data-unanswered]")
    await expect(silent).to_be_visible()

    await screen.unroute("**/api/v1/pairings/claim")

    await expect(silent).to_be_hidden()


async def test_axe_finds_nothing_on_the_pairing_page(screen: Page) -> None:
    found = await Axe().run(screen)

    assert found.violations_count == 0, found.generate_report()
