"""Which displays are too small for where they are read (displays.md#from-how-far)."""

from collections.abc import Iterator
from math import floor

from app.importing.problems import MallWarning
from app.importing.schema import Mall
from app.models.states import DisplayLayout
from app.queueing.hall.reading_distance import reading_distance


def displays_too_small(mall: Mall) -> Iterator[MallWarning]:
    """Return a warning for each display whose numbers are too small."""
    for display in mall.displays:
        inches, metres = display.screen_inches, display.viewing_metres
        if inches is None or metres is None:
            continue
        reach = reading_distance(display.layout or DisplayLayout.ZONE, inches)
        if reach < metres:
            yield MallWarning(
                f"displays.{display.code}.viewing_metres",
                f"a called number on {inches} inches is read from"
                f" {floor(reach * 10) / 10:g} m, not from {metres} m.",
            )
