"""Who may use a console: its officer and supervisors; nobody of another agency."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.counters.desk import (
    TAKEN,
    Desk,
    console,
    notice,
    number,
    press,
    sign_in,
    state,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]


def test_a_colleague_looks_on_and_gives_no_command(desk: Desk, page: Page) -> None:
    desk.issue()
    desk.command("open")
    colleague = desk.demo.officer_of(desk.demo.counters_of(desk.service_id)[1])
    sign_in(page, desk.demo, colleague)
    page.goto("/counter")
    expect(page.locator(f'[data-counter="{desk.counter_id}"]')).to_contain_text(
        "Dipegang Petugas"
    )

    console(page, desk)
    state(page, TAKEN)
    press(page, "n", "o", "c")

    expect(page.locator('button[aria-disabled="false"]:visible')).to_have_count(0)
    state(page, TAKEN)


def test_a_supervisor_gives_commands_at_a_counter_that_is_held(
    desk: Desk, page: Page
) -> None:
    called = desk.issue()
    desk.command("open")
    sign_in(page, desk.demo, "kepala-bpn")
    console(page, desk)
    press(page, "n")

    expect(number(page)).to_have_text(called)


def test_another_agencys_officer_sees_nothing(desk: Desk, page: Page) -> None:
    waiting = desk.issue()
    outsider = desk.demo.officer_of(
        desk.demo.counters_of(desk.demo.service_id("DKC"))[0]
    )
    sign_in(page, desk.demo, outsider)

    answer = page.goto(f"/counter?counter={desk.counter_id}")

    assert answer is not None
    assert answer.status == 404
    expect(page.locator("body")).not_to_contain_text(waiting)
    expect(page.locator("body")).not_to_contain_text("Pertanahan")


def test_signed_out_elsewhere_leads_back_to_signing_in(desk: Desk, work: Page) -> None:
    work.context.request.delete("/api/v1/session")

    expect(work).to_have_url(re.compile("/sign-in"))
    work.get_by_label("Nama pengguna").fill(desk.officer)
    work.get_by_label("Kata sandi").fill(desk.demo.password_of(desk.officer))
    press(work, "Enter")

    expect(work).to_have_url(re.compile(rf"/counter\?counter={desk.counter_id}$"))


def test_a_wrong_password_loses_nothing(desk: Desk, page: Page) -> None:
    page.goto("/counter")
    page.get_by_label("Nama pengguna").fill(desk.officer)
    page.get_by_label("Kata sandi").fill("bukan-ini")
    press(page, "Enter")
    expect(notice(page)).to_contain_text("Nama pengguna atau kata sandi salah")
    expect(page.get_by_label("Nama pengguna")).to_have_value(desk.officer)

    page.get_by_label("Kata sandi").fill(desk.demo.password_of(desk.officer))
    press(page, "Enter")

    expect(page).to_have_url(re.compile("/counter$"))


def test_the_last_counter_is_offered_first(desk: Desk, work: Page) -> None:
    work.goto("/counter")

    first = work.locator("[data-counter]").first
    expect(first).to_have_attribute("data-counter", str(desk.counter_id))
    expect(first).to_contain_text("Terakhir dipakai di sini")
    press(work, "Enter")
    expect(work).to_have_url(re.compile(rf"counter={desk.counter_id}$"))
