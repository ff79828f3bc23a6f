"""Search by touch, by keyboard and without a script; and how the page is shown."""

import pytest
from playwright.sync_api import expect

from tests.browser.kiosk.conftest import Kiosk

pytestmark = pytest.mark.browser


def touch_keys(kiosk: Kiosk, word: str) -> None:
    for letter in word:
        kiosk.page.locator(f"#key-{'space' if letter == ' ' else letter}").click()


def test_keys_on_the_screen_find_a_service_and_lead_to_a_number(kiosk: Kiosk) -> None:
    before = kiosk.tickets()
    kiosk.page.locator("#search").click()
    expect(kiosk.page.locator("#q")).to_be_visible()
    kiosk.page.wait_for_timeout(600)  # the second tap of a double tap is let pass

    touch_keys(kiosk, "KTP ILANGX")
    kiosk.page.locator("#key-back").click()

    expect(kiosk.page.locator("#q")).to_have_value("KTP ILANG")
    expect(kiosk.services.first).to_contain_text("Pencetakan KTP-el rusak/hilang")
    kiosk.services.first.click()
    kiosk.take.click()
    number = kiosk.number()
    assert kiosk.tickets() == [*before, number]


def test_a_real_keyboard_alone_searches_too(kiosk: Kiosk) -> None:
    kiosk.page.locator("#search").focus()
    kiosk.page.keyboard.press("Enter")
    expect(kiosk.page.locator("#q")).to_be_visible()
    kiosk.page.keyboard.press("Tab")
    expect(kiosk.page.locator("#q")).to_be_focused()

    kiosk.page.keyboard.type("paspor")

    expect(kiosk.services.first).to_contain_text("aspor")
    expect(kiosk.page.locator("#q")).to_be_focused()
    kiosk.services.first.focus()
    kiosk.page.keyboard.press("Enter")
    expect(kiosk.take).to_be_visible()


def test_the_keys_type_without_a_script(plain_kiosk: Kiosk) -> None:
    plain_kiosk.page.locator("#search").click()

    touch_keys(plain_kiosk, "STNK")

    expect(plain_kiosk.page.locator("#q")).to_have_value("STNK")
    expect(plain_kiosk.services.first).to_contain_text("STNK")


def test_nothing_found_leads_to_the_agencies_and_to_a_person(kiosk: Kiosk) -> None:
    kiosk.page.goto("/kiosk/search?q=xqzw")
    expect(kiosk.page.locator(".search__none")).to_contain_text("Tidak ditemukan")
    kiosk.page.locator("#ask-person").click()
    expect(kiosk.heading).to_have_text("Petugas membantu Anda")
    kiosk.page.locator("#go-on").click()
    kiosk.open_agency("IMI")
    kiosk.open_service()

    person = kiosk.page.locator("#person")
    expect(person).to_have_attribute("aria-current", "true")


def test_large_text_and_contrast_are_a_touch_each_and_forgotten(kiosk: Kiosk) -> None:
    html = kiosk.page.locator("html")

    kiosk.page.locator("#text-size").click()
    expect(html).to_have_attribute("data-text", "large")
    kiosk.page.locator("#contrast").click()
    expect(html).to_have_attribute("data-contrast", "high")
    kiosk.page.locator("#agency-2").click()
    kiosk.open_service().click()
    kiosk.number()
    expect(html).to_have_attribute("data-text", "large")
    expect(html).to_have_attribute("data-contrast", "high")
    kiosk.page.locator("#done").click()

    expect(html).to_have_attribute("data-text", "normal")
    expect(html).to_have_attribute("data-contrast", "normal")
