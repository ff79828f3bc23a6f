"""Set aside, sent on, chosen and taken back at the console, by keys and by touch."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.browser.counters.desk import (
    CALLED,
    IDLE,
    SERVING,
    Desk,
    console,
    notice,
    number,
    press,
    sign_in,
    state,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]

NARROW = 400
WIDE = ViewportSize(width=1366, height=768)


@pytest.fixture
def work(desk: Desk, page: Page) -> Page:
    """Return the officer's console of the open desk, live."""
    sign_in(page, desk.demo, desk.officer)
    desk.command("open")
    return console(page, desk)


def aside(page: Page, number: str) -> Locator:
    return page.locator("[data-aside-list] li").filter(has_text=number)


def call(page: Page, expected: str) -> None:
    press(page, "n")
    expect(number(page)).to_have_text(expected)
    state(page, CALLED)


def choose(page: Page, number: str) -> None:
    """Go down with the arrow until a number is chosen."""
    heading = page.locator("#panel-selection")
    for _ in range(page.locator("[data-entry]").count()):
        press(page, "ArrowDown")
        if heading.inner_text() == number:
            return
    expect(heading).to_have_text(number)


def test_one_who_was_parked_is_called_again(desk: Desk, work: Page) -> None:
    first = desk.issue()
    call(work, first)
    press(work, "s")
    state(work, SERVING)

    press(work, "t")
    work.get_by_label("Alasan", exact=True).fill("Fotokopi KTP")
    work.get_by_label("Menit", exact=True).fill("5")
    press(work, "Enter")

    state(work, IDLE)
    expect(notice(work)).to_contain_text(f"{first} ditunda")
    expect(aside(work, first)).to_contain_text("Ditunda di sini")
    expect(aside(work, first)).to_contain_text("Fotokopi KTP")
    expect(aside(work, first)).to_contain_text(re.compile(r"Ingatkan \d\d\.\d\d"))
    _is_accessible(work)

    choose(work, first)
    _is_accessible(work)
    press(work, "Enter")
    state(work, CALLED)
    expect(number(work)).to_have_text(first)
    assert desk.events("resumed", first) == 1


def test_a_reminder_that_is_due_stands_out(desk: Desk, work: Page) -> None:
    first = desk.issue()
    call(work, first)
    soon = datetime.now(UTC) + timedelta(seconds=2)
    desk.command("park", remind_at=soon.isoformat())

    row = aside(work, first)
    expect(row).to_have_class(re.compile("row-in-line--due"))
    expect(row).to_contain_text("Waktunya diingatkan")


def test_a_note_goes_along_to_whoever_serves_next(
    desk: Desk, there: Desk, work: Page, browser: Browser
) -> None:
    first = desk.issue()
    call(work, first)
    press(work, "s")
    state(work, SERVING)
    there.command("open")

    press(work, "k")
    expect(work.locator("[data-matches] li").first).to_be_visible()
    work.keyboard.type(there.service)
    work.get_by_label("Pesan untuk petugas berikutnya").fill("KK sudah dicek, $& <b>")
    press(work, "Enter")
    expect(notice(work)).to_contain_text(f"{first} dialihkan")

    context = browser.new_context(base_url=desk.demo.url, viewport=WIDE)
    other = context.new_page()
    sign_in(other, desk.demo, there.officer)
    console(other, there)
    press(other, "n")
    state(other, CALLED)
    expect(number(other)).to_have_text(first)
    expect(other.locator("[data-facts]").first).to_contain_text(
        "Pesan: KK sudah dicek, $& <b>"
    )
    context.close()


def test_a_transfer_is_found_by_typing_and_taken_back(desk: Desk, work: Page) -> None:
    first = desk.issue()
    call(work, first)
    press(work, "s")
    state(work, SERVING)

    press(work, "k")
    expect(work.locator("[data-matches] li").first).to_be_visible()
    work.keyboard.type("dukcapil")
    expect(work.locator("[data-matches] li").first).to_contain_text("Dukcapil")
    _is_accessible(work)
    press(work, "Enter")

    state(work, IDLE)
    expect(notice(work)).to_contain_text(f"{first} dialihkan")
    assert desk.events("transferred", first) == 1

    press(work, "u")
    state(work, SERVING)
    expect(number(work)).to_have_text(first)
    expect(notice(work)).to_contain_text(f"Diurungkan: {first}")


def test_a_chosen_one_is_served_without_a_call(desk: Desk, work: Page) -> None:
    first, second = desk.issue(), desk.issue()

    work.locator("[data-list] li").filter(has_text=second).click()
    work.get_by_role("button", name="Layani di sini").click()

    state(work, SERVING)
    expect(number(work)).to_have_text(second)
    assert [desk.events("called", each) for each in (first, second)] == [0, 0]


def test_one_who_did_not_come_goes_back_to_the_line(desk: Desk, work: Page) -> None:
    absent, present = desk.issue(), desk.issue()
    call(work, absent)
    press(work, "Shift+X")
    state(work, IDLE)
    call(work, present)
    expect(aside(work, absent)).to_contain_text("Tidak hadir")

    choose(work, absent)
    press(work, "3")

    expect(notice(work)).to_contain_text(f"{absent} kembali ke antrean")
    expect(aside(work, absent)).to_have_count(0)
    expect(work.locator("[data-list] li").filter(has_text=absent)).to_have_count(1)
    expect(number(work)).to_have_text(present)


def test_a_key_that_does_nothing_now_says_what_would(desk: Desk, work: Page) -> None:
    first = desk.issue()
    call(work, first)

    press(work, "n")

    expect(notice(work)).to_contain_text("“Selesai, panggil berikutnya” tidak bisa")
    expect(notice(work)).to_contain_text("S Mulai layani")
    assert desk.events("called", first) == 1


def test_a_message_does_not_outlive_its_state(desk: Desk, work: Page) -> None:
    first = desk.issue()
    call(work, first)
    press(work, "x")
    expect(notice(work)).to_contain_text("Panggil 1 kali lagi")

    desk.command("start")

    state(work, SERVING)
    expect(notice(work)).to_have_text("")


def test_on_a_narrow_screen_words_stay_whole(desk: Desk, work: Page) -> None:
    desk.issue()
    work.set_viewport_size({"width": NARROW, "height": 800})

    measured = work.evaluate(
        """() => ({
          sideways: document.documentElement.scrollWidth > innerWidth,
          caps: [...document.querySelectorAll(".action .cap")]
            .some((e) => e.checkVisibility()),
          narrow: [...document.querySelectorAll(".action__label")]
            .filter((e) => e.checkVisibility() && e.clientWidth < e.scrollWidth)
            .map((e) => e.textContent),
        })"""
    )

    assert measured == {"sideways": False, "caps": False, "narrow": []}


def _is_accessible(page: Page) -> None:
    report = Axe().run(page)
    assert report.violations_count == 0, report.generate_report()
