"""A counter's own commands: open it, pause it, close it, and what breaks do to it."""

from collections.abc import Mapping

from sqlalchemy import Connection, select, update

from app.errors import CounterBusy, CounterTaken, Forbidden, Invalid
from app.models import CounterState, Role
from app.queueing import facts, rows
from app.queueing.change import Actor, Change
from app.queueing.counters import (
    CLOSED,
    NOT_PAUSED,
    CounterRow,
    active_entry,
    agencies_of,
    counter_in_field,
    counter_row,
    held_counter,
    require_same_practice,
    services_of,
    visible_counter,
)
from app.queueing.line.kept_lines import forget_counters
from app.queueing.rows import EntryRow
from app.queueing.site.pauses import PauseReason, rests

_agency_of_holder = (
    select(rows.staff_agency.c.staff_id)
    .select_from(
        rows.counter_service.join(rows.service).join(
            rows.staff_agency, rows.staff_agency.c.agency_id == rows.service.c.agency_id
        )
    )
    .where(
        rows.counter_service.c.counter_id == rows.counter.c.id,
        rows.staff_agency.c.staff_id == rows.counter.c.holder_id,
    )
)
_LEFT = (
    select(rows.counter.c.id)
    .select_from(
        rows.counter.join(rows.staff, rows.staff.c.id == rows.counter.c.holder_id)
    )
    .where(
        # a person's doing alone: an import that moves a counter closes nobody's
        rows.counter.c.state == CounterState.PAUSED,
        rows.staff.c.is_active.is_(False)
        | (
            rows.staff.c.role.in_((Role.OFFICER, Role.SUPERVISOR))
            & ~_agency_of_holder.exists()
        ),
    )
)


def open_(db: Connection, change: Change, *, counter_id: int, actor: Actor) -> None:
    """Open a counter, or resume it after a pause; its opener then holds it.

    Raises ``CounterTaken`` when somebody else holds it, ``Forbidden`` for a holder
    who was moved to another agency: what is there is only brought to an end.
    """
    counter = visible_counter(db, counter_id, actor)
    if counter.holder_id not in (None, actor.staff_id):
        raise CounterTaken
    if not actor.sees_all and not agencies_of(db, counter_id) & actor.agency_ids:
        raise Forbidden
    columns: dict[str, object] = {
        "state": CounterState.OPEN,
        # anew after a pause: resumed within a break, it works through it (decision
        # 0006)
        "open_since": change.now,
        **NOT_PAUSED,
    }
    # not after a pause: ties to this counter hold from when it was opened
    if counter.holder_id is None:
        columns |= {"holder_id": actor.staff_id, "opened_at": change.now}
    _update(db, change, counter, columns)


def pause(
    db: Connection,
    change: Change,
    *,
    counter_id: int,
    actor: Actor,
    reason: str | None = None,
    hand_to: int | None = None,
) -> None:
    """Stop calling for a while.

    With an active entry it raises ``CounterBusy``, unless the pause hands the
    visitor to another counter, whose officer may then take over. Raises
    ``Invalid`` for one of other agencies: its officer may not know the visitor.
    ``reason`` is one of ``PauseReason`` or the officer's own words.
    """
    counter = held_counter(db, counter_id, actor)
    entry = active_entry(db, counter_id)
    if hand_to is not None:
        _require_hand_over_target(db, counter, entry, hand_to)
    elif entry is not None:
        raise CounterBusy
    columns: dict[str, object] = {
        "state": CounterState.PAUSED,
        "paused_reason": reason,
        "handed_to_id": hand_to,
    }
    # of a paused one only the reason is another: it has called nobody since then
    if counter.state != CounterState.PAUSED:
        columns["paused_since"] = change.now
    _update(db, change, counter, columns)


def close(db: Connection, change: Change, *, counter_id: int, actor: Actor) -> None:
    """Close a counter and let go of it; closing a closed one changes nothing."""
    if visible_counter(db, counter_id, actor).holder_id is None:
        return
    counter = _idle_counter(db, counter_id, actor)
    _update(db, change, counter, CLOSED)


def close_idle_counters_of(db: Connection, change: Change, *, actor: Actor) -> None:
    """Close the counters that somebody holds and leaves idle (signing out).

    One with a visitor stays held: its officer finds it so, and a supervisor
    may give its commands meanwhile.
    """
    of_actor = rows.counter.c.holder_id == actor.staff_id
    for counter_id in db.scalars(select(rows.counter.c.id).where(of_actor)).all():
        if active_entry(db, counter_id) is None:
            _update(db, change, counter_row(db, counter_id), CLOSED)


def leave_counters_of(db: Connection, change: Change, *, actor: Actor) -> None:
    """End what somebody does at counters who was moved or suspended.

    ``actor`` is who they are from now on. An idle counter is closed. At one with a
    visitor that is theirs no more nobody else is called: its holder, or a
    supervisor, brings the visit to an end, and then it closes
    (``close_left_counters``).
    """
    close_idle_counters_of(db, change, actor=actor)
    held = rows.counter.c.holder_id == actor.staff_id
    columns = {
        "state": CounterState.PAUSED,
        "paused_reason": PauseReason.HOLDER_LEFT,
        "paused_since": change.now,
    }
    for counter_id in db.scalars(select(rows.counter.c.id).where(held)).all():
        if not actor.sees_all and not agencies_of(db, counter_id) & actor.agency_ids:
            _update(db, change, counter_row(db, counter_id), columns)


def close_left_counters(db: Connection, change: Change) -> None:
    """Close the counters without a visitor whose holder works there no more."""
    for counter_id in left_counters(db):
        _update(db, change, counter_row(db, counter_id), CLOSED)


def left_counters(db: Connection) -> list[int]:
    """Return the paused counters without a visitor whose holder works there no more."""
    return [
        counter_id
        for counter_id in db.scalars(_LEFT).all()
        if active_entry(db, counter_id) is None
    ]


def pause_for_breaks(db: Connection, change: Change) -> int:
    """Pause the idle counters whose break has begun; returns how many.

    A counter that was opened or resumed within the break goes on.
    """
    counters = counters_in_break(db, change)
    for counter in counters:
        columns = {
            "state": CounterState.PAUSED,
            "paused_reason": PauseReason.BREAK,
            "paused_since": change.now,
        }
        _update(db, change, counter, columns)
    return len(counters)


def counters_in_break(db: Connection, change: Change) -> list[CounterRow]:
    """Return the open counters without a visitor whose break has begun."""
    statement = select(rows.counter.c.id).where(
        rows.counter.c.state == CounterState.OPEN
    )
    counter_ids = db.scalars(statement).all()
    return [
        counter
        for counter in (counter_row(db, counter_id) for counter_id in counter_ids)
        if break_has_begun(db, change, counter) and active_entry(db, counter.id) is None
    ]


def break_has_begun(db: Connection, change: Change, counter: CounterRow) -> bool:
    """Tell whether all of a counter's agencies rest, since after it was opened."""
    hours = change.rules.hours
    if hours.is_always_open:
        return False
    return rests(hours, agencies_of(db, counter.id), counter.open_since, change.now)


def _require_hand_over_target(
    db: Connection, counter: CounterRow, entry: EntryRow | None, hand_to: int
) -> None:
    other = counter_in_field(db, hand_to, field="hand_to")
    require_same_practice(counter, other, field="hand_to")
    there = agencies_of(db, other.id)
    here = {entry.agency_id} if entry else agencies_of(db, counter.id)
    if hand_to == counter.id or there.isdisjoint(here):
        raise Invalid("Another counter of the same agency.", field="hand_to")


def _idle_counter(db: Connection, counter_id: int, actor: Actor) -> CounterRow:
    counter = held_counter(db, counter_id, actor)
    if active_entry(db, counter_id) is not None:
        raise CounterBusy
    return counter


def _update(
    db: Connection, change: Change, counter: CounterRow, columns: Mapping[str, object]
) -> None:
    db.execute(
        update(rows.counter).where(rows.counter.c.id == counter.id).values(columns)
    )
    forget_counters(db)
    change.touch(facts.counter(counter.id), facts.zone(counter.zone_id), facts.COUNTERS)
    if "opened_at" in columns:
        # who was tied to it may now be called elsewhere
        change.touch(
            *(facts.service(service_id) for service_id in services_of(db, counter.id))
        )
