"""Against hoarding a scarce service: what a kiosk does not give, or not so soon again.

Two rules of a service (``app/docs/decisions/0013``): numbers at the reception
alone, or a cool-down of each kiosk. Both bind kiosks only: reception and
officers see whom they give a number.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from app.queueing import rows
from app.queueing.states import event_name


class Guard(NamedTuple):
    """How one service is guarded: never at a kiosk, or only after a cool-down."""

    reception_only: bool
    cooldown: timedelta | None


Guards = dict[int, Guard]
"""The guarded services by their id; most are not."""


class Held(NamedTuple):
    """What one kiosk holds back, and until when its cool-downs last."""

    reception_only: frozenset[int] = frozenset()
    next_at: dict[int, datetime] = {}


NOTHING_HELD = Held()

_GUARDS = select(
    rows.service.c.id,
    rows.service.c.reception_only,
    rows.service.c.kiosk_cooldown_seconds,
).where(
    rows.service.c.reception_only | rows.service.c.kiosk_cooldown_seconds.is_not(None)
)
# by the index of a device's events, no further back than the longest cool-down
_GIVEN = (
    select(rows.entry.c.service_id, func.max(rows.event.c.at))
    .select_from(rows.event.join(rows.entry, rows.entry.c.id == rows.event.c.entry_id))
    .where(
        rows.event.c.device_id == bindparam("kiosk_id"),
        rows.event.c.name == event_name("issue"),
        rows.event.c.at > bindparam("since"),
        rows.event.c.at <= bindparam("until"),
    )
    .group_by(rows.entry.c.service_id)
)


def read_guards(db: Connection) -> Guards:
    """Read the guarded services."""
    return {
        row.id: Guard(
            row.reception_only,
            timedelta(seconds=row.kiosk_cooldown_seconds)
            if row.kiosk_cooldown_seconds
            else None,
        )
        for row in db.execute(_GUARDS)
    }


def held_at_kiosk(
    db: Connection, guards: Guards, *, kiosk_id: int | None, at: datetime
) -> Held:
    """Return what a kiosk holds back at a moment; ``None``: any kiosk would."""
    if not guards:
        return NOTHING_HELD
    only = frozenset(of for of, guard in guards.items() if guard.reception_only)
    cooldowns = {of: guard.cooldown for of, guard in guards.items() if guard.cooldown}
    if kiosk_id is None or not cooldowns:
        return Held(only)
    asked = {
        "kiosk_id": kiosk_id,
        "since": at - max(cooldowns.values()),
        "until": at,
    }
    ends = {
        service_id: given + cooldowns[service_id]
        for service_id, given in db.execute(_GIVEN, asked)
        if service_id in cooldowns
    }
    return Held(only, {of: end for of, end in ends.items() if end > at})
