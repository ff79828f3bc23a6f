"""How large a called number must be, and how far a display is read."""

import pytest

from app.models.states import DisplayLayout
from app.queueing.hall.reading_distance import (
    CAPITAL_OF_TYPE,
    large_calls,
    needed_size,
    reading_distance,
)

# px of 1080, by distance and inches: the table of legibility.md#text-from-far, which is
# for typefaces with lower capitals
LOWER = 0.71
TABLE = [
    (5, 43, 174), (5, 55, 136), (5, 65, 115),
    (8, 43, 278), (8, 55, 217), (8, 65, 184),
    (10, 43, 347), (10, 55, 271), (10, 65, 230),
]  # fmt: skip


@pytest.mark.parametrize(("metres", "inches", "px"), TABLE)
def test_sizes_are_those_of_the_table(metres: int, inches: int, px: int) -> None:
    size = needed_size(inches, metres) * CAPITAL_OF_TYPE / LOWER
    assert size * 10.8 == pytest.approx(px, rel=0.005)


def test_a_number_is_read_from_where_it_is_as_large_as_is_needed() -> None:
    for layout in DisplayLayout:
        reach = reading_distance(layout, 55)
        assert needed_size(55, 10) * reach / 10 == pytest.approx(
            needed_size(55, 1) * reach
        )
    assert 10 <= reading_distance(DisplayLayout.HALL, 55) < 10.5
    assert reading_distance(DisplayLayout.ZONE, 55) > 13


@pytest.mark.parametrize(
    ("inches", "metres", "calls"),
    [(None, 10, 2), (55, None, 2), (55, 10, 2), (43, 8, 2), (43, 10, 1), (32, 20, 1)],
)
def test_two_calls_stand_large_where_both_can_be_read(
    inches: int | None, metres: int | None, calls: int
) -> None:
    assert large_calls(inches, metres) == calls
