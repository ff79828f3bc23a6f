"""What was typed and not yet done outlives signing in again."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.reception.conftest import Slow
from tests.browser.reception.desk import Desk, look_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]


def test_what_was_typed_outlives_signing_in_again(desk: Desk) -> None:
    desk.press("+", "3")
    desk.type("ktp")
    expect(desk.matches.first).to_be_visible()
    desk.page.context.clear_cookies()
    desk.press("Enter")
    sign_in_again(desk)

    expect(desk.field).to_have_value("ktp")
    expect(desk.page.locator("[data-people-count]")).to_have_text("2 orang")
    desk.press("Enter")
    assert desk.ticket(desk.given())["priority"] == "hamil"


def test_what_waits_its_turn_outlives_signing_in_again(desk: Desk, slow: Slow) -> None:
    before = desk.tickets()
    desk.page.context.clear_cookies()
    slow("/search", 3000)  # until all is typed, on a busy machine too
    desk.press("+")
    desk.type("ktp")
    desk.press("Enter")
    desk.type("skck")
    desk.press("Enter")
    look_for(desk, "A-001")
    desk.number_field.fill("B-002")
    desk.field.focus()
    desk.type("akta")
    desk.press(",")
    desk.type("sk")
    sign_in_again(desk)

    expect(desk.field).to_have_value("ktp")
    expect(desk.page.locator("[data-people-count]")).to_have_text("2 orang")
    expect(desk.number_field).to_have_value("B-002")
    expect(desk.notice).to_contain_text("Belum diberikan juga: skck, akta, sk")
    expect(desk.notice).to_contain_text("Belum dicari: A-001")
    assert desk.tickets() == before
    desk.press("Enter")
    expect(desk.notice).to_contain_text("diberikan.")
    assert desk.tickets() == before + 1


def test_a_number_looked_for_outlives_signing_in_again(desk: Desk, slow: Slow) -> None:
    desk.page.context.clear_cookies()
    slow("/by-number/", 300)
    look_for(desk, "A-001")
    desk.number_field.fill("B-002")
    sign_in_again(desk)

    expect(desk.number_field).to_have_value("B-002")
    expect(desk.notice).to_contain_text("Belum dicari: A-001")


def test_a_look_that_is_signed_out_waits_for_the_number_under_way(
    desk: Desk, slow: Slow
) -> None:
    before = desk.tickets()
    slow("/api/v1/tickets$", 4000)
    desk.page.route("**/reception/services", lambda route: route.fulfill(status=401))
    desk.type("ktp")
    desk.press("Enter")
    desk.type("skck")
    desk.press("Enter")
    sign_in_again(desk)

    expect(desk.field).to_have_value("")
    assert desk.tickets() == before + 2


def sign_in_again(desk: Desk) -> None:
    expect(desk.page).to_have_url(re.compile("/sign-in"), timeout=15_000)
    desk.page.locator("#username").fill("resepsi")
    desk.page.locator("#password").fill(desk.demo.password_of("resepsi"))
    desk.press("Enter")
