"""The import warns of displays that cannot be read from where they are to be."""

import pytest

from app.importing.legibility.display_sizes import displays_too_small
from app.importing.reader import read_mall
from tests.importing.conftest import edited

DISPLAY = "Layar Aula, zones"


@pytest.mark.parametrize(
    ("fields", "reach"),
    [
        ("screen_inches: 32, viewing_metres: 10", 8.2),
        ("layout: hall, screen_inches: 43, viewing_metres: 10", 8),
        ("layout: text, screen_inches: 55, viewing_metres: 6", 3.2),
    ],
)
def test_a_display_that_is_too_small_is_named_with_its_reach(
    fields: str, reach: float
) -> None:
    text = edited((DISPLAY, f"Layar Aula, {fields}, zones"))

    (warning,) = displays_too_small(read_mall(text))

    assert warning.path == "displays.AULA.viewing_metres"
    assert f"is read from {reach:g} m, not from" in warning.reason


@pytest.mark.parametrize(
    "fields",
    ["layout: hall", "screen_inches: 20", "screen_inches: 43, viewing_metres: 10"],
)
def test_nothing_is_said_of_one_that_is_large_enough_or_not_measured(
    fields: str,
) -> None:
    text = edited((DISPLAY, f"Layar Aula, {fields}, zones"))

    assert [*displays_too_small(read_mall(text))] == []
