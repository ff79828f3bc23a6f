"""Daily quotas: so many people for a service, in parts, per channel.

Taken at issue, a person at a time, also by walk-ups and numbers of the spare
roll, which are never refused; given back when somebody cancels who was
never called; never given back for a no-show (waiting-room seats are not the
point: an officer's time was kept free).
"""

from collections import defaultdict
from datetime import date, datetime, time
from itertools import chain
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, case, insert, select, update

from app.models.states import DeviceKind
from app.queueing import rows

ALL = ""
SPARE = "spare"


class QuotaPart(NamedTuple):
    """People released at a clock time (``HH:MM``) of the service day."""

    opens: str
    people: int

    def on(self, day: date, zone: ZoneInfo) -> datetime:
        """Return when it is released on a date."""
        return datetime.combine(day, time.fromisoformat(self.opens), zone)


QuotaParts = dict[tuple[int, str], list[QuotaPart]]
"""The parts of each quota, by service id and channel."""


class Quotas(NamedTuple):
    """The quotas on one service day, and what is taken of them."""

    parts: QuotaParts
    used: dict[tuple[int, str], int]
    day: date
    zone: ZoneInfo

    def channels(self, service_id: int, channel: str) -> list[str]:
        """Return which quotas an issue by this channel would take of.

        The spare roll stands in for the kiosks.
        """
        kinds = {ALL, DeviceKind.KIOSK if channel == SPARE else channel}
        return [kind for kind in sorted(kinds) if (service_id, kind) in self.parts]

    def has_room(
        self, service_id: int, channel: str, at: datetime, people: int
    ) -> bool:
        """Tell whether so many people may still have a number."""
        return all(
            self.remaining(service_id, kind, at) >= people
            for kind in self.channels(service_id, channel)
        )

    def remaining(self, service_id: int, kind: str, at: datetime) -> int:
        """Return how many people are left; what one part leaves, the next has too."""
        parts = self.parts[service_id, kind]
        open_parts = (part for part in parts if part.on(self.day, self.zone) <= at)
        released = sum(part.people for part in open_parts)
        return released - self.used.get((service_id, kind), 0)

    def on(self, day: date) -> "Quotas":
        """Return the quotas as a later day begins: nothing of them is taken."""
        return Quotas(self.parts, {}, day, self.zone)

    def parts_of(self, service_id: int | None) -> list[QuotaPart]:
        """Return the parts of a service's quotas, of every channel."""
        quotas = (parts for (id_, _), parts in self.parts.items() if id_ == service_id)
        return list(chain.from_iterable(quotas))


_PARTS = select(
    rows.quota.c.service_id,
    rows.quota.c.channel,
    rows.quota.c.opens,
    rows.quota.c.people,
)
_USED = select(
    rows.quota_use.c.service_id, rows.quota_use.c.channel, rows.quota_use.c.used
).where(rows.quota_use.c.service_day == bindparam("day"))
_ROW = (
    (rows.quota_use.c.service_id == bindparam("of_service"))
    & (rows.quota_use.c.channel == bindparam("of_channel"))
    & (rows.quota_use.c.service_day == bindparam("of_day"))
)
_after = rows.quota_use.c.used + bindparam("people")
_TAKE = (
    update(rows.quota_use)
    .where(_ROW)
    # a quota that was set after the issue has less to give back
    .values(used=case((_after < 0, 0), else_=_after))
)
_INSERT = insert(rows.quota_use)


def read_parts(db: Connection) -> QuotaParts:
    """Read every quota of the site."""
    parts: QuotaParts = defaultdict(list)
    for row in db.execute(_PARTS):
        parts[row.service_id, row.channel].append(QuotaPart(row.opens, row.people))
    return dict(parts)


def quotas_of(db: Connection, parts: QuotaParts, day: date, zone: ZoneInfo) -> Quotas:
    """Return the quotas on a service day with what is taken of them."""
    if not parts:
        return Quotas({}, {}, day, zone)
    used = {
        (row.service_id, row.channel): row.used
        for row in db.execute(_USED, {"day": day})
    }
    return Quotas(parts, used, day, zone)


def take_quota(
    db: Connection, quotas: Quotas, *, service_id: int, channel: str, people: int
) -> None:
    """Take so many people of a service's quotas; a negative number gives back."""
    for kind in quotas.channels(service_id, channel):
        row = {"of_service": service_id, "of_channel": kind, "of_day": quotas.day}
        # nobody inserts between the two: there is one writer (decision 0014)
        if db.execute(_TAKE, {**row, "people": people}).rowcount == 0 and people > 0:
            db.execute(
                _INSERT,
                {
                    "service_id": service_id,
                    "channel": kind,
                    "service_day": quotas.day,
                    "used": people,
                },
            )
