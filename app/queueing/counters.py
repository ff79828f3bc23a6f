"""Counters: who holds one, and what state it is in."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, exists, select, update

from app.db.prepared import known_rows, write_row
from app.errors import (
    CounterBusy,
    CounterNotOpen,
    Forbidden,
    Invalid,
    NoActiveEntry,
    NotFound,
)
from app.models import ACTIVE, CounterState, Role
from app.queueing import rows
from app.queueing.change import Actor
from app.queueing.rows import ENTRY_COLUMNS, EntryRow, in_states


class CounterRow(NamedTuple):
    """A counter as it stood when it was read."""

    id: int
    name: str
    state: str
    zone_id: int
    sound_space_id: int
    holder_id: int | None
    last_call_id: int | None
    opened_at: datetime | None
    open_since: datetime | None
    handed_to_id: int | None
    is_practice: bool
    is_retired: bool = False


_COUNTER = (
    select(
        rows.counter.c.id,
        rows.counter.c.name,
        rows.counter.c.state,
        rows.counter.c.zone_id,
        rows.zone.c.sound_space_id,
        rows.counter.c.holder_id,
        rows.counter.c.last_call_id,
        rows.counter.c.opened_at,
        rows.counter.c.open_since,
        rows.counter.c.handed_to_id,
        rows.zone.c.is_practice,
        rows.counter.c.is_retired,
    )
    .select_from(rows.counter.join(rows.zone))
    .where(rows.counter.c.id == bindparam("counter_id"))
)
_AGENCIES = (
    select(rows.service.c.agency_id)
    .distinct()
    .select_from(rows.counter_service.join(rows.service))
    .where(rows.counter_service.c.counter_id == bindparam("counter_id"))
)
_SERVICES = select(rows.counter_service.c.service_id).where(
    rows.counter_service.c.counter_id == bindparam("counter_id")
)
# one row at most: the partial unique index of active entries holds it (lesson 1)
_ACTIVE = select(*ENTRY_COLUMNS).where(
    rows.entry.c.counter_id == bindparam("counter_id"),
    in_states(rows.entry.c.state, "called", "serving"),
)
_HELD = select(rows.counter.c.id).where(
    rows.counter.c.holder_id == bindparam("staff_id")
)
_HELD_AT = _HELD.where(rows.counter.c.id == bindparam("counter_id"))
_HELD_OF = _HELD.where(
    rows.counter.c.id.in_(
        select(rows.counter_service.c.counter_id)
        .select_from(rows.counter_service.join(rows.service))
        .where(rows.service.c.agency_id == bindparam("agency_id"))
    )
)
# in both directions (decision 0011)
PRACTICE_APART = "Practice and the real lines stay apart."
NOT_PAUSED = {"paused_reason": None, "paused_since": None, "handed_to_id": None}
CLOSED = {
    "state": CounterState.CLOSED,
    "holder_id": None,
    # ties to the counter fall away with it (ranking.has_no_tie_elsewhere)
    "opened_at": None,
    "open_since": None,
    **NOT_PAUSED,
}
_SET_LAST_CALL = (
    update(rows.counter)
    .where(rows.counter.c.id == bindparam("of_id"))
    .values(last_call_id=bindparam("call_id"))
)


def counter_row(db: Connection, counter_id: int) -> CounterRow:
    """Return a counter; else raise ``NotFound``."""
    known = _known_counters(db).get(counter_id)
    if known is not None:
        return known
    row = db.execute(_COUNTER, {"counter_id": counter_id}).first()
    if row is None:
        raise NotFound
    read = _known_counters(db)[counter_id] = CounterRow._make(row)
    return read


def counter_in_field(db: Connection, counter_id: int, *, field: str) -> CounterRow:
    """Return the counter that a field names; else raise ``Invalid``."""
    try:
        counter = counter_row(db, counter_id)
        _require_in_use(counter)
    except NotFound:
        raise Invalid("There is no such counter.", field=field) from None
    return counter


def visible_counter(db: Connection, counter_id: int, actor: Actor) -> CounterRow:
    """Return a counter that the caller may know of; else raise ``NotFound``."""
    counter = counter_row(db, counter_id)
    _require_in_use(counter)
    if actor.staff_id is not None and counter.holder_id == actor.staff_id:
        return counter
    if not actor.sees_all and not (agencies_of(db, counter_id) & actor.agency_ids):
        raise NotFound
    return counter


def _require_in_use(counter: CounterRow) -> None:
    if counter.is_retired:
        raise NotFound


def held_counter(db: Connection, counter_id: int, actor: Actor) -> CounterRow:
    """Return a counter for which the caller may give commands.

    That is its holder, or a supervisor of the agency (rules.md#who-may). Raises
    ``NotFound``, ``CounterNotOpen`` when nobody holds it, else ``Forbidden``.
    """
    counter = visible_counter(db, counter_id, actor)
    # told before who may: a supervisor, too, opens it first
    if counter.holder_id is None:
        raise CounterNotOpen
    if counter.holder_id != actor.staff_id and not actor.supervises:
        raise Forbidden
    return counter


def require_same_practice(one: CounterRow, other: CounterRow, *, field: str) -> None:
    """Refuse what would bring a visitor from practice to the hall, or back."""
    if one.is_practice != other.is_practice:
        raise Invalid(PRACTICE_APART, field=field)


def require_counter_held(db: Connection, entry: EntryRow, actor: Actor) -> None:
    """Let an officer act on a ticket only while holding a counter of its agency.

    On a visitor who is at a counter only its holder (rules.md#who-may).
    Reception and supervisors need none. Raises ``Forbidden``.
    """
    if actor.role != Role.OFFICER:
        return
    held = _HELD_AT if entry.state in ACTIVE else _HELD_OF
    params = {
        "staff_id": actor.staff_id,
        "counter_id": entry.counter_id,
        "agency_id": entry.agency_id,
    }
    if db.execute(held, params).first() is None:
        raise Forbidden


def open_counter(db: Connection, counter_id: int, actor: Actor) -> CounterRow:
    """Return a held counter that is open; else raise ``CounterNotOpen`` too."""
    counter = held_counter(db, counter_id, actor)
    if counter.state != CounterState.OPEN:
        raise CounterNotOpen(state=counter.state)
    return counter


def free_counter(db: Connection, counter_id: int, actor: Actor) -> CounterRow:
    """Return an open counter without an active entry; else raise ``CounterBusy``."""
    counter = open_counter(db, counter_id, actor)
    if active_entry(db, counter_id) is not None:
        raise CounterBusy
    return counter


def active_entry(db: Connection, counter_id: int) -> EntryRow | None:
    """Return the entry that is called or served at a counter."""
    row = db.execute(_ACTIVE, {"counter_id": counter_id}).first()
    return EntryRow(*row) if row else None


def require_active_entry(db: Connection, counter_id: int) -> EntryRow:
    """Return the counter's active entry; else raise ``NoActiveEntry``."""
    entry = active_entry(db, counter_id)
    if entry is None:
        raise NoActiveEntry
    return entry


def services_of(db: Connection, counter_id: int) -> frozenset[int]:
    """Return the services that a counter serves."""
    return frozenset(db.execute(_SERVICES, {"counter_id": counter_id}).scalars())


def agencies_of(db: Connection, counter_id: int) -> frozenset[int]:
    """Return the agencies whose services a counter serves."""
    return frozenset(db.execute(_AGENCIES, {"counter_id": counter_id}).scalars())


def serves(db: Connection, counter_id: int, service_id: int) -> bool:
    """Tell whether a counter serves a service."""
    pair = rows.counter_service.c
    is_served = exists().where(
        pair.counter_id == counter_id, pair.service_id == service_id
    )
    return bool(db.execute(select(is_served)).scalar())


def set_last_call(db: Connection, counter_id: int, call_id: int) -> None:
    """Remember a counter's newest call, which ends what it had to pass over."""
    write_row(db, _SET_LAST_CALL, {"of_id": counter_id, "call_id": call_id})
    known = _known_counters(db)
    if counter_id in known:
        known[counter_id] = known[counter_id]._replace(last_call_id=call_id)


def _known_counters(db: Connection) -> dict[int, CounterRow]:
    return known_rows(db, "counter", "zone")
