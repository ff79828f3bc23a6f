"""Names on a display: what tells two apart stands, as the import foretells."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from app.importing.legibility import display_names
from app.importing.legibility.display_names import Room, is_shown_whole
from tests.browser.displays.boards import (
    Hall,
    Screen,
    at_the_end,
    in_the_middle,
    numbers,
    without_blanks,
)
from tests.browser.displays.looks import shown
from tests.browser.displays.test_sizes import SIZES
from tests.support.demo import DemoServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

SHORT_FORMS = """async ([name, names]) => {
  const { shortForms } = await import("/static/displays/names.js");
  return [...shortForms(name, names)];
}"""
NAMED_BY = """async ([forms, names]) => {
  const { canBe } = await import("/static/displays/names.js");
  return forms.map((form) => names.filter((name) => canBe(form, name)));
}"""
ACROSS_AND_UPRIGHT = SIZES[:2]


@pytest.fixture(scope="module")
def screen(browser: Browser, demo: DemoServer) -> Iterator[Screen]:
    page = browser.new_page(base_url=demo.url)
    page.set_default_timeout(15_000)
    yield Screen(page)
    page.close()


def short_forms(screen: Screen, name: str, *names: str) -> list[str]:
    """Return the ever shorter forms of a name among others."""
    forms: list[str] = screen.page.evaluate(SHORT_FORMS, [name, list(names)])
    return forms


@pytest.fixture
def modules(screen: Screen) -> Screen:
    screen.page.goto("/help")
    return screen


@pytest.mark.parametrize("counter", [at_the_end, in_the_middle, without_blanks])
@pytest.mark.parametrize("calls", [6, 12])
def test_no_two_counters_read_alike(
    screen: Screen, counter: Callable[[int], str], calls: int
) -> None:
    screen.show(Hall(counter), Hall(counter).board(*numbers(calls)))

    for size in ACROSS_AND_UPRIGHT:
        screen.resize(*size)
        places = shown(screen.page, "[data-list] [data-field=place]")
        assert named_by(screen, places, [*map(counter, range(1, 49))]) == [
            [counter(n)] for n in range(1, calls + 1)
        ]


def named_by(screen: Screen, forms: list[str], names: list[str]) -> list[list[str]]:
    """Return for each form the names that a visitor could take it for."""
    found: list[list[str]] = screen.page.evaluate(NAMED_BY, [forms, names])
    return found


def test_zones_and_agencies_keep_what_tells_them_apart(screen: Screen) -> None:
    hall = Hall(at_the_end)
    screen.show(hall, hall.board(*numbers(2)))

    for size in ACROSS_AND_UPRIGHT:
        screen.resize(*size)
        assert [zone[-1] for zone in shown(screen.page, ".tile__zone")] == ["B", "C"]
        for selector in (".tile__short", ".line__agency"):
            agencies = shown(screen.page, selector)
            ends = [f"{n:02}" for n in range(1, len(agencies) + 1)]
            assert [agency[-2:] for agency in agencies] == ends


def test_words_that_all_have_go_first_and_the_first_word_last(modules: Screen) -> None:
    names = [f"Loket Pelayanan Terpadu {place} Timur" for place in ("Akta", "KTP")]

    forms = short_forms(modules, names[0], *names)

    assert forms[:3] == [
        "Loket Pelayanan … Akta Timur",
        "Loket … Akta Timur",
        "Loket … Akta …",
    ]
    assert named_by(modules, forms, names) == [[names[0]] for _ in forms]


LEADING = {
    "Loket 10 Pelayanan Administrasi Pajak Daerah": ["Loket", "10"],
    "Loket Pembayaran (Tunai) Bank Jambi Cabang Utama": ["Loket", "(Tunai)"],
}


class HallOfLongNames(Hall):
    """A mall with counters whose names differ by little, in several zones."""

    NAMES = (
        *LEADING,
        "Loket 10 Pelayanan Administrasi Pajak",
        "Loket Pembayaran (Kartu) Bank Jambi Cabang Utama",
    )

    def __init__(self) -> None:
        super().__init__(lambda n: self.NAMES[(n - 1) % len(self.NAMES)])


@pytest.mark.parametrize("calls", [1, 2, 6, 12])
def test_what_leads_to_a_counter_stands(screen: Screen, calls: int) -> None:
    hall = HallOfLongNames()
    screen.show(hall, hall.board(*numbers(calls)))

    for size in ACROSS_AND_UPRIGHT:
        screen.resize(*size)
        places = shown(screen.page, "[data-field=place]")
        for place, n in zip(places, range(1, calls + 1), strict=True):
            name = hall.counter(n)
            assert [word for word in LEADING.get(name, ()) if word not in place] == []


def test_first_word_and_numbers_go_after_all_other_words(modules: Screen) -> None:
    names = ["Loket 10 Pelayanan Pajak Daerah", "Loket 10 Pelayanan Pajak"]

    forms = short_forms(modules, *names)

    assert forms[:4] == [
        "Loket 10 … Pajak Daerah",
        "Loket 10 … Daerah",
        "… 10 … Daerah",
        "… Daerah",
    ]


def test_a_form_is_never_one_that_another_name_could_have(modules: Screen) -> None:
    names = [f"Loket {side} {n} Utama" for side in ("Barat", "Timur") for n in (1, 2)]

    for name in names:
        forms = short_forms(modules, name, *names)
        assert len(forms) > 1
        assert named_by(modules, forms, names) == [[name] for _ in forms]


@pytest.mark.parametrize(
    ("form", "name", "can"),
    [
        ("Loket … 1", "Loket Barat 1", True),
        ("Loket … 1", "Loket 1", False),
        ("Loket … 1", "Loket Barat 11", False),
        ("A…B…C", "A-B-B-C", True),
        ("A…B…C", "A-C", False),
        ("Loket 1", "Loket 1", True),
        ("Loket 1", "Loket 12", False),
    ],
)
def test_a_form_stands_for_the_names_that_have_its_parts_in_order(
    modules: Screen, form: str, name: str, can: bool
) -> None:
    assert named_by(modules, [form], [name]) == [[name] if can else []]


WORDS = ["Loket", "WARGA", "Pelayanan", "im", "MMM", "Administrasi", "1", "Akta"]


def longest(rooms: tuple[Room, ...], n: int, limit: int = 120) -> str:
    """Return a name that just fits by the import's rule, wide words or narrow ones."""
    name = ""
    for turn in range(n, 100):
        longer = f"{name} {WORDS[turn * (n + 1) % len(WORDS)]}".strip()
        if len(longer) > limit or not is_shown_whole(longer, rooms):
            break
        name = longer
    while len(name) < limit and is_shown_whole(f"{name}W", rooms):
        name += "W"
    return name


class BrinkHall(Hall):
    """A mall whose names are all as long as the import lets pass without a word."""

    def __init__(self) -> None:
        super().__init__(lambda n: longest(display_names.COUNTER, n))

    @property
    def site(self) -> str:
        return longest(display_names.SITE, 0)

    def zone(self, n: int) -> str:
        return longest(display_names.ZONE, n)

    def agency(self, n: int) -> str:
        return longest(display_names.AGENCY, n)

    def short_name(self, n: int) -> str:
        return longest(display_names.SHORT_NAME, n, limit=30)


@pytest.mark.parametrize("calls", [1, 2, 6, 12])
def test_what_the_import_lets_pass_stands_whole_on_every_screen(
    screen: Screen, calls: int
) -> None:
    hall = BrinkHall()
    screen.show(hall, hall.board(*numbers(calls)), is_sample=True)

    for size in ACROSS_AND_UPRIGHT:
        screen.resize(*size)
        texts = shown(screen.page, "[data-fit=name]")
        assert len(texts) >= calls + 3
        assert [text for text in texts if "…" in text] == []
        small = screen.page.locator("[data-fit=name]").evaluate_all(SMALLER)
        assert small == []


SMALLER = """(texts) => texts.filter((text) => {
  const style = getComputedStyle(text);
  const number = (name) => parseFloat(style.getPropertyValue(name));
  const least = number("--least") || number("--full");
  return parseFloat(text.style.getPropertyValue("--size")) < least;
}).map((text) => text.textContent)"""


def test_what_the_import_warns_of_is_shortened_somewhere(screen: Screen) -> None:
    hall = Hall(at_the_end)
    assert not is_shown_whole(at_the_end(1), display_names.COUNTER)
    screen.show(hall, hall.board(*numbers(6)))
    screen.resize(*SIZES[0])

    assert all("…" in place for place in shown(screen.page, ".row-call__place"))
