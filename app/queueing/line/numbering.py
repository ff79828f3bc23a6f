"""Numbers: a running number per series and service day, from its locked row.

Never COUNT, MAX or a parsed label (lesson 3): the row says the last number and its
day, the one writer holds the lock, and the database keeps (series, service day,
number) unique.
"""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from app.db.prepared import known_rows, write_row
from app.queueing import rows


class DrawnNumber(NamedTuple):
    """A number just drawn, and how it is written on paper and screens."""

    series_id: int
    drawn: int
    text: str


_SERIES = select(
    rows.series.c.prefix,
    rows.series.c.day,
    rows.series.c.last_number,
    rows.series.c.spare_from,
    rows.series.c.spare_to,
).where(rows.series.c.id == bindparam("series_id"))
_SET_LAST_NUMBER = (
    update(rows.series)
    .where(rows.series.c.id == bindparam("of_id"))
    .values(last_number=bindparam("drawn"), day=bindparam("on_day"))
)


class _Series(NamedTuple):
    """A series' row, as far as a number hangs on it."""

    prefix: str
    day: date | None
    last_number: int
    spare_from: int | None
    spare_to: int | None

    def next_number(self, day: date) -> int:
        """Return the number that comes next on a service day."""
        number = self.last_number + 1 if self.day == day else 1
        if self.spare_from is None or self.spare_to is None:
            return number
        # the spare roll's stretch is stepped over
        is_spare = self.spare_from <= number <= self.spare_to
        return self.spare_to + 1 if is_spare else number


def draw_number(db: Connection, series_id: int, day: date) -> DrawnNumber:
    """Draw the next number of a series on a service day."""
    known = known_rows(db, "series")
    series = known.get(series_id)
    if series is None:
        series = _Series(*db.execute(_SERIES, {"series_id": series_id}).one())
    drawn = series.next_number(day)
    # asked for anew: what was known may have been forgotten by the reading
    known_rows(db, "series")[series_id] = _Series(
        series.prefix, day, drawn, series.spare_from, series.spare_to
    )
    write_row(db, _SET_LAST_NUMBER, {"of_id": series_id, "drawn": drawn, "on_day": day})
    return DrawnNumber(series_id, drawn, number_text(series.prefix, drawn))


def number_text(prefix: str, drawn: int) -> str:
    """Write a number: three digits or more (local-facts.md#number-format)."""
    return f"{prefix}-{drawn:03d}"
