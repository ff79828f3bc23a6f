"""What the pages of a counter show; read only."""

from collections import defaultdict
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import Connection, select

from app.queueing import rows
from app.queueing.change import Actor
from app.queueing.counters import visible_counter
from app.queueing.site.decisions import decisions_of
from app.queueing.site.pauses import read_pause_rules
from app.queueing.views.console import Console, console
from app.queueing.views.counters import PauseView, PromptView, visible_counters

_ZONES = select(rows.zone.c.id, rows.zone.c.name)
_AGENCIES = (
    select(rows.counter_service.c.counter_id, rows.agency.c.short_name)
    .distinct()
    .select_from(rows.counter_service.join(rows.service).join(rows.agency))
    .order_by(rows.agency.c.short_name)
)


class CounterChoiceView(BaseModel):
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
    pause: PauseView | None
    prompt: PromptView | None


def counter_choices(
    db: Connection, actor: Actor, now: datetime
) -> list[CounterChoiceView]:
    """Return the counters that the caller may know of, one's own first."""
    decisions = decisions_of(db)
    zones = decisions.read(db, _read_zone_names)
    agencies = decisions.read(db, _read_agencies)
    choices = []
    for counter in visible_counters(db, actor, read_pause_rules(db, now)):
        is_mine = counter.holder is not None and counter.holder.id == actor.staff_id
        other_holder = counter.holder if not is_mine else None
        choices.append(
            CounterChoiceView(
                id=counter.id,
                name=counter.name,
                zone=zones[counter.zone_id],
                agencies=agencies.get(counter.id, []),
                state=counter.state,
                holder=other_holder.name if other_holder else None,
                is_mine=is_mine,
                is_offered=other_holder is None or actor.supervises,
                pause=counter.pause,
                prompt=counter.prompt,
            )
        )
    return sorted(choices, key=lambda choice: not choice.is_mine)


def read_console(
    db: Connection, counter_id: int, actor: Actor, now: datetime
) -> Console:
    """Return a counter's console; ``NotFound`` unless the caller may know of it."""
    visible_counter(db, counter_id, actor)
    return console(db, counter_id, now)


def _read_zone_names(db: Connection) -> dict[int, str]:
    return {row.id: row.name for row in db.execute(_ZONES)}


def _read_agencies(db: Connection) -> dict[int, list[str]]:
    """Read whose services each counter serves."""
    agencies: dict[int, list[str]] = defaultdict(list)
    for row in db.execute(_AGENCIES):
        agencies[row.counter_id].append(row.short_name)
    return agencies
