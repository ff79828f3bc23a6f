"""From how far a display is read (legibility.md#text-from-far).

Sizes are in hundredths of a 16:9 screen's height, of its width where it hangs upright:
the style sheets' ``--u``.
"""

from collections.abc import Mapping

from app.models.states import DisplayLayout

CAPITAL_PER_METRE = 0.01222
"""Height of a capital over its distance: 0.7 degrees (EN 301 549, 5.1.4)."""
CAPITAL_OF_TYPE = 0.727
"""Height of a capital over the size of its type: Inter, which comes with the page."""
UNIT_OF_DIAGONAL = 25.4 * 0.4903 / 100 / 1000
"""Metres of one unit on a 16:9 screen of one inch."""

TWO_CALLS = 25.2
"""Size of a called number where two stand large."""
NUMBERS: Mapping[DisplayLayout, float] = {
    DisplayLayout.ZONE: 35,
    DisplayLayout.HALL: TWO_CALLS,
    DisplayLayout.COUNTER: 40,
    DisplayLayout.TEXT: 8,
}
"""The largest size of a called number; tests/browser/displays/layouts holds the style
sheets to them."""


def needed_size(inches: int, metres: int) -> float:
    """Return how large a called number must be, to be read from so far."""
    capital = CAPITAL_PER_METRE * metres
    return capital / CAPITAL_OF_TYPE / (UNIT_OF_DIAGONAL * inches)


def reading_distance(layout: DisplayLayout, inches: int) -> float:
    """Return from how many metres a layout's called number is read, at its largest."""
    return NUMBERS[layout] / needed_size(inches, 1)


def large_calls(inches: int | None, metres: int | None) -> int:
    """Return how many calls stand large at once: one where two would be too small."""
    if inches is None or metres is None:
        return 2
    return 2 if needed_size(inches, metres) <= TWO_CALLS else 1
