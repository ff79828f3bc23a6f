"""Calls on the hall's display: none is missed, none is left out."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.displays.hall import (
    PATIENCE,
    Hall,
    killed,
    large,
    sounds,
    wait_for_chimes,
    wait_for_voices,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


def test_a_call_appears_without_a_reload_and_is_chimed(
    hall: Hall, browser: Browser
) -> None:
    with hall.display(browser) as page:
        expect(page.get_by_text("Silakan ambil nomor antrean di kios")).to_be_visible()
        page.evaluate("window.sameSincePaint = true")

        number = hall.call(1)

        expect(page.locator(".tile__number")).to_have_text([number])
        expect(page.locator(".tile__place")).to_have_text(["Loket 1"])
        wait_for_chimes(page, 1)
        expect(page.locator("[data-announcement]")).to_contain_text(
            "Silakan menuju Loket 1."
        )
        assert page.evaluate("window.sameSincePaint")
        assert sounds(page) == ["playing", "ended"]


def test_two_calls_at_once_are_both_large_and_both_chimed(
    hall: Hall, browser: Browser
) -> None:
    with hall.display(browser) as page:
        first, second = hall.call(1), hall.call(12)

        expect(page.locator(".tile__number")).to_have_text([second, first])
        wait_for_chimes(page, 2)
        assert sounds(page) == ["playing", "ended", "playing", "ended"]
        assert large(page) == [second, first]


def test_a_recall_is_chimed_again(hall: Hall, browser: Browser) -> None:
    number = hall.call(1)
    with hall.display(browser) as page:
        page.wait_for_timeout(3100)  # the cool-down of a recall
        hall.server.command(1, "recall")

        wait_for_chimes(page, 1)
        expect(page.locator("[data-announcement]")).to_contain_text("Panggilan kedua.")
        assert large(page) == [number]


def test_no_number_is_left_out_when_many_are_called(
    hall: Hall, browser: Browser
) -> None:
    numbers = {hall.call(counter) for counter in (1, 7, 12, 20, 25, 30, 35, 40)}
    with hall.display(browser) as page:
        seen = set(large(page))
        expect(page.locator('[data-page="beside"]')).to_have_text("1/2")
        for turn in ("1/2", "2/2"):
            expect(page.locator('[data-page="beside"]')).to_have_text(
                turn, timeout=PATIENCE
            )
            seen |= set(page.locator(".row-call__number").all_inner_texts())

        assert {number.split()[0] for number in seen} == numbers


def test_a_visitor_who_comes_at_once_is_still_read_by_the_hall(
    hall: Hall, browser: Browser
) -> None:
    with hall.display(browser) as page:
        number = hall.call(1)
        expect(page.locator(".tile__number")).to_have_text([number])
        hall.server.command(1, "start")

        expect(page.locator("[data-list=lines]")).to_be_attached()
        assert large(page) == [number]
        # its ten seconds over, it stands among the earlier calls
        expect(page.locator(".tile")).to_have_count(0, timeout=PATIENCE)
        expect(page.locator('.row-call[data-state="before"]').first).to_contain_text(
            number
        )


def test_a_call_that_was_taken_back_leaves_at_once(
    hall: Hall, browser: Browser
) -> None:
    with hall.display(browser) as page:
        number = hall.call(1)
        expect(page.locator(".tile__number")).to_have_text([number])

        hall.server.command(1, "return")

        expect(page.locator(".tile")).to_have_count(0, timeout=3_000)
        assert number not in page.locator(".row-call__number").all_inner_texts()
        assert hall.server.call_next(1)


def test_a_killed_server_is_noticed_and_the_missed_call_is_seen_and_chimed(
    hall: Hall, browser: Browser
) -> None:
    with hall.display(browser) as page:
        before = hall.call(1)
        wait_for_chimes(page, 1)
        banner = page.get_by_role("alert")

        with killed(hall.server):
            expect(banner).to_contain_text(
                "Sambungan terputus \N{EN DASH} data pukul", timeout=PATIENCE
            )
            expect(banner).to_contain_text(re.compile(r"\d\d\.\d\d"))
            assert large(page) == [before]
            page.context.set_offline(True)
        missed = hall.call(12)
        expect(page.locator(".tile__number")).to_have_text([before])
        page.context.set_offline(False)

        expect(banner).to_be_hidden(timeout=PATIENCE)
        expect(page.locator(".tile__number")).to_have_text([missed, before])
        wait_for_chimes(page, 2)
        assert sounds(page) == ["playing", "ended"] * 2


def test_a_reload_says_nothing_twice(hall: Hall, browser: Browser) -> None:
    with hall.display(browser) as page:
        number = hall.call(1)
        wait_for_voices(page, 1)  # what is cut off in the middle is spoken again

        page.reload()

        expect(page.locator(".tile__number")).to_have_text([number])
        page.wait_for_timeout(1_500)
        assert sounds(page) == []
        assert page.evaluate("voices") == []


def test_until_the_first_word_of_the_server_it_says_starting(
    hall: Hall, browser: Browser
) -> None:
    number = hall.call(1)
    with hall.display(browser) as page:
        page.route_web_socket("**/api/v1/live**", lambda _line: None)
        page.reload()

        expect(page.get_by_text("Memulai…")).to_be_visible()
        assert large(page) == [number]
        expect(page.get_by_role("alert")).to_contain_text(
            "Sambungan terputus", timeout=PATIENCE
        )
        expect(page.get_by_text("Memulai…")).to_be_hidden()
