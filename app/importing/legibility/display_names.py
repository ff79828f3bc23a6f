"""Which names of a mall a display cannot show whole (displays.md#long-names)."""

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from app.importing.problems import MallWarning
from app.importing.schema import Mall


class Room(NamedTuple):
    """What a text has at the least size of the narrowest layout.

    ``width`` in em, the font's size; ``lines`` at most.
    """

    width: float
    lines: int


COUNTER = (Room(8.8, 2),)
ZONE = (Room(9.7, 1),)
SHORT_NAME = (Room(9.7, 2), Room(13.5, 1))
AGENCY = (Room(24.5, 3),)
SITE = (Room(23, 2),)
"""The rooms of each kind of name; tests/browser/displays/test_names.py holds the style
sheets to them."""

_WIDTHS = {
    0.25: " ",
    0.34: "ijlI.,:;'!|",
    0.48: "ftr()[]/-1",
    0.64: "abcdeghknopqsuvxyz",
    0.68: "023456789&",
    0.78: "ABCDEFGHJKLNOPQRSTUVXYZ\N{EN DASH}",
}
_WIDTH_OF = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_WIDE = 1.05
_OTHER_SCRIPT = 1.4


def names_cut_on_displays(mall: Mall) -> Iterator[MallWarning]:
    """Return a warning for each name that the displays shorten."""
    for where, name, rooms in _names_on_displays(mall):
        if not is_shown_whole(name, rooms):
            yield MallWarning(where, "too long for a display, which shortens it.")


def is_shown_whole(name: str, rooms: tuple[Room, ...]) -> bool:
    """Tell whether every layout has room for a name, wrapped between its words."""
    return all(_lines(name, room.width) <= room.lines for room in rooms)


def _names_on_displays(mall: Mall) -> Iterator[tuple[str, str, tuple[Room, ...]]]:
    yield "site.name", mall.site.name, SITE
    for agency in mall.agencies:
        path = f"agencies.{agency.code}"
        yield f"{path}.name", agency.name, AGENCY
        yield f"{path}.short_name", agency.short_name, SHORT_NAME
    practice = {zone.code for zone in mall.zones if zone.practice}
    for zone in mall.zones:
        if zone.code not in practice:
            yield f"zones.{zone.code}.name", zone.name, ZONE
    for counter in mall.counters:
        if counter.zone not in practice:
            yield f"counters.{counter.code}.name", counter.name, COUNTER


def _lines(text: str, width: float) -> float:
    """Return how many lines of a width a text takes, or more than any room has."""
    lines, used = 1, 0.0
    for word in text.split():
        needed = sum(map(_width, word))
        if needed > width:
            return float("inf")
        if used and used + _WIDTH_OF[" "] + needed > width:
            lines, used = lines + 1, 0.0
        used += needed + (_WIDTH_OF[" "] if used else 0)
    return lines


def _width(character: str) -> float:
    """Return the most em that the displays' font needs for a character.

    A few classes, each as wide as its widest in Inter at the boldest weight used:
    nobody's name depends on the metrics of one version of a font. Where that has no
    such character another font stands in, whose widths nobody knows.
    """
    letter = unicodedata.normalize("NFD", character)[0]
    return _WIDTH_OF.get(letter, _WIDE if letter.isascii() else _OTHER_SCRIPT)
