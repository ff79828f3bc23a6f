"""Every state of the hall at every size of a screen: nothing cut, all legible."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.displays.boards import (
    NOW,
    Hall,
    Screen,
    at_the_end,
    in_the_middle,
    numbers,
    plain,
    without_blanks,
)
from tests.browser.displays.looks import faults, font_sizes, narrowed, unit
from tests.support.demo import DemoServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

SIZES = [(1920, 1080), (1080, 1920), (1366, 768), (3840, 2160)]
READABLE = 271
"""px of a called number at 10 m, 55 inches, 1080p (legibility.md#text-from-far)."""
SECOND = 104
"""The same for 16 minutes of arc: the other numbers, and counters of a usual name."""
SHRUNK = SECOND / 2
"""What 16 minutes of arc are at 5 m: no counter's name is smaller, however long."""
NARROWEST = 0.8
"""How narrow a number may be set before it gets lower."""

State = Callable[[Screen, Hall], None]
USUAL = Hall(plain, is_long=False)
HALLS = {
    "usual": USUAL,
    "end": Hall(at_the_end),
    "middle": Hall(in_the_middle),
    "word": Hall(without_blanks),
    "zone": Hall(at_the_end, zones=1),
}


def nobody(screen: Screen, hall: Hall) -> None:
    screen.show(hall, hall.board())


def in_a_break(screen: Screen, hall: Hall) -> None:
    until = NOW + timedelta(hours=4)
    screen.show(hall, hall.closed_board("break", until, numbers(3)))


def closing(screen: Screen, hall: Hall) -> None:
    until = NOW + timedelta(days=1)
    screen.show(hall, hall.closed_board("last-ticket", until))


def half_closed(screen: Screen, hall: Hall) -> None:
    screen.show(hall, hall.half_closed_board())


def one_call(screen: Screen, hall: Hall) -> None:
    screen.show(hall, hall.board("MW-1012", recent=12))


def six_calls(screen: Screen, hall: Hall) -> None:
    screen.show(hall, hall.board(*numbers(6)))


def twelve_calls(screen: Screen, hall: Hall) -> None:
    screen.show(hall, hall.board(*numbers(12)))


def forty_calls(screen: Screen, hall: Hall) -> None:
    screen.show(hall, hall.board(*numbers(40)))


def muted(screen: Screen, hall: Hall) -> None:
    screen.show(hall, hall.board(*numbers(6)), is_sample=True)
    screen.mute()


def muted_by_forty(screen: Screen, hall: Hall) -> None:
    screen.show(hall, hall.board(*numbers(40)))
    screen.mute()


def cut_off(screen: Screen, hall: Hall) -> None:
    screen.cut_off(hall, hall.board(*numbers(6)))


STATES: list[State] = [
    nobody,
    in_a_break,
    closing,
    half_closed,
    one_call,
    six_calls,
    twelve_calls,
    forty_calls,
    muted,
    muted_by_forty,
    cut_off,
]


# one of each kind: the rest of the product is in the full run
PLAIN = [in_a_break, half_closed, one_call, twelve_calls, forty_calls, muted, cut_off]


@pytest.fixture(scope="module")
def screen(browser: Browser, demo: DemoServer) -> Iterator[Screen]:
    page = browser.new_page(base_url=demo.url)
    page.set_default_timeout(15_000)
    yield Screen(page)
    page.close()


@pytest.mark.parametrize("state", PLAIN)
def test_the_longest_names_are_nowhere_cut(screen: Screen, state: State) -> None:
    state(screen, HALLS["end"])

    assert {size: at(screen, size) for size in SIZES} == {size: [] for size in SIZES}


@pytest.mark.parametrize("state", [six_calls, twelve_calls])
def test_usual_names_read_from_ten_metres(screen: Screen, state: State) -> None:
    state(screen, USUAL)

    for width, height in SIZES:
        assert at(screen, (width, height)) == []
        least = SECOND * unit(width, height)
        for selector in (".tile__place", ".row-call__place"):
            assert min(font_sizes(screen.page, selector)) >= least


@pytest.mark.full
@pytest.mark.parametrize("looks", ["dark id", "light en", "high id"])
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("hall", HALLS)
def test_every_hall_fits_in_every_theme(
    screen: Screen, hall: str, state: State, looks: str
) -> None:
    theme, language = looks.split()
    screen.looks = {
        "theme": "light" if theme == "light" else "dark",
        "contrast": "high" if theme == "high" else "normal",
        "language": language,
    }

    state(screen, HALLS[hall])

    assert {size: at(screen, size) for size in SIZES} == {size: [] for size in SIZES}


def at(screen: Screen, size: tuple[int, int]) -> list[str]:
    """Return what is wrong at a size, small letters among it."""
    width, height = size
    screen.resize(width, height)
    scale = unit(width, height)
    found = faults(screen.page)
    for selector, least in (
        (".tile__number", READABLE),
        (".row-call__number", SECOND),
        (".tile__place", SHRUNK),
        (".row-call__place", SHRUNK),
    ):
        sizes = font_sizes(screen.page, selector)
        found += [f"{selector}: {px} px" for px in sizes if px < least * scale - 0.5]
    for selector in (".tile__number", ".row-call__number"):
        found += [
            f"{selector}: {share} of its width"
            for share in narrowed(screen.page, selector)
            if share < NARROWEST - 0.01
        ]
    return found


def test_while_nobody_is_called_the_list_has_the_room(screen: Screen) -> None:
    lines = screen.page.locator(".line")

    screen.show(USUAL, USUAL.board("A-001"))
    screen.resize(1920, 1080)
    expect(lines).to_have_count(4)
    screen.show(USUAL, USUAL.board())
    expect(lines).to_have_count(12)

    screen.resize(1080, 1920)
    expect(lines).to_have_count(16)
    screen.show(USUAL, USUAL.board(recent=3))
    expect(lines).to_have_count(8)


def test_a_short_list_leaves_the_room_to_the_stage(screen: Screen) -> None:
    screen.show(USUAL, USUAL.board(agencies=4))

    expect(screen.page.locator(".board")).to_have_attribute("data-lines", "few")


@pytest.mark.parametrize("recent", [0, 4])
def test_a_long_list_is_nowhere_cut(screen: Screen, recent: int) -> None:
    hall = HALLS["end"]
    until = NOW + timedelta(days=1)
    closed: dict[str, Any] = {"open": False, "reason": "last-ticket", "until": until}
    waiting = [hall.agency_line(n, **closed) for n in range(1, 32)]

    screen.show(hall, hall.board(recent=recent, waiting=waiting, **closed))

    assert {size: at(screen, size) for size in SIZES} == {size: [] for size in SIZES}


LISTEN = """
window.changed = [];
window.paintings = 0;
new MutationObserver((records) => {
  const changes = records.filter(({ target }) => target.matches(".board, .tile *"));
  changed.push(...changes.map(({ attributeName }) => attributeName));
  if (changes.some(({ attributeName }) => attributeName === "style")) paintings += 1;
}).observe(document, { subtree: true, attributeFilter: ["style", "data-lines"] });
"""


def test_the_first_call_after_idle_is_fitted_once(
    screen: Screen,
) -> None:
    screen.show(USUAL, USUAL.board())
    screen.resize(1920, 1080)
    expect(screen.page.locator(".board")).to_have_attribute("data-lines", "many")
    screen.page.evaluate(LISTEN)

    screen.bring(USUAL.board("MW-1012"))
    expect(screen.page.locator(".tile")).to_have_count(1)
    screen.settle()
    screen.settle()

    assert screen.page.evaluate("paintings") == 1


def test_a_page_that_loads_is_fitted_in_the_room_that_it_keeps(
    browser: Browser, demo: DemoServer
) -> None:
    page = browser.new_page(base_url=demo.url)
    page.add_init_script(LISTEN)

    Screen(page).show(USUAL, USUAL.board("MW-1012"))

    changed = page.evaluate("changed")
    assert changed[0] == "data-lines"
    assert "style" in changed
    page.close()


def test_the_calls_have_the_room_of_what_is_true_no_more(screen: Screen) -> None:
    for recent in (0, 3):
        screen.cut_off(USUAL, USUAL.board(recent=recent))
        for size in SIZES:
            screen.resize(*size)
            above = screen.page.locator(".earlier" if recent else ".stage")
            box, foot = (
                above.bounding_box(),
                screen.page.locator(".foot").bounding_box(),
            )
            assert box is not None
            assert foot is not None
            assert box["y"] + box["height"] == pytest.approx(foot["y"], abs=1)


def test_lines_that_give_their_room_to_a_call_are_fitted_anew(screen: Screen) -> None:
    hall = HALLS["end"]
    screen.show(hall, hall.board(agencies=4))
    screen.resize(1920, 1080)

    screen.bring(hall.board("MW-1012", agencies=4))
    expect(screen.page.locator(".tile")).to_have_count(1)
    screen.settle()

    assert faults(screen.page) == []


def test_lines_that_turned_while_they_were_hidden_are_fitted_after_it(
    screen: Screen,
) -> None:
    hall = HALLS["end"]
    hide = "(notice, isHidden) => { notice.hidden = isHidden; }"
    screen.show(hall, hall.board("MW-1012"))
    screen.resize(1920, 1080)

    stale = screen.page.locator("[data-notice=stale]")
    stale.evaluate(hide, arg=False)
    expect(screen.page.locator("[data-page=lines]")).to_have_text("2/8")
    stale.evaluate(hide, arg=True)
    screen.settle()

    assert faults(screen.page) == []
