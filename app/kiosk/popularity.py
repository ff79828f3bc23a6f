"""The most popular agencies come first, by the numbers of the last days."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Connection, bindparam, func, select
from starlette.requests import Request

from app.queueing import rows
from app.queueing.service_day import ledger_row
from app.queueing.views.agencies import AgencyView

DAYS = 14

_AGENCIES = (
    select(rows.service.c.series_id, rows.service.c.agency_id)
    .where(rows.service.c.is_retired.is_(False))
    .distinct()
)
# series and day lead the index of numbers, so that years of history are not read
_NUMBERS = (
    select(rows.ticket.c.series_id, func.count())
    .where(
        rows.ticket.c.series_id.in_(bindparam("series", expanding=True)),
        rows.ticket.c.service_day.in_(bindparam("days", expanding=True)),
    )
    .group_by(rows.ticket.c.series_id)
)


class Popularity:
    """How many numbers each agency gave lately, read once a service day.

    Today's numbers count from tomorrow: no tile moves under a finger.
    """

    def __init__(self) -> None:
        self._last: tuple[date, Counter[int]] | None = None

    def sort_agencies(
        self, db: Connection, agencies: Sequence[AgencyView]
    ) -> list[AgencyView]:
        """Return agencies, the most popular first, else in the mall's order."""
        today = ledger_row(db).service_day
        if self._last is None or self._last[0] != today:
            self._last = today, numbers_by_agency(db, today)
        _, numbers = self._last
        return sorted(agencies, key=lambda agency: -numbers[agency.id])


def numbers_by_agency(db: Connection, today: date) -> Counter[int]:
    """Return how many numbers each agency gave in the days before today."""
    agency_of = {row.series_id: row.agency_id for row in db.execute(_AGENCIES)}
    days = [today - timedelta(days=back) for back in range(1, DAYS + 1)]
    result = db.execute(_NUMBERS, {"series": list(agency_of), "days": days})
    numbers: Counter[int] = Counter()
    for series_id, count in result:
        numbers[agency_of[series_id]] += count
    return numbers


def popularity_of(request: Request) -> Popularity:
    """Return what this running server has read of it."""
    state = request.app.state
    if not hasattr(state, "kiosk_popularity"):
        state.kiosk_popularity = Popularity()
    popularity: Popularity = state.kiosk_popularity
    return popularity
