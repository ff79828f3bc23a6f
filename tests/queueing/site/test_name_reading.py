"""Two names that people cannot tell apart are one to the rules."""

import pytest

from app.queueing.site.name_reading import reading_of, reads_like_one_of


@pytest.mark.parametrize(
    "name",
    [
        "Loket  2",
        "Loket\N{NO-BREAK SPACE}2",
        "Loket\N{IDEOGRAPHIC SPACE}2",
        " Loket 2 ",
        "LOKET 2",
        "\N{FULLWIDTH LATIN CAPITAL LETTER L}oket \N{FULLWIDTH DIGIT TWO}",
        "L\N{CYRILLIC SMALL LETTER O}ket 2",
        "L\N{GREEK SMALL LETTER OMICRON}ket 2",
        "LO\N{CYRILLIC CAPITAL LETTER KA}ET 2",
    ],
)
def test_width_case_blanks_and_scripts_make_no_other_name(name: str) -> None:
    assert reading_of(name) == reading_of("Loket 2")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zona A - Lantai 1", "Zona A \N{EN DASH} Lantai 1"),
        ("Caf\N{LATIN SMALL LETTER E WITH ACUTE}", "Cafe\N{COMBINING ACUTE ACCENT}"),
        ("\N{LATIN SMALL LETTER E WITH DIAERESIS}", "\N{CYRILLIC SMALL LETTER IO}"),
    ],
)
def test_dashes_and_accents_read_alike_however_they_are_written(
    one: str, other: str
) -> None:
    assert reading_of(one) == reading_of(other)


@pytest.mark.parametrize(
    "name", ["Loket 3", "Loket 22", "Loket2", "Loket 2a", "Lokét 2", "\u7a93\u53e3 2"]
)
def test_another_name_is_another(name: str) -> None:
    assert reading_of(name) != reading_of("Loket 2")


def test_the_name_that_is_read_alike_is_found() -> None:
    assert reads_like_one_of("LOKET 2", ["Loket 1", "Loket  2"]) == "Loket  2"
    assert reads_like_one_of("Loket 3", ["Loket 1", "Loket  2"]) is None
