"""A printer in trouble, from reception: the sign, the live list, copies by keyboard."""

import re
from collections.abc import Callable, Iterator

import httpx2
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.reception.desk import Desk
from tests.support.demo import DemoServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

Fault = Callable[[str, bool], None]


@pytest.fixture
def fault(demo: DemoServer) -> Iterator[Fault]:
    """Return what breaks the kiosk's printer, or mends it; others' slips are over."""
    reception = demo.staff("resepsi")
    for slip in reception.get("/api/v1/printers").json()["lost_slips"]:
        cancel = f"/api/v1/tickets/by-id/{slip['ticket_id']}/cancel"
        reception.post(cancel, json={"reason": "unprinted"}).raise_for_status()

    def set_fault(name: str, on: bool) -> None:
        form = {"fault": name, "on": str(on).lower()}
        httpx2.post(f"{demo.url}/demo/printers/1/faults", data=form, timeout=10)

    yield set_fault
    set_fault("paper", False)


def sign(page: Page) -> Locator:
    return page.locator("[data-printer-sign]")


def part(page: Page) -> Locator:
    return page.locator('[data-part="printer-1"]')


def again(page: Page, number: str) -> Locator:
    return part(page).get_by_role("button", name=re.compile(f"Cetak ulang {number}"))


def to(page: Page, button: Locator) -> None:
    """Go to a button by keys alone."""
    for _ in range(200):
        if button.evaluate("button => button === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail("no key leads there")


def test_reception_sees_a_printers_trouble_and_goes_on_typing(
    fault: Fault, desk: Desk
) -> None:
    expect(sign(desk.page)).to_be_hidden(timeout=40_000)
    desk.field.focus()
    desk.type("ak")
    fault("paper", True)

    desk.demo.issue(desk.demo.service_id("DKC"))

    expect(sign(desk.page)).to_be_visible()
    expect(sign(desk.page)).to_contain_text("perlu dilihat")
    expect(desk.field).to_be_focused()
    desk.type("t")
    expect(desk.field).to_have_value("akt")


def test_lost_slips_come_by_themselves_and_are_printed_again_by_keys(
    desk: Desk, fault: Fault
) -> None:
    page = desk.page
    page.goto("/admin/printers")
    fault("paper", True)
    service = desk.demo.service_id("DKC")
    numbers = [str(desk.demo.issue(service)["number"]) for _ in range(2)]

    for number in numbers:
        expect(again(page, number)).to_be_visible(timeout=40_000)
    expect(part(page)).to_contain_text("Gulungan kertas habis")
    roll = part(page).get_by_role("button", name=re.compile("Gulungan baru"))
    roll.focus()
    another = str(desk.demo.issue(service)["number"])
    expect(again(page, another)).to_be_visible(timeout=40_000)
    expect(roll).to_be_focused()

    fault("paper", False)
    page.keyboard.press("Enter")
    expect(part(page)).to_contain_text("Gulungan baru sudah dicatat")
    to(page, again(page, numbers[0]))
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 salinan sedang dicetak.")).to_be_visible()
    expect(again(page, numbers[0])).to_have_count(0)
    to(page, part(page).get_by_role("button", name="Cetak ulang semuanya"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("salinan sedang dicetak.")).to_be_visible()
    expect(again(page, numbers[1])).to_have_count(0)
