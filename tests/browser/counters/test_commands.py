"""The officer's console in a real browser against the running demo."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.counters.desk import (
    CALLED,
    CLOSED,
    IDLE,
    PAUSED,
    RECALL_MS,
    SERVING,
    Desk,
    deaf,
    notice,
    number,
    press,
    sign_in,
    state,
)
from tests.support.database import Disk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]


def test_an_officers_day_by_the_keyboard_alone(
    desk: Desk, work: Page, impatient: None
) -> None:
    numbers = [desk.issue() for _ in range(4)]
    served, no_show = (
        int(work.locator(f"[data-{name}]").inner_text())
        for name in ("served", "no-show")
    )
    state(work, CLOSED)
    press(work, "o")
    state(work, IDLE)
    expect(work.locator("[data-waiting]")).to_have_text("4")

    _calls_recalls_and_serves(work, numbers[0])
    _a_no_show_is_too_early(work, numbers[1])
    _takes_a_wrong_call_back(work, numbers[2], numbers[3])
    _serves_somebody_without_a_number(work, numbers)
    _pauses_and_closes(work)
    expect(work.locator("[data-served]")).to_have_text(str(served + 3))
    expect(work.locator("[data-no-show]")).to_have_text(str(no_show + 2))


def _calls_recalls_and_serves(work: Page, first: str) -> None:
    press(work, "n")
    expect(number(work)).to_have_text(first)
    _recall(work, first)
    expect(work.locator(".visitor__facts")).to_contain_text("Dipanggil 2")
    press(work, "s")
    state(work, SERVING)
    press(work, "n")
    state(work, CALLED)


def _recall(work: Page, called: str) -> None:
    work.wait_for_timeout(RECALL_MS)
    press(work, "r")
    expect(notice(work)).to_contain_text(f"{called} dipanggil ulang")


def _a_no_show_is_too_early(work: Page, called: str) -> None:
    expect(number(work)).to_have_text(called)
    press(work, "x")
    expect(notice(work)).to_contain_text("Panggil 1 kali lagi dahulu")
    _recall(work, called)
    press(work, "x")
    expect(work.locator("[data-notice-count]")).to_have_text(re.compile("[12]"))
    expect(notice(work)).to_contain_text("Sekarang boleh: tekan lagi")
    press(work, "x")
    state(work, IDLE)
    expect(notice(work)).to_contain_text(f"{called} tidak hadir")


def _takes_a_wrong_call_back(work: Page, wrong: str, after: str) -> None:
    press(work, "n")
    expect(number(work)).to_have_text(wrong)
    press(work, "b")
    state(work, IDLE)
    expect(notice(work)).to_contain_text(f"{wrong} kembali ke antrean")
    press(work, "n")
    expect(number(work)).to_have_text(after)
    press(work, "Shift+X")
    state(work, IDLE)
    press(work, "n")
    expect(number(work)).to_have_text(wrong)
    press(work, "d", "2")
    state(work, IDLE)


def _serves_somebody_without_a_number(work: Page, numbers: list[str]) -> None:
    press(work, "w", "1")
    state(work, SERVING)
    assert number(work).inner_text() not in numbers
    press(work, "d", "Enter")
    state(work, IDLE)


def _pauses_and_closes(work: Page) -> None:
    press(work, "p", "1")
    state(work, PAUSED)
    expect(work.locator("[data-rest]")).to_have_text("Alasan: Istirahat")
    press(work, "o")
    state(work, IDLE)
    press(work, "c", "Enter")
    state(work, CLOSED)


def test_the_result_is_the_one_that_was_chosen(desk: Desk, work: Page) -> None:
    called = desk.issue()
    press(work, "o")
    state(work, IDLE)
    press(work, "n")
    state(work, CALLED)
    press(work, "d", "3")
    state(work, IDLE)

    sql = "SELECT result FROM entry JOIN ticket ON ticket.id = ticket_id "
    results = Disk(desk.demo.database).rows(sql + "WHERE number = ?", called)
    assert results == ["must_return"]


def test_keys_are_silent_while_typing_with_ctrl_and_when_switched_off(
    desk: Desk, work: Page
) -> None:
    desk.issue()
    press(work, "o")
    state(work, IDLE)
    press(work, "Control+n", "Alt+n", "Shift+n")
    press(work, "p")
    work.get_by_label("Alasan lain").fill("")
    work.keyboard.type("nn on")
    state(work, IDLE)
    press(work, "Escape")
    expect(work.get_by_label("Alasan lain")).to_be_hidden()
    work.locator("summary").click()
    work.get_by_label("Tombol tunggal memberi perintah").uncheck()
    work.locator("summary").click()
    press(work, "n")
    expect(work.get_by_text("Tombol tunggal mati")).to_be_visible()
    work.wait_for_timeout(200)
    state(work, IDLE)

    work.get_by_role("button", name="Panggil berikutnya").click()
    state(work, CALLED)


def test_a_key_held_down_gives_one_command(desk: Desk, work: Page) -> None:
    numbers = [desk.issue() for _ in range(3)]
    press(work, "o")
    state(work, IDLE)

    for _ in range(6):
        work.keyboard.down("n")
    work.keyboard.up("n")
    state(work, CALLED)
    press(work, "d")
    for _ in range(6):
        work.keyboard.down("Enter")
    work.keyboard.up("Enter")

    state(work, IDLE)
    assert [desk.events("called", each) for each in numbers] == [1, 0, 0]


def test_any_reason_may_be_given_for_a_pause(desk: Desk, work: Page) -> None:
    press(work, "o")
    state(work, IDLE)
    press(work, "p")
    work.get_by_label("Alasan lain").fill("Mengambil <b>berkas</b>")
    press(work, "Enter")

    state(work, PAUSED)
    expect(work.locator("[data-rest]")).to_have_text("Alasan: Mengambil <b>berkas</b>")


def test_the_line_names_what_a_visitor_needs(desk: Desk, work: Page) -> None:
    plain = desk.issue(people=3)
    elderly = desk.issue(priority="lansia", assistance=True)

    rows = work.locator("[data-list] li")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text(elderly)
    expect(rows.first).to_contain_text("Lansia")
    expect(rows.first).to_contain_text("Perlu bantuan")
    expect(rows.last).to_contain_text(plain)
    expect(rows.last).to_contain_text("3 orang")


def test_whoever_is_served_elsewhere_is_marked_and_passed_over(
    desk: Desk, there: Desk, work: Page
) -> None:
    away = desk.demo.issue(desk.service_id, there.service_id)["number"]
    here = desk.issue()
    there.command("open")
    assert there.command("call-next")["number"] == away

    row = work.locator("[data-list] li").filter(has_text=away)
    expect(row).to_contain_text("Sedang dilayani di tempat lain")
    press(work, "o")
    state(work, IDLE)
    press(work, "n")
    expect(number(work)).to_have_text(here)

    there.clear()
    expect(row).not_to_contain_text("di tempat lain")
    press(work, "d", "Enter")
    state(work, IDLE)
    press(work, "n")
    expect(number(work)).to_have_text(away)
    facts = work.locator(".visitor__facts")
    expect(facts).to_contain_text("Layanan lain: selesai")


def test_a_standard_that_is_passed_is_written_in_words(desk: Desk, page: Page) -> None:
    def with_standard(route: Route) -> None:
        answer = route.fetch()
        unknown, zero = (f"standard_minutes&#34;:{n}" for n in ("null", "0"))
        route.fulfill(response=answer, body=answer.text().replace(unknown, zero))

    desk.issue()
    desk.command("open")
    desk.command("call-next")
    desk.command("start")
    sign_in(page, desk.demo, desk.officer)
    page.route(re.compile(r"/counter\?counter="), with_standard)
    deaf(page, desk)

    expect(page.locator("[data-standard]")).to_have_text("Melewati standar 0 menit")
    expect(page.locator("[data-figure]")).to_have_text(re.compile(r"^\d+:\d\d$"))
