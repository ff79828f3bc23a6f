"""The demo's first kiosk in a real Chromium, upright unless a test turns it."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, ViewportSize, expect

from tests.support.demo import DemoServer

UPRIGHT: ViewportSize = {"width": 1080, "height": 1920}
LYING: ViewportSize = {"width": 1920, "height": 1080}


class Kiosk:
    """What a visitor does at one screen, and what the database then holds."""

    def __init__(self, page: Page, demo: DemoServer) -> None:
        self.page = page
        self.demo = demo

    def pair(self) -> None:
        """Become the demo's first kiosk."""
        bearer = {"Authorization": f"Bearer {self.demo.kiosk_token}"}
        assert self.page.request.post("/api/v1/device-session", headers=bearer).ok

    def start(self) -> None:
        """Open the start page."""
        self.page.goto("/kiosk")
        expect(self.heading).to_have_text("Anda memerlukan instansi apa?")

    def open_agency(self, code: str) -> None:
        """Touch an agency on the first sheet."""
        agency = next(a for a in self.demo.agencies() if a["code"] == code)
        self.page.locator(f"#agency-{agency['id']}").click()
        expect(self.services.first).to_be_visible()

    def open_service(self) -> Locator:
        """Touch the first service; returns the button that takes the number."""
        self.services.first.click()
        expect(self.take).to_be_visible()
        return self.take

    def number(self) -> str:
        """Return the number on the screen."""
        number = self.page.locator("#number")
        expect(number).to_be_visible()
        return str(number.text_content())

    def tickets(self) -> list[str]:
        """Return the numbers of all tickets, oldest first."""
        with closing(sqlite3.connect(self.demo.database)) as db:
            result = db.execute("SELECT number FROM ticket ORDER BY id")
            return [row[0] for row in result]

    @property
    def heading(self) -> Locator:
        """Return the page's heading."""
        return self.page.locator("h1")

    @property
    def services(self) -> Locator:
        """Return the tiles of the services that give numbers."""
        return self.page.locator("a.tile--service")

    @property
    def take(self) -> Locator:
        """Return the button that takes a number."""
        return self.page.locator("#take")

    @property
    def moment(self) -> Locator:
        """Return the cover that asks the visitor to wait a moment."""
        return self.page.locator("[data-one-moment]")


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": UPRIGHT}


@pytest.fixture
def kiosk(page: Page, demo: DemoServer) -> Kiosk:
    """Return the start page of a paired kiosk."""
    kiosk = Kiosk(page, demo)
    kiosk.pair()
    kiosk.start()
    return kiosk


@pytest.fixture
def plain_kiosk(new_context: Callable[..., BrowserContext], demo: DemoServer) -> Kiosk:
    """Return the start page of a kiosk whose browser runs no scripts."""
    kiosk = Kiosk(new_context(java_script_enabled=False).new_page(), demo)
    kiosk.pair()
    kiosk.start()
    return kiosk


@pytest.fixture
def closing_by_hand(demo: DemoServer) -> Iterator[Callable[[int], None]]:
    """Return what closes a service by hand; it is opened again afterwards."""
    admin, closed = demo.staff("admin"), []

    def close(service_id: int) -> None:
        admin.post(f"/api/v1/services/{service_id}/close", json={}).raise_for_status()
        closed.append(service_id)

    yield close
    for service_id in closed:
        admin.post(f"/api/v1/services/{service_id}/reopen").raise_for_status()
