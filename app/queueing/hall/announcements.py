"""Announcements: one for each call and recall, with an id of its own."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, insert, select, update

from app.db.prepared import known_rows, rows_on_disk, write_row
from app.models.states import HoursKind
from app.queueing import rows
from app.queueing.change import Change
from app.queueing.counters import CounterRow
from app.queueing.hall.forms import form_under_load, in_form
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


_announcement, _space = rows.announcement.c, rows.sound_space.c
# what expired was withdrawn, or is too old; where no device has reported a voice for a
# while there is none, and nothing waits for it
_WAITING = select(
    select(func.count())
    .where(
        _announcement.sound_space_id == _space.id,
        _announcement.id > func.coalesce(_space.last_announcement_id, 0),
        _announcement.expires_at > bindparam("now"),
    )
    .correlate(rows.sound_space)
    .scalar_subquery()
).where(_space.id == bindparam("space_id"), _space.voice_at > bindparam("since"))
NEWEST_OF_ENTRY = (
    select(
        _announcement.said_at,
        _announcement.expires_at,
        select(rows.voice_receipt.c.announcement_id)
        .where(rows.voice_receipt.c.announcement_id == _announcement.id)
        .exists()
        .label("is_spoken"),
    )
    .where(
        _announcement.entry_id == bindparam("entry_id"),
        _announcement.said_at >= bindparam("since"),
    )
    .order_by(_announcement.id.desc())
    .limit(1)
)
"""An entry's newest announcement ``since`` its last call, and whether it is spoken."""
_VOICE_LIVES = timedelta(minutes=1)


def announce(
    db: Connection,
    change: Change,
    entry: EntryRow,
    *,
    counter: CounterRow,
) -> None:
    """Write the announcement of a call that has just been made or repeated.

    For practice nothing is said, and in a quiet time not yet (``held``).
    """
    if counter.is_practice or is_quiet(change, entry, counter.sound_space_id):
        return
    number = change.numbers.get(entry.ticket_id)
    if number is None:
        number = db.execute(_NUMBER, {"of_id": entry.ticket_id}).scalar_one()
    mode = change.rules.policy.voice_mode
    text = call_text(number, counter.name, entry.call_count, mode=mode)
    waiting = _waiting(db, change, counter.sound_space_id)
    write_row(
        db,
        _INSERT,
        {
            "sound_space_id": counter.sound_space_id,
            "zone_id": counter.zone_id,
            "entry_id": entry.id,
            "call_id": entry.call_id,
            "counter_id": counter.id,
            "text": in_form(text, form_under_load(waiting)),
            "said_at": change.now,
            # a display that was away announces later only what is still called
            "expires_at": _valid_until(change, entry),
        },
    )


def _waiting(db: Connection, change: Change, space_id: int) -> int:
    """Return how many wait to be spoken in a space; 0 where nobody speaks.

    Counted once a batch, which adds its own: one more will wait from now on.
    """
    known: dict[int, int | None] = known_rows(
        db, "announcement", "sound_space", of_batch=True
    )
    if space_id not in known:
        now = change.now
        params = {"space_id": space_id, "now": now, "since": now - _VOICE_LIVES}
        with rows_on_disk(db):
            known[space_id] = db.execute(_WAITING, params).scalar()
    waiting = known[space_id]
    if waiting is None:
        return 0
    known[space_id] = waiting + 1
    return waiting


def audio_url(announcement_id: int) -> str:
    """Return where a display finds what is spoken; the same for all of a space."""
    return f"/api/v1/announcements/{announcement_id}/audio"


def expire_announcements(db: Connection, change: Change, entry: EntryRow) -> None:
    """Let the announcements of a call that is taken back expire at once.

    A display that comes back to its line would chime for them otherwise.
    """
    db.execute(_EXPIRE, {"of_id": entry.id, "now": change.now})


def is_quiet(change: Change, entry: EntryRow, space_id: int) -> bool:
    """Tell whether nothing is spoken of an entry's calls now.

    By the hours of the site, its agency or its service; or because somebody wants it
    so in that sound space.
    """
    until = change.rules.quiet_until.get(space_id)
    if until is not None and change.now < until:
        return True
    hours = change.rules.hours
    return not hours.is_always_open and any(
        hours.period_at(scope, HoursKind.QUIET, change.now)
        for scope in scopes_of(entry.agency_id, entry.service_id)
    )


def _valid_until(change: Change, entry: EntryRow) -> datetime:
    """Return when an announcement expires: quiet that begins meanwhile does not count.

    What is held then is spoken afterwards, by whoever holds it.
    """
    until = change.now + timedelta(seconds=change.rules.policy.announcement_seconds)
    hours = change.rules.hours
    if hours.is_always_open:
        return until
    day = hours.day_of(change.now)
    for scope in scopes_of(entry.agency_id, entry.service_id):
        for span in hours.spans(scope, HoursKind.QUIET, day):
            if change.now < span.start < until:
                until += span.end - span.start
    return until
