"""A counter's desk: its officer, its console in the browser, and what stands there."""

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.support.database import Disk
from tests.support.demo import DemoServer

AGENCY = "BPN"
NO_SHOW_SECONDS = 2
RECALL_MS = 3_100
"""A little more than the policy's cool-down, in the server's own time."""
IDLE, CALLED, SERVING = "idle", "called", "serving"
PAUSED, CLOSED, TAKEN = "paused", "closed", "taken"


@dataclass
class Desk:
    """One counter of the demo, its officer, and whoever is sent there."""

    demo: DemoServer
    counter_id: int
    service_id: int

    @property
    def officer(self) -> str:
        return self.demo.officer_of(self.counter_id)

    @property
    def service(self) -> str:
        services = (s for a in self.demo.agencies() for s in a["services"])
        return str(next(s["name"] for s in services if s["id"] == self.service_id))

    def issue(self, **body: Any) -> str:
        return str(self.demo.issue(self.service_id, **body)["number"])

    def events(self, name: str, number: str) -> int:
        sql = (
            "SELECT count(*) FROM ticket_event JOIN ticket ON ticket.id = ticket_id "
            "WHERE name = ? AND number = ?"
        )
        return int(Disk(self.demo.database).one(sql, name, number))

    def clear(self) -> None:
        """Serve everybody and close."""
        view = self.command("open")
        if view["ticket"]:
            self.command("serve")
        while self.command("call-next"):
            self.command("serve")
        self.command("close")

    def command(self, name: str, **body: Any) -> dict[str, Any]:
        return self.demo.command(self.counter_id, name, **body)


def sign_in(page: Page, demo: DemoServer, username: str) -> None:
    account = {"username": username, "password": demo.password_of(username)}
    assert page.context.request.post("/api/v1/session", data=account).ok


def console(page: Page, desk: Desk) -> Page:
    page.goto(f"/counter?counter={desk.counter_id}")
    expect(page.locator("[data-connection]")).to_have_attribute("data-state", "live")
    return page


def state(page: Page, expected: str) -> None:
    expect(page.locator("[data-visitor]")).to_have_attribute("data-state", expected)


def number(page: Page) -> Locator:
    return page.locator(".visitor__number")


def notice(page: Page) -> Locator:
    return page.locator("[data-notice]")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def deaf(page: Page, desk: Desk) -> None:
    """Show the console with a live line that says nothing."""
    page.route_web_socket(re.compile("/api/v1/live"), lambda socket: None)
    page.goto(f"/counter?counter={desk.counter_id}")
