"""A number is looked for while others are served: no key acts on the wrong one."""

import pytest
from playwright.sync_api import expect

from tests.browser.reception.conftest import Slow
from tests.browser.reception.desk import Desk, look_for, services, two_numbers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]


def test_a_number_typed_while_another_is_looked_for_stands_there(
    desk: Desk, slow: Slow
) -> None:
    first, second = two_numbers(desk)
    slow("/by-number/", 300)
    desk.press("/")
    desk.type(first)
    desk.press("Enter")
    desk.type(second)

    expect(desk.number).to_have_text(first)
    expect(desk.number_field).to_have_value(second)
    expect(desk.number_field).to_be_focused()
    desk.press("Enter")
    expect(desk.number).to_have_text(second)
    expect(desk.number).to_be_focused()
    expect(desk.number_field).to_have_value("")


def test_of_two_numbers_looked_for_at_once_the_newest_is_shown(
    desk: Desk, slow: Slow
) -> None:
    first, second = two_numbers(desk)
    slow("/by-number/", 300)
    desk.press("/")
    for number in (first, second):
        desk.type(number)
        desk.press("Enter")

    expect(desk.number).to_have_text(second)
    desk.page.wait_for_timeout(400)
    expect(desk.number).to_have_text(second)


def test_the_next_visitors_letters_are_no_commands_for_the_number_found(
    desk: Desk, slow: Slow
) -> None:
    number, _ = two_numbers(desk)
    slow("/by-number/", 300)
    desk.press("/")
    desk.type(number)
    desk.press("Enter", "Escape")
    desk.type("sk")
    expect(desk.number).to_have_text(number)
    desk.type("ckd")

    expect(desk.field).to_have_value("skckd")
    assert desk.ticket(number)["state"] == "waiting"


def test_a_command_pressed_while_a_number_is_looked_for_is_refused_aloud(
    desk: Desk, slow: Slow
) -> None:
    first, second = two_numbers(desk)
    desk.press("/")
    desk.type(first)
    desk.press("Enter")
    expect(desk.number).to_have_text(first)
    slow("/by-number/", 300)
    desk.press("/")
    desk.type(second)
    desk.press("Enter")
    desk.page.locator("[data-send=duplicate]").click()
    expect(desk.notice).to_contain_text("Belum dilakukan")
    desk.page.locator("[data-opens=transfer]").click()

    expect(desk.number).to_have_text(second)
    expect(desk.notice).to_contain_text("Belum dilakukan")
    expect(desk.page.locator("[data-panel=transfer]")).to_be_hidden()
    states = [desk.ticket(number)["state"] for number in (first, second)]
    assert states == ["waiting", "waiting"]


def test_a_refusal_still_stands_when_a_number_is_looked_for_next(
    desk: Desk, slow: Slow
) -> None:
    number, _ = two_numbers(desk)
    slow("/search", 300)
    desk.type("xqzw")
    desk.press("Enter")
    desk.type("skck")
    look_for(desk, number)
    expect(desk.number).to_have_text(number)
    expect(desk.notice).to_contain_text("Tidak ada layanan bernama itu.")
    expect(desk.notice).to_contain_text("Belum diberikan juga: skck")

    look_for(desk, number)
    expect(desk.notice).not_to_contain_text("Tidak ada layanan")
    desk.field.fill("wzxq")
    desk.press("Enter")
    look_for(desk, "Z-999")
    expect(desk.notice).to_contain_text("Z-999")
    expect(desk.notice).to_contain_text("Tidak ada layanan bernama itu.")


def test_no_button_keeps_the_focus_when_another_ticket_is_shown(
    desk: Desk, slow: Slow
) -> None:
    first, second = two_numbers(desk)
    look_for(desk, first)
    expect(desk.number).to_have_text(first)
    slow("/by-number/", 400)
    look_for(desk, second)
    desk.page.locator("[data-send=duplicate]").click()
    expect(desk.notice).to_contain_text("Belum dilakukan")
    expect(desk.number).to_have_text(second)
    expect(desk.number).to_be_focused()
    desk.press("Enter")

    desk.page.wait_for_timeout(300)
    states = [desk.ticket(number)["state"] for number in (first, second)]
    assert states == ["waiting", "waiting"]


def test_whoever_types_in_a_chooser_that_closes_gives_no_commands(
    desk: Desk, slow: Slow
) -> None:
    first, second = two_numbers(desk)
    look_for(desk, first)
    expect(desk.number).to_have_text(first)
    desk.press("k")
    slow("/by-number/", 400)
    desk.number_field.fill(second)
    desk.press("Enter")
    desk.page.locator("#transfer-search").click()
    desk.type("sk")
    expect(desk.number).to_have_text(second)
    desk.type("d")

    expect(desk.field).to_have_value("d")
    assert desk.ticket(second)["state"] == "waiting"


def test_sending_on_while_a_command_is_under_way_is_refused_and_not_lost(
    desk: Desk, slow: Slow
) -> None:
    number = desk.give("ktp")
    slow("/priority", 900)
    desk.press("/", "Enter", "p", "1", "k")
    desk.type("skck")
    desk.press("Enter")

    expect(desk.notice).to_contain_text("Belum dilakukan")
    expect(desk.notice).to_contain_text("prioritas")
    desk.press("Enter")
    expect(desk.notice).to_contain_text("dialihkan")
    assert desk.ticket(number)["service_id"] in services(desk, "POL")


def test_a_number_whose_search_fails_stands_there_again(desk: Desk) -> None:
    number, _ = two_numbers(desk)
    desk.page.route("**/by-number/**", lambda route: route.abort())
    desk.press("/")
    desk.type(number)
    desk.press("Enter")
    expect(desk.notice).to_have_attribute("data-kind", "danger")
    expect(desk.number_field).to_have_value(number)

    desk.page.unroute("**/by-number/**")
    desk.press("Enter")
    expect(desk.number).to_have_text(number)


def test_a_number_without_its_letter_offers_those_that_have_it(desk: Desk) -> None:
    for agency in ("DKC", "POL"):
        desk.demo.issue(desk.demo.service_id(agency))
    desk.press("/")
    desk.type("1")
    desk.press("Enter")
    expect(desk.page.locator("[data-tickets] li").nth(1)).to_be_visible()
    second = desk.page.locator("[data-tickets] li .number").nth(1).inner_text()
    desk.press("2")

    expect(desk.number).to_have_text(second)


def test_several_found_are_not_offered_to_who_types_for_the_next_visitor(
    desk: Desk, slow: Slow
) -> None:
    for agency in ("DKC", "POL"):
        desk.demo.issue(desk.demo.service_id(agency))
    slow("/by-number/", 300)
    desk.press("/")
    desk.type("1")
    desk.press("Enter", "Escape")
    desk.type("kt")
    expect(desk.notice).to_contain_text("Beberapa pengunjung memegang nomor 1.")
    desk.press("1")
    desk.type("p")

    expect(desk.number).to_be_hidden()
    expect(desk.field).to_have_value("ktp")
    expect(desk.field).to_be_focused()
    desk.press("/")
    expect(desk.number_field).to_have_value("1")
    desk.press("Enter")
    expect(desk.page.locator("[data-tickets] li").nth(1)).to_be_visible()


def test_a_chooser_takes_no_sign_of_the_number_that_is_typed_meanwhile(
    desk: Desk,
) -> None:
    tickets = [desk.demo.issue(desk.demo.service_id(a)) for a in ("DKC", "POL")]
    look_for(desk, "1")
    expect(desk.page.locator("[data-tickets] li").nth(1)).to_be_visible()
    desk.field.click()
    desk.type("sk1ck")
    desk.press(",")
    expect(desk.page.locator("[data-selected-services] li")).to_have_count(1)
    desk.press("/")
    expect(desk.number_field).to_be_focused()
    desk.field.click()
    desk.type("ktp")
    desk.press("Enter")

    given = desk.ticket(desk.given())
    assert given["priority"] == "lansia"
    assert given["number"] not in [ticket["number"] for ticket in tickets]
    assert len(given["entries"]) == 2
    look_for(desk, "1")
    expect(desk.page.locator("[data-tickets]")).to_be_visible()
    desk.field.click()
    desk.press("Escape")
    expect(desk.page.locator("[data-tickets]")).to_be_hidden()
    expect(desk.field).to_be_focused()


@pytest.mark.parametrize(("state", "opener"), [("called", "p"), ("cancelled", "c")])
def test_a_digit_after_a_refused_command_is_not_the_next_visitors(
    desk: Desk, state: str, opener: str
) -> None:
    service_id = desk.demo.service_id("BPN")
    ticket = desk.demo.issue(service_id)
    counter_id = desk.demo.counters_of(service_id)[0]
    if state == "called":
        desk.demo.command(counter_id, "open")
        while desk.demo.command(counter_id, "call-next")["number"] != ticket["number"]:
            desk.demo.command(counter_id, "serve")
    look_for(desk, ticket["number"])
    expect(desk.number).to_be_focused()
    if state == "cancelled":
        desk.press("d")
    desk.state(state)

    desk.press(opener, "1", "+", "7")
    expect(desk.notice).to_contain_text("tidak bisa sekarang")
    expect(desk.page.locator(".request [aria-pressed=true]")).to_have_count(0)
    expect(desk.page.locator("[data-people-count]")).to_have_text("1 orang")
    expect(desk.page.locator("[data-language-name]")).to_have_text("Bahasa Indonesia")

    desk.press("Escape", "2")
    assert desk.ticket(desk.give_next("npwp"))["priority"] == "disabilitas"
    if state == "called":
        desk.demo.command(counter_id, "serve")
        desk.demo.command(counter_id, "close")


def test_a_command_that_has_quotes_itself_is_quoted_once(desk: Desk) -> None:
    number, _ = two_numbers(desk)
    look_for(desk, number)
    expect(desk.number).to_be_focused()
    desk.press("b")

    title = desk.page.locator("[data-notice-title]")
    expect(title).to_have_text("“Saya kembali” tidak bisa sekarang.")


@pytest.mark.parametrize("focus", ["service", "number", "ticket", "button", "printer"])
def test_a_scanned_slip_shows_its_ticket_wherever_the_cursor_stands(
    desk: Desk, focus: str
) -> None:
    first, second = two_numbers(desk)
    look_for(desk, second)
    expect(desk.number).to_have_text(second)
    desk.field.focus()
    tickets = desk.tickets()
    printer = desk.page.locator("[data-printer]")
    before = printer.input_value()
    {
        "service": desk.field.focus,
        "number": lambda: desk.press("/"),
        "ticket": desk.number.focus,
        "button": desk.page.locator('[data-opens="cancel"]').focus,
        "printer": printer.focus,
    }[focus]()

    desk.type(desk.slip_address(first))
    desk.press("Enter")

    expect(desk.number).to_have_text(first)
    expect(desk.field).to_have_value("")
    expect(desk.number_field).to_have_value("")
    expect(desk.page.locator(".actions--chooser:visible")).to_have_count(0)
    assert printer.input_value() == before
    assert [desk.ticket(n)["priority"] for n in (first, second)] == ["regular"] * 2
    assert desk.tickets() == tickets
