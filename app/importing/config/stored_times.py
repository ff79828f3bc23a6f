"""The times of a site, agency or service as the import file says them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, select
from sqlmodel import col

from app.importing.times import Weekday
from app.models import Holiday, OpeningHours, Quota, SpecialHours
from app.models.states import HoursKind

Fields = dict[str, Any]
FIELDS = {
    HoursKind.SERVING: "hours",
    HoursKind.ISSUING: "issuing_hours",
    HoursKind.BREAK: "breaks",
    HoursKind.QUIET: "quiet_times",
}
"""Under which field of the file hours of a kind stand."""
_RESTS = (HoursKind.BREAK, HoursKind.QUIET)


class Owner(NamedTuple):
    """Whose times: the site's (neither), an agency's or a service's."""

    agency_id: int | None = None
    service_id: int | None = None


class StoredTimes:
    """All times of a mall, read once."""

    def __init__(self, db: Connection) -> None:
        self._week = _read_week(db)
        self._special = _read_special(db)
        self._holidays = _read_holidays(db)
        self._quotas = _read_quotas(db)

    def fields(self, owner: Owner) -> Fields:
        """Return the fields of an owner's times; what there is none of, is left out."""
        fields: Fields = {}
        for kind, field in FIELDS.items():
            lines = self._week.get((owner, kind), {})
            if lines:
                fields[field] = week_lines(kind, lines)
        special = self._special.get(owner, {})
        if special:
            fields["special_hours"] = [
                {"day": day.isoformat(), **special[day]} for day in sorted(special)
            ]
        return fields

    def holidays(self, agency_id: int | None) -> list[Fields]:
        """Return the days on which the site, or an agency, rests."""
        return self._holidays[agency_id]

    def quotas(self, service_id: int) -> list[Fields]:
        """Return a service's quotas."""
        return self._quotas[service_id]


Week = dict[tuple[str, str, str | None], set[int]]
"""The weekdays (0 = Monday) of each stretch of clock times."""


def week_lines(kind: str, week: Week) -> list[Fields]:
    """Return stretches of a week, each with its days, in the order of the week."""
    stretches = sorted(week.items(), key=lambda line: (min(line[1]), line[0][:2]))
    names = list(Weekday)
    return [
        {"days": [names[day].value for day in sorted(days)], **stretch(kind, *times)}
        for times, days in stretches
    ]


def stretch(kind: str, begins: str, ends: str, last: str | None) -> Fields:
    """Return a stretch of a day as the file says it."""
    if kind in _RESTS:
        return {"begins": begins, "ends": ends}
    fields = {"opens": begins, "closes": ends}
    return fields if last is None else {**fields, "last_ticket": last}


def _read_week(db: Connection) -> dict[tuple[Owner, str], Week]:
    hours = OpeningHours
    statement = select(
        col(hours.agency_id),
        col(hours.service_id),
        col(hours.kind),
        col(hours.weekday),
        col(hours.opens),
        col(hours.closes),
        col(hours.last_ticket),
    )
    week: dict[tuple[Owner, str], Week] = defaultdict(lambda: defaultdict(set))
    for agency_id, service_id, kind, weekday, opens, closes, last in db.execute(
        statement
    ):
        week[Owner(agency_id, service_id), kind][opens, closes, last].add(weekday)
    return week


def _read_special(db: Connection) -> dict[Owner, dict[date, Fields]]:
    special: dict[Owner, dict[date, Fields]] = defaultdict(lambda: defaultdict(dict))
    table = SpecialHours
    rows = db.execute(
        select(
            col(table.agency_id),
            col(table.service_id),
            col(table.day),
            col(table.kind),
            col(table.periods),
        )
    ).all()
    order = list(FIELDS)
    for agency_id, service_id, day, kind, periods in sorted(
        rows, key=lambda row: order.index(HoursKind(row.kind))
    ):
        fields = special[Owner(agency_id, service_id)][day]
        fields[FIELDS[HoursKind(kind)]] = _stretches(kind, periods)
    return special


def _stretches(kind: str, periods: Iterable[list[Any]]) -> list[Fields]:
    return [stretch(kind, *period) for period in periods]


def _read_holidays(db: Connection) -> dict[int | None, list[Fields]]:
    holidays: dict[int | None, list[Fields]] = defaultdict(list)
    statement = select(col(Holiday.agency_id), col(Holiday.day), col(Holiday.name))
    for agency_id, day, name in db.execute(statement.order_by(col(Holiday.day))):
        holidays[agency_id].append({"day": day.isoformat(), "name": name})
    return holidays


def _read_quotas(db: Connection) -> dict[int, list[Fields]]:
    quotas: dict[int, list[Fields]] = defaultdict(list)
    statement = select(
        col(Quota.service_id), col(Quota.channel), col(Quota.opens), col(Quota.people)
    ).order_by(col(Quota.channel), col(Quota.opens))
    for service_id, channel, opens, people in db.execute(statement):
        part: Fields = {"channel": channel} if channel else {}
        if opens != "00:00":
            part["opens"] = opens
        quotas[service_id].append({**part, "people": people})
    return quotas
