"""The hall board, the screen of one counter and the text screen, at true sizes."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from app.models.states import DisplayLayout
from app.queueing.hall.reading_distance import NUMBERS, needed_size
from app.queueing.views.board import Board
from displays.views import Look
from tests.browser.displays.boards import (
    Hall,
    Screen,
    at_the_end,
    message_of,
    numbers,
    plain,
)
from tests.browser.displays.looks import faults, font_sizes, unit
from tests.browser.displays.voice.voices import Voice
from tests.support.demo import DemoServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

USUAL = Hall(plain, is_long=False)
LONG = Hall(at_the_end)
SIZES = [(1920, 1080), (1080, 1920), (1366, 768), (3840, 2160)]
UNIT = 10.8
"""px of a 1080p screen that are one hundredth of its height."""
COUNTER = 1
LOOKS = {
    "hall": Look(layout=DisplayLayout.HALL),
    "counter": Look(
        layout=DisplayLayout.COUNTER, counter_id=COUNTER, counter=plain(COUNTER)
    ),
    "text": Look(layout=DisplayLayout.TEXT),
}
State = Callable[[Hall], Board]


@pytest.fixture(scope="module")
def page(browser: Browser, demo: DemoServer) -> Iterator[Page]:
    page = browser.new_page(base_url=demo.url)
    page.set_default_timeout(15_000)
    yield page
    page.close()


@pytest.fixture(scope="module")
def screen(page: Page) -> Screen:
    return Screen(page)


def served(hall: Hall) -> Board:
    return hall.board().model_copy(update={"recent": [hall.call(COUNTER, "MW-1012")]})


STATES: dict[str, State] = {
    "nobody": lambda hall: hall.board(),
    "served": served,
    "one": lambda hall: hall.board("MW-1012", recent=12),
    "six": lambda hall: hall.board(*numbers(6), recent=12),
    "forty": lambda hall: hall.board(*numbers(40), recent=12),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("look", LOOKS)
def test_nothing_is_cut_at_any_size(screen: Screen, look: str, state: str) -> None:
    screen.show(LONG, STATES[state](LONG), look=LOOKS[look])

    found = {}
    for size in SIZES:
        screen.resize(*size)
        found[size] = faults(screen.page)
    assert found == {size: [] for size in SIZES}


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing(screen: Screen, look: str) -> None:
    for state in ("nobody", "six"):
        screen.show(USUAL, STATES[state](USUAL), look=LOOKS[look])
        report = Axe().run(screen.page)
        assert report.violations_count == 0, report.generate_report()


NUMBER = {
    "hall": ".tile__number",
    "counter": ".tile__number",
    "text": ".entry__number",
}


@pytest.mark.parametrize("look", LOOKS)
def test_a_called_number_is_as_large_as_the_import_is_told(
    screen: Screen, look: str
) -> None:
    screen.show(USUAL, USUAL.board("A-12", recent=3), look=LOOKS[look])

    for size in SIZES[:2]:
        screen.resize(*size)
        least = NUMBERS[LOOKS[look].layout] * UNIT * unit(*size)
        assert max(font_sizes(screen.page, NUMBER[look])) >= least - 0.5


def test_a_zone_board_is_too(screen: Screen) -> None:
    screen.show(USUAL, USUAL.board("A-12"))

    for size in SIZES[:2]:
        screen.resize(*size)
        least = NUMBERS[DisplayLayout.ZONE] * UNIT * unit(*size)
        assert max(font_sizes(screen.page, ".tile__number")) >= least - 0.5


def test_a_small_screen_far_away_shows_one_call_larger(screen: Screen) -> None:
    inches, metres = 43, 10
    board = USUAL.board("A-12", "A-13", "A-14", agencies=0)
    screen.resize(1920, 1080)

    screen.show(USUAL, board, look=Look(large=1))

    expect(screen.page.locator(".tile")).to_have_count(1)
    expect(screen.page.locator(".row-call")).to_have_count(2)
    assert (
        needed_size(inches, metres) * UNIT
        <= font_sizes(screen.page, ".tile__number")[0]
    )


def test_the_hall_board_keeps_its_form_however_few_are_called(screen: Screen) -> None:
    screen.resize(1920, 1080)
    screen.show(USUAL, USUAL.board("A-012", "A-013", recent=12), look=LOOKS["hall"])

    expect(screen.page.locator(".board")).to_have_attribute("data-density", "dense")
    expect(screen.page.locator(".row-call")).to_have_count(12)
    marks = screen.page.locator(".row-call__mark--called:visible")
    expect(marks).to_have_count(1)


def test_the_screen_of_a_counter_shows_its_own_call_and_who_is_served(
    screen: Screen,
) -> None:
    tile = screen.page.locator(".tile")
    screen.show(USUAL, USUAL.board("A-012", "A-013"), look=LOOKS["counter"])
    expect(tile).to_have_count(1)
    expect(tile).to_contain_text("A-012")

    screen.send(message_of(served(USUAL)))
    expect(tile).to_have_attribute("data-state", "before")
    expect(tile.get_by_text("Sudah dipanggil")).to_be_attached()

    # its next call is shown at once, not after the former one's ten seconds
    screen.send(message_of(USUAL.board("A-014")))
    expect(tile).to_contain_text("A-014")
    expect(tile).not_to_have_attribute("data-state", "before")


def test_another_counter_s_call_leaves_its_screen_as_it_is(screen: Screen) -> None:
    board = USUAL.board("A-012", "A-013")
    others = board.model_copy(update={"calls": board.calls[1:]})

    screen.show(USUAL, others, look=LOOKS["counter"])

    expect(screen.page.locator(".tile")).to_have_count(0)
    expect(screen.page.locator(".stage__counter")).to_have_text("Loket 1")


def test_the_text_screen_lists_numbers_with_time_and_place(screen: Screen) -> None:
    screen.resize(1920, 1080)
    screen.show(USUAL, USUAL.board("A-012", recent=2), look=LOOKS["text"])

    entries = screen.page.locator(".entry")
    expect(entries).to_have_count(3)
    expect(entries.first).to_contain_text("08.14")
    expect(entries.first).to_contain_text("A-012")
    expect(entries.first).to_contain_text("Loket 1")
    assert screen.page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize("size", SIZES[:2])
def test_no_called_number_is_missing_on_a_text_screen(
    screen: Screen, size: tuple[int, int]
) -> None:
    screen.resize(*size)
    screen.show(USUAL, USUAL.board(*numbers(20)), look=LOOKS["text"])
    page = screen.page
    seen: set[Any] = set()
    for turn in ("1/2", "2/2"):
        expect(page.locator('[data-page="beside"]')).to_have_text(turn)
        seen |= set(page.locator(".entry__number").all_inner_texts())

    assert len({number.strip() for number in seen}) == 20


@pytest.mark.parametrize("size", SIZES[:2])
@pytest.mark.parametrize("look", LOOKS)
def test_what_is_spoken_is_marked_and_written_in_every_layout(
    browser: Browser, demo: DemoServer, look: str, size: tuple[int, int]
) -> None:
    page = browser.new_page(base_url=demo.url)
    voice = Voice(page)
    board = USUAL.board("A-012", "A-013", recent=3)
    voice.screen.show(USUAL, board, look=LOOKS[look])
    voice.screen.resize(*size)

    voice.announce(voice.board(board, speaker=None, spoken=1))

    expect(page.locator("[data-speaking]")).to_contain_text("A-012")
    expect(page.locator("[data-caption]:visible")).to_contain_text("Loket 1")
    voice.screen.settle()
    assert faults(page) == []
    page.close()
