"""The manual in a browser: from who one is to a task, in one's own language."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.web.manual.pages import ROLES

SIZES = [(1366, 768), (390, 844)]


def test_an_officer_finds_a_task_by_keys_alone(page: Page) -> None:
    page.goto("/help")
    page.get_by_role("link", name=re.compile("Petugas loket")).focus()
    page.keyboard.press("Enter")
    task = page.get_by_role("link", name="Salah memanggil", exact=True)
    task.focus()
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/help/officer#wrong-call$"))
    expect(page.get_by_role("heading", name="Salah memanggil")).to_be_in_viewport()


def test_the_language_may_be_changed_on_the_page_one_reads(page: Page) -> None:
    page.goto("/help/reception")
    page.get_by_role("link", name="English", exact=True).click()

    expect(page).to_have_url(re.compile("/help/reception"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Reception")
    page.goto("/help/admin")
    expect(page.get_by_role("heading", level=1)).to_have_text("Administrator")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_whoever_cannot_sign_in_is_led_to_the_way_in(page: Page) -> None:
    page.goto("/counter")
    page.get_by_role("link", name="Lupa kata sandi?").click()

    expect(page).to_have_url(re.compile(r"/help/officer#password$"))
    expect(page.locator("#password")).to_be_in_viewport()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("path", ["", *(f"/{role}" for role in ROLES), "/reference"])
def test_no_page_scrolls_sideways(page: Page, path: str, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for text in ("normal", "large"):
        page.goto(f"/help{path}?text={text}")

        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size[0], text
