"""What has been called and issued since it was last looked: the voice's work.

It is read beside the commands, not written by them: a ticket costs no statement more.
"""

from sqlalchemy import Connection, bindparam, func, select

from app.queueing import rows
from app.queueing.speech import Mode, call_phrases

MAX_AHEAD = 1_000
"""Numbers, and calls, that are rendered in one go."""

_CALLS = (
    select(rows.announcement.c.id, rows.announcement.c.text)
    .where(rows.announcement.c.id > bindparam("since"))
    .order_by(rows.announcement.c.id)
    .limit(MAX_AHEAD)
)
_TICKETS = (
    select(rows.ticket.c.id, rows.ticket.c.number)
    .where(rows.ticket.c.id > bindparam("since"))
    .order_by(rows.ticket.c.id.desc())
    .limit(MAX_AHEAD)
)
_PLACES = (
    select(rows.counter.c.name)
    .join(rows.zone, rows.zone.c.id == rows.counter.c.zone_id)
    .where(rows.counter.c.is_retired.is_(False), rows.zone.c.is_practice.is_(False))
    .order_by(rows.counter.c.id)
)
_NEWEST_CALL = select(func.max(rows.announcement.c.id))
_NEWEST_TICKET = select(func.max(rows.ticket.c.id))


def place_captions(db: Connection) -> list[str]:
    """Return the sentences that lead to the mall's counters, and those of recalls."""
    places = db.execute(_PLACES).scalars().all()
    found = [call_phrases("A-001", place, 1)[-1] for place in places]
    return [*found, *(call_phrases("A-001", "", count)[0] for count in (2, 3))]


class UpcomingReader:
    """Remembers up to where it has read; used by one task at a time."""

    def __init__(self) -> None:
        self._last_call = 0
        self._last_ticket = 0

    def begin(self, db: Connection) -> None:
        """Begin after what is there: it is rendered when it is asked for."""
        self._last_call = db.execute(_NEWEST_CALL).scalar() or 0
        self._last_ticket = db.execute(_NEWEST_TICKET).scalar() or 0

    def calls(self, db: Connection) -> list[str]:
        """Return the captions of the announcements made since the last time."""
        found = db.execute(_CALLS, {"since": self._last_call}).all()
        if found:
            self._last_call = found[-1].id
        return [row.text for row in found]

    def numbers(self, db: Connection, mode: Mode) -> list[str]:
        """Return the captions of the numbers issued since the last time.

        Of more than a thousand the newest: an outage has lasted, and the others are
        made when they are called.
        """
        found = db.execute(_TICKETS, {"since": self._last_ticket}).all()
        if found:
            self._last_ticket = found[0].id
        numbers = reversed([row.number for row in found])
        return [call_phrases(number, "", 1, mode=mode)[0] for number in numbers]
