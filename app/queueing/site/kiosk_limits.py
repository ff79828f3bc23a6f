"""Against hoarding a scarce service: what a kiosk does not give, or not so soon again.

Two rules of a service (decision 0013): numbers at the reception
alone, or a cool-down of each kiosk. Both bind kiosks only: reception and
officers see whom they give a number.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from app.queueing import rows
from app.queueing.states import event_name


class ServiceLimit(NamedTuple):
    """How one service is guarded: never at a kiosk, or only after a cool-down."""

    reception_only: bool
    cooldown: timedelta | None


ServiceLimits = dict[int, ServiceLimit]
"""The guarded services by their id; most are not."""


class KioskLimits(NamedTuple):
    """What one kiosk holds back, and until when its cool-downs last."""

    reception_only: frozenset[int] = frozenset()
    # one dict for all that have none: nobody writes to it
    next_at: dict[int, datetime] = {}


NO_LIMITS = KioskLimits()

_SERVICE_LIMITS = select(
    rows.service.c.id,
    rows.service.c.reception_only,
    rows.service.c.kiosk_cooldown_seconds,
).where(
    rows.service.c.reception_only | rows.service.c.kiosk_cooldown_seconds.is_not(None)
)
# by the index of a device's events, no further back than the longest cool-down;
# events, not tickets: cancelling the number would be the way round (decision 0013)
_LAST_ISSUED = (
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


def read_service_limits(db: Connection) -> ServiceLimits:
    """Read the guarded services."""
    return {
        row.id: ServiceLimit(
            row.reception_only,
            timedelta(seconds=row.kiosk_cooldown_seconds)
            if row.kiosk_cooldown_seconds
            else None,
        )
        for row in db.execute(_SERVICE_LIMITS)
    }


def kiosk_limits_at(
    db: Connection,
    limits_by_service: ServiceLimits,
    *,
    kiosk_id: int | None,
    at: datetime,
) -> KioskLimits:
    """Return what a kiosk holds back at a moment; ``None``: any kiosk would."""
    if not limits_by_service:
        return NO_LIMITS
    reception_only = frozenset(
        service_id
        for service_id, limit in limits_by_service.items()
        if limit.reception_only
    )
    cooldowns = {
        service_id: limit.cooldown
        for service_id, limit in limits_by_service.items()
        if limit.cooldown
    }
    if kiosk_id is None or not cooldowns:
        return KioskLimits(reception_only)
    params = {
        "kiosk_id": kiosk_id,
        "since": at - max(cooldowns.values()),
        "until": at,
    }
    ends = {
        service_id: issued_at + cooldowns[service_id]
        for service_id, issued_at in db.execute(_LAST_ISSUED, params)
        if service_id in cooldowns
    }
    return KioskLimits(
        reception_only,
        {service_id: end for service_id, end in ends.items() if end > at},
    )
