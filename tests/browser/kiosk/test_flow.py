"""From the first touch to the number, and back to the start for the next visitor."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.kiosk.conftest import Kiosk

pytestmark = pytest.mark.browser


def test_four_touches_lead_to_a_number_of_the_last_agency(kiosk: Kiosk) -> None:
    before = kiosk.tickets()

    kiosk.page.locator("#more").click()
    kiosk.page.get_by_text("BP3MI").first.click()
    kiosk.open_service().click()

    assert kiosk.number() == kiosk.tickets()[-1]
    assert len(kiosk.tickets()) == len(before) + 1
    expect(kiosk.page.get_by_text("Silakan menunggu di")).to_be_visible()
    expect(kiosk.page.locator(".qr")).to_be_visible()
    expect(kiosk.page.get_by_text("Silakan ambil karcis Anda")).to_be_visible()


def test_a_double_touch_gives_one_number(kiosk: Kiosk) -> None:
    before = kiosk.tickets()
    kiosk.open_agency("DKC")

    kiosk.open_service().dblclick()

    number = kiosk.number()
    assert kiosk.tickets() == [*before, number]


def test_on_a_slow_kiosk_pc_an_impatient_finger_gets_one_number(kiosk: Kiosk) -> None:
    before = kiosk.tickets()
    browser = kiosk.page.context.new_cdp_session(kiosk.page)
    browser.send("Emulation.setCPUThrottlingRate", {"rate": 8})
    kiosk.start()
    kiosk.open_agency("DKC")
    where = centre(kiosk.open_service())
    expect(kiosk.page.locator(".kiosk--settling")).to_have_count(0)

    for _ in range(4):
        kiosk.page.mouse.click(*where, delay=30)

    number = kiosk.number()
    assert kiosk.tickets() == [*before, number]


def centre(of: Locator) -> tuple[float, float]:
    box = of.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_double_touch_gives_one_number_without_scripts(plain_kiosk: Kiosk) -> None:
    before = plain_kiosk.tickets()
    plain_kiosk.open_agency("DKC")

    plain_kiosk.open_service().dblclick()

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
    expect(kiosk.take).to_be_visible()
    keyboard.press("Tab")
    expect(kiosk.take).to_be_focused()
    keyboard.press("Enter")
    number = kiosk.number()
    for _ in range(2):
        keyboard.press("Tab")
    expect(kiosk.page.locator("#done")).to_be_focused()
    keyboard.press("Enter")

    expect(kiosk.heading).to_have_text("Anda memerlukan instansi apa?")
    assert kiosk.tickets() == [*before, number]


def test_the_keys_of_the_browser_for_back_go_one_page_back_and_never_out(
    kiosk: Kiosk,
) -> None:
    kiosk.open_agency("DKC")

    kiosk.page.keyboard.press("Alt+ArrowLeft")
    expect(kiosk.heading).to_have_text("Anda memerlukan instansi apa?")

    # a headless browser goes nowhere by these keys: what counts is that they are taken
    assert is_taken(kiosk, key="ArrowLeft", altKey=True)
    assert is_taken(kiosk, key="BrowserBack")
    assert not is_taken(kiosk, key="ArrowLeft")
    expect(kiosk.heading).to_have_text("Anda memerlukan instansi apa?")


def is_taken(kiosk: Kiosk, **pressed: str | bool) -> bool:
    return bool(
        kiosk.page.evaluate(
            """(pressed) => {
              const how = { ...pressed, bubbles: true, cancelable: true };
              return !document.body.dispatchEvent(new KeyboardEvent("keydown", how));
            }""",
            pressed,
        )
    )


def test_the_next_touch_clears_the_number_but_not_a_finger_in_a_hurry(
    kiosk: Kiosk,
) -> None:
    kiosk.open_agency("DKC")
    kiosk.open_service().click()
    number = kiosk.number()

    kiosk.page.locator("#number").click()
    kiosk.page.wait_for_timeout(300)
    assert kiosk.number() == number
    kiosk.page.wait_for_timeout(2_000)
    kiosk.page.locator("#number").click()

    expect(kiosk.heading).to_have_text("Anda memerlukan instansi apa?")


def test_english_holds_to_the_number_and_not_for_the_next_visitor(
    kiosk: Kiosk,
) -> None:
    kiosk.page.locator("#language-en").click()
    expect(kiosk.heading).to_have_text("Which agency do you need?")
    kiosk.page.locator("#agency-2").click()
    expect(kiosk.heading).to_contain_text("Population and Civil Registration")
    kiosk.open_service().click()

    expect(kiosk.page.get_by_text("Your queue number")).to_be_visible()
    expect(kiosk.page.locator("html")).to_have_attribute("lang", "en")
    kiosk.page.locator("#done").click()

    expect(kiosk.heading).to_have_text("Anda memerlukan instansi apa?")
    expect(kiosk.page.locator("html")).to_have_attribute("lang", "id")


def test_the_language_may_change_on_the_number_too(kiosk: Kiosk) -> None:
    kiosk.open_agency("IMI")
    kiosk.open_service().click()
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
    kiosk.open_service().click()
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
    plain_kiosk.open_service().click()
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
    take = kiosk.open_service()
    closing_by_hand(kiosk.demo.service_id("DKC"))

    take.click()

    expect(kiosk.page.get_by_text("Tutup sementara", exact=True)).to_be_visible()
    assert kiosk.tickets() == before
    kiosk.page.locator("#others").click()
    expect(kiosk.page.locator(".tile--closed")).to_contain_text("Tutup sementara")


def test_several_services_and_people_come_onto_one_number(kiosk: Kiosk) -> None:
    before = kiosk.tickets()
    kiosk.open_agency("IMI")
    kiosk.open_service()
    for people in ("2", "3", "4"):
        kiosk.page.locator("#more-people").click()
        expect(kiosk.page.locator(".service__count")).to_have_text(people)
    kiosk.page.locator("#add").click()
    expect(kiosk.page.locator(".chosen-services")).to_contain_text(
        "1 layanan sudah dipilih"
    )
    kiosk.open_agency("DKC")
    take = kiosk.open_service()
    expect(take).to_contain_text("2 layanan, 4 orang")

    take.click()

    number = kiosk.number()
    assert kiosk.tickets() == [*before, number]
    expect(kiosk.page.locator(".ticket__service")).to_have_count(2)


def test_a_class_and_a_persons_help_are_one_touch_each_by_keyboard_too(
    kiosk: Kiosk,
) -> None:
    kiosk.open_agency("IMI")
    kiosk.open_service()
    for name in ("#class-hamil", "#person"):
        kiosk.page.locator(name).focus()
        kiosk.page.keyboard.press("Enter")
        expect(kiosk.page.locator(name)).to_have_attribute("aria-current", "true")
        expect(kiosk.page.locator(name)).to_be_focused()
    kiosk.take.click()
    kiosk.number()

    expect(kiosk.page.locator(".ticket")).to_contain_text("perlu dibantu")
    expect(kiosk.page.locator(".ticket")).not_to_contain_text("hamil")


def test_the_next_visitor_begins_with_nothing_chosen(kiosk: Kiosk) -> None:
    kiosk.open_agency("IMI")
    kiosk.open_service()
    kiosk.page.locator("#more-people").click()
    kiosk.page.locator("#add").click()
    expect(kiosk.page.locator(".chosen-services")).to_be_visible()

    kiosk.page.locator("#start-over").click()

    expect(kiosk.page.locator(".chosen-services")).to_have_count(0)
    kiosk.open_agency("IMI")
    kiosk.open_service()
    expect(kiosk.page.locator(".service__count")).to_have_text("1")


def test_a_new_screen_of_the_demo_becomes_a_kiosk_by_itself(kiosk: Kiosk) -> None:
    kiosk.page.context.clear_cookies()

    kiosk.page.goto("/kiosk")

    expect(kiosk.heading).to_have_text("Anda memerlukan instansi apa?")
