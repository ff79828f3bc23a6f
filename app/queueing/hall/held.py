"""Announcements that were held: after quiet, or after a power cut.

Nobody keeps them: whoever is still called by then, and was not spoken since the last
call, is announced anew, in the order of the calls (hall.md#held).
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, select

from app.models import EntryState
from app.queueing import facts, rows
from app.queueing.change import Change
from app.queueing.counters import counter_row
from app.queueing.hall.announcements import NEWEST_OF_ENTRY, announce, is_quiet
from app.queueing.rows import ENTRY_COLUMNS, EntryRow, active_and

_CALLED = select(*ENTRY_COLUMNS).where(
    active_and(rows.entry.c.state, EntryState.CALLED)
)


def is_any_held(
    db: Connection, change: Change, *, lost_since: datetime | None = None
) -> bool:
    """Tell whether ``announce_held`` would announce anybody (reads only)."""
    return any(True for _ in _held(db, change, lost_since, None))


def announce_held(
    db: Connection,
    change: Change,
    *,
    lost_since: datetime | None = None,
    space_id: int | None = None,
) -> None:
    """Announce whoever is called, was not spoken, and where it is quiet no more.

    ``lost_since``: what expired unspoken after that moment is held too; without it,
    only what was never announced. ``space_id`` names one sound space alone.
    """
    for entry in [*_held(db, change, lost_since, space_id)]:
        counter = counter_row(db, entry.counter_id or 0)
        announce(db, change, entry, counter=counter)
        change.touch(facts.zone(counter.zone_id), facts.counter(counter.id))


def _held(
    db: Connection,
    change: Change,
    lost_since: datetime | None,
    space_id: int | None,
) -> Iterator[EntryRow]:
    called = [EntryRow(*row) for row in db.execute(_CALLED)]
    for entry in sorted(called, key=_order_of_calls):
        counter = counter_row(db, entry.counter_id or 0)
        if counter.is_practice or space_id not in (None, counter.sound_space_id):
            continue
        if is_quiet(change, entry, counter.sound_space_id):
            continue
        newest = db.execute(
            NEWEST_OF_ENTRY, {"entry_id": entry.id, "since": entry.last_called_at}
        ).first()
        if newest is None or (
            lost_since is not None
            and not newest.is_spoken
            and lost_since < newest.expires_at <= change.now
        ):
            yield entry


def _order_of_calls(entry: EntryRow) -> tuple[datetime, int]:
    return entry.last_called_at or entry.arrived_at, entry.id
