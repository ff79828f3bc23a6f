"""What the pages of a counter show; read only."""

from collections import defaultdict
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import Connection, select

from app.queueing import rows
from app.queueing.change import Actor
from app.queueing.console import Console, console
from app.queueing.counter_views import known_counters
from app.queueing.counters import known_counter

_ZONES = select(rows.zone.c.id, rows.zone.c.name)
_AGENCIES = (
    select(rows.counter_service.c.counter_id, rows.agency.c.short_name)
    .distinct()
    .select_from(rows.counter_service.join(rows.service).join(rows.agency))
    .order_by(rows.agency.c.short_name)
)


class Choice(BaseModel):
    """A counter that the caller may know of.

    ``holder`` names whoever else holds it. ``is_offered`` is false where the
    caller could only look on.
    """

    id: int
    name: str
    zone: str
    agencies: list[str]
    state: str
    holder: str | None
    is_mine: bool
    is_offered: bool


def choices(db: Connection, who: Actor) -> list[Choice]:
    """Return the counters that the caller may know of, one's own first."""
    zones = {row.id: row.name for row in db.execute(_ZONES)}
    agencies = _agencies_by_counter(db)
    found = []
    for counter in known_counters(db, who):
        is_mine = counter.holder is not None and counter.holder.id == who.staff_id
        others = counter.holder if not is_mine else None
        found.append(
            Choice(
                id=counter.id,
                name=counter.name,
                zone=zones[counter.zone_id],
                agencies=agencies[counter.id],
                state=counter.state,
                holder=others.name if others else None,
                is_mine=is_mine,
                is_offered=others is None or who.supervises,
            )
        )
    return sorted(found, key=lambda choice: not choice.is_mine)


def console_for(db: Connection, counter_id: int, who: Actor, now: datetime) -> Console:
    """Return a counter's console; ``NotFound`` unless the caller may know of it."""
    known_counter(db, counter_id, who)
    return console(db, counter_id, now)


def _agencies_by_counter(db: Connection) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for row in db.execute(_AGENCIES):
        found[row.counter_id].append(row.short_name)
    return found
