"""What time alone brings: the server looks every few seconds."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from app.models import EntryState
from app.queueing import rows
from app.queueing.change import Change
from app.queueing.counters import pause_for_breaks, resting
from app.queueing.rows import in_states
from app.queueing.setting_aside import come_due

_DUE = (
    select(rows.entry.c.id)
    .where(
        in_states(rows.entry.c.state, EntryState.WAITING),
        rows.entry.c.due_at.is_not(None),
        rows.entry.c.due_at <= bindparam("now"),
    )
    .limit(1)
)
_REMINDERS = select(
    rows.entry.c.ticket_id, rows.entry.c.parked_by_counter_id, rows.entry.c.service_id
).where(
    in_states(rows.entry.c.state, EntryState.PARKED),
    rows.entry.c.remind_at > bindparam("after"),
    rows.entry.c.remind_at <= bindparam("until"),
)
_CLOSURE_ENDS = select(rows.closure.c.id).where(
    rows.closure.c.lifted_at.is_(None),
    rows.closure.c.until > bindparam("after"),
    rows.closure.c.until <= bindparam("until"),
)


def is_due(db: Connection, change: Change, *, after: datetime) -> bool:
    """Tell whether ``keep_time`` has anything to do (reads only)."""
    if db.execute(_DUE, {"now": change.now}).first() is not None:
        return True
    span = {"after": after, "until": change.now}
    if db.execute(_REMINDERS, span).first() or db.execute(_CLOSURE_ENDS, span).first():
        return True
    return bool(resting(db, change))


def keep_time(db: Connection, change: Change, *, after: datetime) -> None:
    """Do what has come due since ``after``.

    Requeued entries move up, idle counters pause at their break, screens are
    told of reminders and of closures that ended by themselves.
    """
    come_due(db, change)
    pause_for_breaks(db, change)
    span = {"after": after, "until": change.now}
    for row in db.execute(_REMINDERS, span):
        change.touch(
            f"ticket:{row.ticket_id}",
            f"service:{row.service_id}",
            f"counter:{row.parked_by_counter_id}",
        )
    if db.execute(_CLOSURE_ENDS, span).first() is not None:
        change.touch("closures")
