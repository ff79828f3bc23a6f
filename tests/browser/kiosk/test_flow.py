"""From the first touch to the number, and back to the start for the next visitor."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.kiosk.conftest import Kiosk

pytestmark = pytest.mark.browser


def test_three_touches_lead_to_a_number_of_the_last_agency(kiosk: Kiosk) -> None:
    before = kiosk.tickets()

    kiosk.page.locator("#more").click()
    kiosk.page.get_by_text("BP3MI").first.click()
    kiosk.services.first.click()

    assert kiosk.number() == kiosk.tickets()[-1]
    assert len(kiosk.tickets()) == len(before) + 1
    expect(kiosk.page.get_by_text("Silakan menunggu di")).to_be_visible()
    expect(kiosk.page.locator(".qr")).to_be_visible()
    expect(kiosk.page.get_by_text("Silakan ambil karcis Anda")).to_be_visible()


def test_a_double_touch_gives_one_number(kiosk: Kiosk) -> None:
    before = kiosk.tickets()
    kiosk.open_agency("DKC")

    kiosk.services.first.dblclick()

    number = kiosk.number()
    assert kiosk.tickets() == [*before, number]


def test_a_double_touch_gives_one_number_without_scripts(plain_kiosk: Kiosk) -> None:
    before = plain_kiosk.tickets()
    plain_kiosk.open_agency("DKC")

    plain_kiosk.services.first.dblclick()

    number = plain_kiosk.number()
    assert plain_kiosk.tickets() == [*before, number]


def test_the_keyboard_alone_leads_to_a_number(kiosk: Kiosk) -> None:
    before = kiosk.tickets()
    keyboard = kiosk.page.keyboard
    kiosk.page.locator("#content").focus()

    keyboard.press("Tab")
    keyboard.press("Enter")
    expect(kiosk.services.first).to_be_visible()
    keyboard.press("Tab")
    keyboard.press("Enter")
    number = kiosk.number()
    for _ in range(2):
        keyboard.press("Tab")
    expect(kiosk.page.locator("#done")).to_be_focused()
    keyboard.press("Enter")

    expect(kiosk.heading).to_have_text("Anda memerlukan instansi apa?")
    assert kiosk.tickets() == [*before, number]


def test_english_holds_to_the_number_and_not_for_the_next_visitor(
    kiosk: Kiosk,
) -> None:
    kiosk.page.locator("#language-en").click()
    expect(kiosk.heading).to_have_text("Which agency do you need?")
    kiosk.page.locator("#agency-2").click()
    expect(kiosk.heading).to_contain_text("Population and Civil Registration")
    kiosk.services.first.click()

    expect(kiosk.page.get_by_text("Your queue number")).to_be_visible()
    expect(kiosk.page.locator("html")).to_have_attribute("lang", "en")
    kiosk.page.locator("#done").click()

    expect(kiosk.heading).to_have_text("Anda memerlukan instansi apa?")
    expect(kiosk.page.locator("html")).to_have_attribute("lang", "id")


def test_the_language_may_change_on_the_number_too(kiosk: Kiosk) -> None:
    kiosk.open_agency("IMI")
    kiosk.services.first.click()
    number = kiosk.number()

    kiosk.page.locator("#language-en").click()

    expect(kiosk.page.get_by_text("Your queue number")).to_be_visible()
    assert kiosk.number() == number


def test_back_and_start_again_lead_out_of_an_agency(kiosk: Kiosk) -> None:
    for way_out in ("#back", "#start-over"):
        kiosk.open_agency("DKC")
        kiosk.page.locator(way_out).click()
        expect(kiosk.heading).to_have_text("Anda memerlukan instansi apa?")


def test_the_back_button_shows_nobody_elses_number(kiosk: Kiosk) -> None:
    kiosk.page.goto("/kiosk/agencies/2")
    kiosk.services.first.click()
    number = kiosk.number()
    kiosk.page.locator("#done").click()
    expect(kiosk.heading).to_have_text("Anda memerlukan instansi apa?")

    kiosk.page.go_back()

    expect(kiosk.heading).to_have_text("Anda memerlukan instansi apa?")
    assert number not in kiosk.page.content()


def test_the_back_button_shows_nobody_elses_number_without_scripts(
    plain_kiosk: Kiosk,
) -> None:
    plain_kiosk.open_agency("DKC")
    plain_kiosk.services.first.click()
    number = plain_kiosk.number()
    plain_kiosk.page.locator("#done").click()

    plain_kiosk.page.go_back()

    expect(plain_kiosk.heading).to_have_text("Anda memerlukan instansi apa?")
    assert number not in plain_kiosk.page.content()


def test_a_service_closed_before_the_touch_gives_no_number(
    kiosk: Kiosk, closing_by_hand: Callable[[int], None]
) -> None:
    before = kiosk.tickets()
    kiosk.open_agency("DKC")
    button = kiosk.services.nth(1)
    closing_by_hand(int(button.get_attribute("value") or 0))

    button.click()

    expect(kiosk.page.get_by_text("Tutup sementara", exact=True)).to_be_visible()
    assert kiosk.tickets() == before
    kiosk.page.locator("#others").click()
    expect(kiosk.page.locator(".tile--closed")).to_contain_text("Tutup sementara")


def test_a_new_screen_of_the_demo_becomes_a_kiosk_by_itself(kiosk: Kiosk) -> None:
    kiosk.page.context.clear_cookies()

    kiosk.page.goto("/kiosk")

    expect(kiosk.heading).to_have_text("Anda memerlukan instansi apa?")
