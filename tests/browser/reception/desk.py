"""Reception's desk in the browser, and what stands there."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.support.database import Disk
from tests.support.demo import DemoServer

RECEPTION = "resepsi"


@dataclass
class Desk:
    """A desk of the demo, open in a page."""

    demo: DemoServer
    page: Page

    @property
    def field(self) -> Locator:
        return self.page.locator("#service")

    @property
    def number_field(self) -> Locator:
        return self.page.locator("#number")

    @property
    def number(self) -> Locator:
        return self.page.locator(".visit__number")

    @property
    def notice(self) -> Locator:
        return self.page.locator("[data-notice]")

    @property
    def matches(self) -> Locator:
        return self.page.locator("#matches li")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def given(self) -> str:
        """Wait for the number that is given, and return it."""
        expect(self.notice).to_contain_text("diberikan")
        return self.number.inner_text()

    def give(self, text: str) -> str:
        self.type(text)
        self.press("Enter")
        return self.given()

    def give_next(self, text: str) -> str:
        """Give another number than the one that is shown."""
        before = self.number.inner_text()
        self.type(text)
        self.press("Enter")
        expect(self.number).not_to_have_text(before)
        return self.number.inner_text()

    def state(self, expected: str) -> None:
        visit = self.page.locator("[data-visit]")
        expect(visit).to_have_attribute("data-state", expected)

    def ticket(self, number: str) -> dict[str, Any]:
        """Return today's ticket with a number, as reception sees it."""
        answer = self.demo.staff(RECEPTION).get(f"/api/v1/tickets/by-number/{number}")
        tickets: list[dict[str, Any]] = answer.raise_for_status().json()
        assert [each["number"] for each in tickets] == [number]
        return tickets[0]

    def slip_address(self, number: str) -> str:
        """Return what the QR code on a number's slip holds."""
        ticket_id = self.ticket(number)["id"]
        token = Disk(self.demo.database).one(
            "SELECT token FROM ticket_private WHERE ticket_id = ?", ticket_id
        )
        return f"{self.demo.url}/t/{token}"

    def tickets(self) -> int:
        return int(Disk(self.demo.database).one("SELECT count(*) FROM ticket"))


def sign_in(page: Page, demo: DemoServer) -> None:
    account = {"username": RECEPTION, "password": demo.password_of(RECEPTION)}
    assert page.context.request.post("/api/v1/session", data=account).ok


def services(desk: Desk, code: str) -> list[int]:
    agency = next(a for a in desk.demo.agencies() if a["code"] == code)
    return [service["id"] for service in agency["services"]]


def pair(desk: Desk) -> list[int]:
    return [desk.demo.service_id("DKC"), desk.demo.service_id("POL")]


def look_for(desk: Desk, number: str) -> None:
    desk.number_field.fill(number)
    desk.press("Enter")


def two_numbers(desk: Desk) -> tuple[str, str]:
    first, second = (desk.demo.issue(pair(desk)[0])["number"] for _ in range(2))
    return first, second
