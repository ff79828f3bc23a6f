"""Numbers: a running number per series and service day, from its locked row.

Never COUNT, MAX or a parsed label (lesson 3): the update locks the
row, restarts on a new service day, and the database keeps (series, service
day, number) unique.
"""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, case, update

from app.queueing import rows


class DrawnNumber(NamedTuple):
    """A number just drawn, and how it is written on paper and screens."""

    series_id: int
    drawn: int
    text: str


_next = case(
    (rows.series.c.day == bindparam("on_day"), rows.series.c.last_number + 1), else_=1
)
_DRAW = (
    update(rows.series)
    .where(rows.series.c.id == bindparam("of_id"))
    .values(
        # the spare roll's stretch is stepped over
        last_number=case(
            (
                # without a roll both ends are NULL: no number lies between, and ELSE
                # holds
                _next.between(rows.series.c.spare_from, rows.series.c.spare_to),
                rows.series.c.spare_to + 1,
            ),
            else_=_next,
        ),
        day=bindparam("on_day"),
    )
    .returning(rows.series.c.prefix, rows.series.c.last_number)
)


def draw_number(db: Connection, series_id: int, day: date) -> DrawnNumber:
    """Draw the next number of a series on a service day."""
    prefix, drawn = db.execute(_DRAW, {"of_id": series_id, "on_day": day}).one()
    return DrawnNumber(series_id, drawn, number_text(prefix, drawn))


def number_text(prefix: str, drawn: int) -> str:
    """Write a number: three digits or more (local-facts.md#number-format)."""
    return f"{prefix}-{drawn:03d}"
