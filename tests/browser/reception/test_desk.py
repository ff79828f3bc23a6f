"""Reception's work by the keyboard alone, against the running demo."""

import re
import time

import pytest
from playwright.sync_api import Request, Route, expect

from tests.browser.reception.conftest import Slow
from tests.browser.reception.desk import Desk, pair, services
from tests.support.database import Disk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]


def test_three_letters_and_enter_give_a_number(desk: Desk) -> None:
    expect(desk.field).to_be_focused()

    number = desk.give("ktp")

    expect(desk.field).to_be_focused()
    expect(desk.field).to_have_value("")
    expect(desk.page.locator("[data-facts]")).to_contain_text("Silakan menunggu di")
    expect(desk.page.locator("[data-slip]")).to_contain_text("Karcis tidak dicetak")
    assert desk.ticket(number)["service_id"] in services(desk, "DKC")


def test_a_number_costs_four_keystrokes_and_less_than_five_seconds(desk: Desk) -> None:
    desk.page.evaluate(
        """() => {
          window.pressed = [];
          addEventListener("keydown", (e) => window.pressed.push(e.key), true);
        }"""
    )
    begun = time.monotonic()
    number = desk.give("ktp")
    seconds = time.monotonic() - begun

    assert desk.page.evaluate("window.pressed") == ["k", "t", "p", "Enter"]
    assert desk.ticket(number)["service_id"] in services(desk, "DKC")
    assert seconds < 5


def test_the_slips_language_is_one_key_and_falls_back_to_the_malls(desk: Desk) -> None:
    language = desk.page.locator("[data-language-name]")
    expect(language).to_have_text("Bahasa Indonesia")
    desk.press("7")
    expect(language).to_have_text("English")
    expect(desk.page.locator("[data-request-announcement]")).to_have_text(
        "1 orang, English"
    )
    english = desk.give("ktp")
    expect(language).to_have_text("Bahasa Indonesia")
    plain = desk.give_next("ktp")
    desk.page.locator("[data-language]").click()
    touched = desk.give_next("ktp")

    statement = (
        "SELECT language FROM ticket_private WHERE ticket_id IN (?, ?, ?)"
        " ORDER BY ticket_id"
    )
    ids = [desk.ticket(number)["id"] for number in (english, plain, touched)]
    languages = Disk(desk.demo.database).rows(statement, *ids)
    assert languages == ["en", "id", "en"]


def test_enter_waits_for_the_answer_to_the_last_letter(desk: Desk, slow: Slow) -> None:
    desk.type("ktp")
    expect(desk.matches.first).to_contain_text("KTP")
    slow("/search", 400)
    desk.field.fill("")
    number = desk.give("skck")

    assert desk.ticket(number)["service_id"] in services(desk, "POL")


def test_what_is_pressed_after_enter_is_for_the_next_visitor(
    desk: Desk, slow: Slow
) -> None:
    slow("/search", 300)
    desk.type("ktp")
    desk.press("Enter", "1", "+")
    desk.type("skck")
    number = desk.given()

    first = desk.ticket(number)
    assert first["service_id"] in services(desk, "DKC")
    assert (first["people"], first["priority"]) == (1, "regular")
    expect(desk.field).to_have_value("skck")
    desk.press("Enter")
    expect(desk.number).not_to_have_text(number)
    second = desk.ticket(desk.number.inner_text())
    assert second["service_id"] in services(desk, "POL")
    assert (second["people"], second["priority"]) == (2, "lansia")


def test_three_visitors_typed_without_a_pause_get_three_numbers(
    desk: Desk, slow: Slow
) -> None:
    before = desk.tickets()
    slow("/api/v1/", 300)
    for text in ("ktp", "skck", "akt"):
        desk.type(text)
        desk.press("Enter")

    expect(desk.page.locator("[data-entries]")).to_contain_text("Akta")
    assert desk.tickets() == before + 3
    expect(desk.field).to_have_value("")


def test_what_was_typed_after_a_refused_number_is_not_lost(
    desk: Desk, slow: Slow
) -> None:
    before = desk.tickets()
    slow("/search", 300)
    desk.type("xqzw")
    desk.press("Enter")
    desk.type("skck")
    desk.press("Enter")
    desk.type("ak")

    expect(desk.notice).to_contain_text("Tidak ada layanan bernama itu.")
    expect(desk.notice).to_contain_text("Belum diberikan juga: skck, ak")
    expect(desk.field).to_have_value("xqzw")
    assert desk.tickets() == before


def test_the_arrows_choose_another_match(desk: Desk) -> None:
    desk.type("akta")
    expect(desk.matches.nth(1)).to_be_visible()
    second = desk.matches.nth(1).locator("[data-name]").inner_text()
    desk.press("ArrowDown", "Enter")
    desk.given()

    expect(desk.page.locator("[data-entries]")).to_contain_text(second)


def test_a_number_typed_into_the_wrong_field_gives_none(desk: Desk) -> None:
    desk.type("MW-012")
    desk.press("Enter")

    expect(desk.notice).to_contain_text("Belum ada nomor yang diberikan")
    expect(desk.number).to_be_hidden()
    expect(desk.field).to_have_value("MW0")


def test_party_priority_and_help_are_signs_in_the_field(desk: Desk) -> None:
    desk.press("+", "+", "-", "2", "6")
    number = desk.give("ktp")

    ticket = desk.ticket(number)
    values = [ticket[name] for name in ("people", "priority", "assistance")]
    assert values == [2, "disabilitas", True]
    plain = desk.ticket(desk.give_next("ktp"))
    values = [plain[name] for name in ("people", "priority", "assistance")]
    assert values == [1, "regular", False]


def test_several_services_are_one_number(desk: Desk) -> None:
    desk.type("ktp")
    desk.press(",")
    expect(desk.page.locator("[data-selected-services] li")).to_have_count(1)
    number = desk.give("skck")

    service_ids = [entry["service_id"] for entry in desk.ticket(number)["entries"]]
    assert len(service_ids) == 2
    assert service_ids[0] in services(desk, "DKC")
    assert service_ids[1] in services(desk, "POL")


def test_several_services_typed_without_a_pause_are_one_number(
    desk: Desk, slow: Slow
) -> None:
    before = desk.tickets()
    slow("/search", 300)
    desk.type("ktp")
    desk.press(",")
    desk.type("skck")
    desk.press("Enter")
    desk.type("ak")
    number = desk.given()

    service_ids = [entry["service_id"] for entry in desk.ticket(number)["entries"]]
    assert service_ids[0] in services(desk, "DKC")
    assert service_ids[1] in services(desk, "POL")
    assert desk.tickets() == before + 1
    expect(desk.field).to_have_value("ak")
    expect(desk.page.locator("[data-selected-services] li")).to_have_count(0)


def test_what_is_typed_while_a_service_is_added_stays(desk: Desk, slow: Slow) -> None:
    slow("/search", 300)
    desk.type("xqzw")
    desk.press(",")
    desk.type("sk")

    expect(desk.notice).to_contain_text("Belum ditambahkan: xqzw")
    expect(desk.field).to_have_value("sk")
    desk.field.fill("")
    desk.type("ktp")
    desk.press(",")
    desk.type("sk")
    expect(desk.page.locator("[data-selected-services] li")).to_have_count(1)
    expect(desk.field).to_have_value("sk")


def test_a_duplicate_is_cancelled_with_one_key_in_every_line(desk: Desk) -> None:
    first = desk.demo.issue(*pair(desk))["number"]

    desk.press("/")
    desk.type(first.replace("-", "").lower())
    desk.press("Enter")
    expect(desk.number).to_have_text(first)
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.url.rsplit("/", 1)[-1])

    desk.page.on("request", note)
    desk.press("d")

    desk.state("cancelled")
    expect(desk.notice).to_contain_text("nomor ganda")
    states = [entry["state"] for entry in desk.ticket(first)["entries"]]
    assert states == ["cancelled", "cancelled"]
    expect(desk.page.locator("[data-visit][data-void]")).to_be_visible()
    copy = desk.page.locator("[data-opens=copy]")
    expect(copy).to_have_attribute("aria-disabled", "true")
    desk.press("u")
    desk.state("waiting")
    expect(desk.notice).to_contain_text("seperti semula")
    states = [entry["state"] for entry in desk.ticket(first)["entries"]]
    assert states == ["waiting", "waiting"]
    assert sent == ["cancel", "undo"]


def test_a_duplicate_is_taken_back_beside_an_entry_that_is_served(desk: Desk) -> None:
    ticket = desk.demo.issue(*pair(desk))
    counter_id = desk.demo.counters_of(pair(desk)[1])[0]
    desk.demo.command(counter_id, "open")
    desk.demo.command(counter_id, "take", ticket_id=ticket["id"])

    desk.press("/")
    desk.type(ticket["number"])
    desk.press("Enter")
    desk.state("serving")
    desk.press("ArrowUp", "d")
    expect(desk.notice).to_contain_text("nomor ganda")
    copy = desk.page.locator("[data-opens=copy]")
    expect(copy).to_have_attribute("aria-disabled", "false")
    desk.press("u")
    expect(desk.notice).to_contain_text("seperti semula")

    states = [entry["state"] for entry in desk.ticket(ticket["number"])["entries"]]
    assert states == ["waiting", "serving"]
    desk.demo.command(counter_id, "serve")
    desk.demo.command(counter_id, "close")


def test_of_two_numbers_for_one_service_one_is_cancelled(desk: Desk) -> None:
    kept, doubled = [desk.demo.issue(pair(desk)[0])["number"] for _ in range(2)]

    desk.press("/")
    desk.type(doubled)
    desk.press("Enter")
    expect(desk.number).to_have_text(doubled)
    desk.press("d")
    desk.state("cancelled")

    assert desk.ticket(kept)["state"] == "waiting"
    path = f"/api/v1/tickets/by-id/{desk.ticket(doubled)['id']}/history"
    history = desk.demo.staff("resepsi").get(path).json()
    last = (history["events"] if isinstance(history, dict) else history)[-1]
    assert last["reason"] == "duplicate"


def test_a_number_is_sent_on_given_priority_and_cancelled(desk: Desk) -> None:
    number = desk.give("ktp")
    desk.press("/", "Enter")
    desk.press("p", "1")
    expect(desk.page.locator("[data-facts]")).to_contain_text("Lansia")
    desk.press("k")
    desk.type("skck")
    desk.press("Enter")
    expect(desk.notice).to_contain_text("dialihkan")
    assert desk.ticket(number)["service_id"] in services(desk, "POL")
    desk.press("c", "3")
    desk.state("cancelled")
    assert desk.ticket(number)["priority"] == "lansia"
    desk.press("Escape")
    expect(desk.field).to_be_focused()


def test_somebody_who_did_not_come_is_back(desk: Desk) -> None:
    service_id = desk.demo.service_id("BPN")
    counter_id = desk.demo.counters_of(service_id)[0]
    number = desk.demo.issue(service_id)["number"]
    desk.demo.command(counter_id, "open")
    while desk.demo.command(counter_id, "call-next")["number"] != number:
        desk.demo.command(counter_id, "serve")
    desk.demo.command(counter_id, "no-show", reason="left")
    desk.demo.command(counter_id, "close")

    desk.press("/")
    desk.type(number)
    desk.press("Enter")
    desk.state("no_show")
    desk.press("b")

    desk.state("waiting")
    desk.press("d")
    desk.state("cancelled")


def test_an_answer_that_is_lost_gives_one_number(desk: Desk) -> None:
    before = desk.tickets()
    lost: list[str] = []

    def lose(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().text())
        route.abort()

    desk.page.route(re.compile("/api/v1/tickets$"), lose)
    number = desk.give("ktp")

    assert f'"{number}"' in lost[0]
    assert desk.tickets() == before + 1


def test_a_refusal_is_shown_and_nothing_typed_is_lost(desk: Desk) -> None:
    reception = desk.demo.staff("resepsi")
    agency = next(a for a in desk.demo.agencies() if a["code"] == "POL")
    path = f"/api/v1/agencies/{agency['id']}"
    reception.post(f"{path}/close", json={}).raise_for_status()
    try:
        desk.press("+", "1")
        desk.type("skck")
        desk.press("Enter")
        expect(desk.notice).to_have_attribute("data-kind", "danger")
        expect(desk.field).to_have_value("skck")
        expect(desk.page.locator("[data-people-count]")).to_have_text("2 orang")
    finally:
        reception.post(f"{path}/reopen", json={}).raise_for_status()
    desk.press("Enter")
    assert desk.ticket(desk.given())["people"] == 2


def test_with_single_keys_off_signs_are_typed(desk: Desk) -> None:
    desk.page.locator("summary").click()
    desk.page.get_by_label("Tombol tunggal memberi perintah").uncheck()
    desk.page.locator("summary").click()
    desk.field.focus()
    desk.type("1+")

    expect(desk.field).to_have_value("1+")
    expect(desk.page.locator("[data-people-count]")).to_have_text("1 orang")


def test_a_held_enter_gives_one_number(desk: Desk) -> None:
    before = desk.tickets()
    desk.type("ktp")
    desk.page.keyboard.down("Enter")
    desk.given()
    for _ in range(5):
        desk.page.keyboard.down("Enter")
    desk.page.keyboard.up("Enter")
    desk.given()

    assert desk.tickets() == before + 1


def test_a_lost_connection_is_said_and_heals(desk: Desk) -> None:
    badge = desk.page.locator("[data-connection]")
    desk.page.route("**/reception/services", lambda route: route.abort())
    expect(badge).to_have_attribute("data-state", "stale")
    expect(badge).to_contain_text(re.compile(r"terputus: data pukul \d\d.\d\d"))

    desk.page.unroute("**/reception/services")
    expect(badge).to_have_attribute("data-state", "live")
