"""Announcements: one for each call and recall, with an id of its own."""

from datetime import timedelta

from sqlalchemy import Connection, bindparam, insert, select, update

from app.db.prepared import write_row
from app.models.states import HoursKind
from app.queueing import rows
from app.queueing.change import Change
from app.queueing.counters import CounterRow
from app.queueing.rows import EntryRow
from app.queueing.site.hours import scopes_of
from app.queueing.speech import call_text

_INSERT = insert(rows.announcement)
_NUMBER = select(rows.ticket.c.number).where(rows.ticket.c.id == bindparam("of_id"))
_EXPIRE = (
    update(rows.announcement)
    .where(
        rows.announcement.c.entry_id == bindparam("of_id"),
        rows.announcement.c.expires_at > bindparam("now"),
    )
    .values(expires_at=bindparam("now"))
)


def announce(
    db: Connection,
    change: Change,
    entry: EntryRow,
    *,
    counter: CounterRow,
) -> None:
    """Write the announcement of a call that has just been made or repeated.

    In a quiet time, and for practice, nothing is said.
    """
    if counter.is_practice or _is_quiet(change, entry):
        return
    number = change.numbers.get(entry.ticket_id)
    if number is None:
        number = db.execute(_NUMBER, {"of_id": entry.ticket_id}).scalar_one()
    write_row(
        db,
        _INSERT,
        {
            "sound_space_id": counter.sound_space_id,
            "zone_id": counter.zone_id,
            "entry_id": entry.id,
            "call_id": entry.call_id,
            "counter_id": counter.id,
            "text": call_text(
                number,
                counter.name,
                entry.call_count,
                mode=change.rules.policy.voice_mode,
            ),
            "said_at": change.now,
            # a display that was away announces later only what is still called
            "expires_at": change.now
            + timedelta(seconds=change.rules.policy.announcement_seconds),
        },
    )


def expire_announcements(db: Connection, change: Change, entry: EntryRow) -> None:
    """Let the announcements of a call that is taken back expire at once.

    A display that comes back to its line would chime for them otherwise.
    """
    db.execute(_EXPIRE, {"of_id": entry.id, "now": change.now})


def _is_quiet(change: Change, entry: EntryRow) -> bool:
    hours = change.rules.hours
    return not hours.is_always_open and any(
        hours.period_at(scope, HoursKind.QUIET, change.now)
        for scope in scopes_of(entry.agency_id, entry.service_id)
    )
