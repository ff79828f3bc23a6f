"""The service day: the site's local date, stored, never going back.

When it turns, whoever is left over expires (never counted as served), counters
are closed, what is retired from this day on goes, and numbers restart with the first
draw (numbering.py).
"""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, select, update

from app.models import CounterState, EntryState
from app.models.states import NOT_ENDED
from app.queueing import facts, rows
from app.queueing.change import SYSTEM, Change
from app.queueing.counters import CLOSED, counter_row
from app.queueing.line.kept_lines import forget_counters
from app.queueing.rows import ENTRY_COLUMNS, EntryRow, in_states
from app.queueing.site.retirement import retire_due
from app.queueing.states import COMMANDS
from app.queueing.transition import Cause, transition


class LedgerRow(NamedTuple):
    """How far the ledger has come."""

    revision: int
    service_day: date
    last_moment: datetime


EXPIRY_REASONS = {
    EntryState.RESERVED: "never_checked_in",
    EntryState.WAITING: "not_reached",
    EntryState.CALLED: "left_over",
    EntryState.PARKED: "left_over",
    EntryState.SERVING: "left_serving",
}
_LEDGER = select(
    rows.ledger_state.c.revision,
    rows.ledger_state.c.service_day,
    rows.ledger_state.c.last_moment,
)
_LEFT_OVER = (
    select(*ENTRY_COLUMNS)
    # the predicate of the index, and what of it expires
    .where(in_states(rows.entry.c.state, *NOT_ENDED))
    .where(in_states(rows.entry.c.state, *sorted(COMMANDS["expire"].from_states)))
    .order_by(rows.entry.c.id)
)


def begin_day(db: Connection, change: Change, *, day: date) -> None:
    """End the stored service day and begin ``day``."""
    # read whole first: the loop changes the states that the query selects by
    for row in db.execute(_LEFT_OVER).all():
        entry = EntryRow(*row)
        transition(
            db,
            change,
            entry,
            "expire",
            Cause(
                SYSTEM,
                counter_row(db, entry.counter_id) if entry.counter_id else None,
                EXPIRY_REASONS[EntryState(entry.state)],
            ),
            ended_at=change.now,
        )
    db.execute(
        update(rows.counter)
        .where(rows.counter.c.state != CounterState.CLOSED)
        .values(CLOSED)
    )
    forget_counters(db)
    db.execute(update(rows.ledger_state).values(service_day=day))
    change.touch(facts.SITE, facts.COUNTERS)
    # nobody waits and no counter is open now: the one moment at which nothing is lost
    change.touch(*retire_due(db, day))


def ledger_row(db: Connection) -> LedgerRow:
    """Return how far the ledger has come."""
    return LedgerRow._make(db.execute(_LEDGER).one())
