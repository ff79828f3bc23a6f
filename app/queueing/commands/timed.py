"""What time alone brings: the server looks every few seconds."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from app.models import EntryState
from app.queueing import facts, rows
from app.queueing.change import Change
from app.queueing.commands.counter_states import (
    close_left_counters,
    counters_in_break,
    left_counters,
    pause_for_breaks,
)
from app.queueing.commands.parking import come_due, is_any_due
from app.queueing.rows import in_states

_REMINDERS = select(
    rows.entry.c.ticket_id, rows.entry.c.parked_by_counter_id, rows.entry.c.service_id
).where(
    in_states(rows.entry.c.state, EntryState.PARKED),
    # a stretch without its start: each reminder is told once
    rows.entry.c.remind_at > bindparam("after"),
    rows.entry.c.remind_at <= bindparam("until"),
)
_CLOSURE_ENDS = select(rows.closure.c.id).where(
    rows.closure.c.lifted_at.is_(None),
    rows.closure.c.until > bindparam("after"),
    rows.closure.c.until <= bindparam("until"),
)


def is_due(db: Connection, change: Change, *, after: datetime) -> bool:
    """Tell whether ``run_timed`` has anything to do (reads only)."""
    if is_any_due(db, change.now):
        return True
    span = {"after": after, "until": change.now}
    if db.execute(_REMINDERS, span).first() or db.execute(_CLOSURE_ENDS, span).first():
        return True
    return bool(counters_in_break(db, change) or left_counters(db))


def run_timed(db: Connection, change: Change, *, after: datetime) -> None:
    """Do what has come due since ``after``.

    Requeued entries move up, idle counters pause at their break, those close whose
    holder works there no more; screens are told of reminders and of closures that
    ended by themselves.
    """
    come_due(db, change)
    pause_for_breaks(db, change)
    close_left_counters(db, change)
    span = {"after": after, "until": change.now}
    for row in db.execute(_REMINDERS, span):
        change.touch(
            facts.ticket(row.ticket_id),
            facts.service(row.service_id),
            facts.counter(row.parked_by_counter_id),
        )
    if db.execute(_CLOSURE_ENDS, span).first() is not None:
        change.touch(facts.CLOSURES)
