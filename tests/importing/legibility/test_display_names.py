"""The import warns of names that a display cannot show whole."""

import pytest

from app.importing import read_mall, read_mall_file
from app.importing.legibility.display_names import (
    COUNTER,
    SHORT_NAME,
    ZONE,
    Room,
    is_shown_whole,
    names_cut_on_displays,
)
from app.web.folders import ROOT
from tests.support.mall import SMALL_MALL

DEMO_MALL = ROOT / "app/demo/mall.yaml"
LONG = "dan Pelayanan Terpadu Satu Pintu Administrasi Kependudukan Lantai Dasar Barat"
LONG += " Sayap Timur Kota"


@pytest.mark.parametrize("name", ["Loket 1", "Loket 12 Dukcapil", "Loket Informasi 2"])
def test_a_usual_counter_s_name_is_shown_whole(name: str) -> None:
    assert is_shown_whole(name, COUNTER)


def test_the_demo_mall_s_names_are_shown_whole() -> None:
    assert is_shown_whole("Zona D \N{EN DASH} Lantai 2", ZONE)
    assert is_shown_whole("BPJS Ketenagakerjaan", SHORT_NAME)


def test_a_name_wraps_between_its_words_only() -> None:
    assert is_shown_whole("mmm mmm", (Room(4, 2),))
    assert not is_shown_whole("mmm mmm", (Room(4, 1),))
    assert not is_shown_whole("mmmmmm", (Room(4, 2),))


def test_wide_letters_and_other_scripts_need_more_room() -> None:
    assert is_shown_whole("iiiiiiiiii", (Room(5, 1),))
    assert not is_shown_whole("WWWWWWWWWW", (Room(5, 1),))
    assert not is_shown_whole("日本日本", (Room(5, 1),))
    assert is_shown_whole("éééé", (Room(3, 1),))


def test_a_mall_with_usual_names_is_warned_of_nothing() -> None:
    assert list(names_cut_on_displays(read_mall(SMALL_MALL))) == []
    assert list(names_cut_on_displays(read_mall_file(DEMO_MALL))) == []


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("Loket 1", "counters.L1.name"),
        ("Zona A", "zones.A.name"),
        ("Mal Kecil", "site.name"),
        ("Dinas Kependudukan", "agencies.DKC.name"),
    ],
)
def test_a_name_that_is_too_long_is_named_with_where_it_stands(
    name: str, where: str
) -> None:
    text = SMALL_MALL.replace(f"name: {name}", f"name: {name} {LONG.upper()}", 1)

    warnings = [str(each) for each in names_cut_on_displays(read_mall(text))]

    assert warnings == [f"{where}: too long for a display, which shortens it."]


def test_a_short_name_of_thirty_wide_letters_is_warned_of() -> None:
    text = SMALL_MALL.replace("short_name: Dukcapil", f"short_name: {'W' * 30}")

    (warning,) = names_cut_on_displays(read_mall(text))

    assert warning.path == "agencies.DKC.short_name"


def test_what_no_display_shows_is_not_warned_of() -> None:
    practice = (
        f"zones:\n  - {{code: X, name: {LONG}, sound_space: L1, practice: true}}\n"
    )
    text = SMALL_MALL.replace("zones:\n", practice, 1)

    assert list(names_cut_on_displays(read_mall(text))) == []
