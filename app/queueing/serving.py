"""Serving: start, serve, serve next, and no-show."""

from typing import NamedTuple

from sqlalchemy import Connection

from app.errors import TooEarly, WrongState
from app.models import EntryState
from app.queueing.calling import active_at, call_first, not_before
from app.queueing.change import Actor, Change
from app.queueing.counters import held_counter, open_counter
from app.queueing.site import site_row
from app.queueing.transition import transition

RESULTS = ("done", "papers_missing", "must_return", "system_down", "visitor_left")
LEFT = "left"


class ServedNext(NamedTuple):
    """Whom "serve next" served, and whom it called: ticket ids."""

    served: int
    called: int | None


def start(db: Connection, change: Change, *, counter_id: int, who: Actor) -> int:
    """Note that the called visitor has arrived at the counter."""
    counter = held_counter(db, counter_id, who)
    entry = active_at(db, counter)
    transition(
        db, change, entry, "start", who=who, counter=counter, started_at=change.now
    )
    return entry.ticket_id


def serve(
    db: Connection, change: Change, *, counter_id: int, who: Actor, result: str = "done"
) -> int:
    """Note that the work is done, with a result.

    From ``called`` it leaves ``started_at`` empty: counted as served, not in
    walking or serving times.
    """
    counter = held_counter(db, counter_id, who)
    entry = active_at(db, counter)
    transition(
        db,
        change,
        entry,
        "serve",
        who=who,
        counter=counter,
        reason=result,
        result=result,
        ended_at=change.now,
    )
    return entry.ticket_id


def serve_next(
    db: Connection, change: Change, *, counter_id: int, who: Actor, result: str = "done"
) -> ServedNext:
    """Serve, then call next, as one; only from ``serving``."""
    counter = open_counter(db, counter_id, who)
    entry = active_at(db, counter)
    if entry.state != EntryState.SERVING:
        raise WrongState(state=entry.state)
    served = serve(db, change, counter_id=counter_id, who=who, result=result)
    return ServedNext(served, call_first(db, change, counter=counter, who=who))


def no_show(
    db: Connection,
    change: Change,
    *,
    counter_id: int,
    who: Actor,
    reason: str | None = None,
) -> int:
    """Note that the visitor did not come (tidak hadir).

    After the policy's calls and seconds, or at once when the visitor is known
    to have left (``reason="left"``). Raises ``TooEarly`` before that.
    """
    counter = held_counter(db, counter_id, who)
    entry = active_at(db, counter)
    policy = site_row(db).rules()
    if entry.state == EntryState.CALLED and reason != LEFT:
        if entry.call_count < policy.no_show_after_calls:
            raise TooEarly(
                retry_after_seconds=policy.no_show_after_seconds,
                calls_missing=policy.no_show_after_calls - entry.call_count,
            )
        not_before(change, entry.last_called_at, policy.no_show_after_seconds)
    transition(db, change, entry, "no_show", who=who, counter=counter, reason=reason)
    return entry.ticket_id
