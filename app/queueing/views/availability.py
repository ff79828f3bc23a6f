"""Whether one agency or service gives numbers, as callers are told."""

from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import Connection, bindparam, select

from app.errors import NotFound
from app.queueing import rows
from app.queueing.views.agencies import Utc, current_availability


class AvailabilityView(BaseModel):
    """Open, or the reason and until when."""

    open: bool
    reason: str | None
    until: Utc | None
    serving_from: Utc | None
    reception_only: bool
    kiosk_next_at: Utc | None


_AGENCY_OF = select(rows.service.c.agency_id).where(
    rows.service.c.id == bindparam("service_id"),
    rows.service.c.is_retired.is_(False),
)


def availability_of(
    db: Connection,
    *,
    now: datetime,
    agency_id: int | None = None,
    service_id: int | None = None,
) -> AvailabilityView:
    """Return whether an agency, or the service named, gives numbers now."""
    if service_id is not None:
        return service_availability(db, service_id=service_id, now=now)
    available = current_availability(db, now).agency(agency_id or 0)
    return AvailabilityView(**available._asdict())


def service_availability(
    db: Connection,
    *,
    service_id: int,
    now: datetime,
    at: datetime | None = None,
    channel: str = "",
) -> AvailabilityView:
    """Return whether a service gives numbers; ``NotFound`` when there is none.

    ``channel``: the role that would issue, by whose quota it is said.
    """
    agency_id = db.execute(_AGENCY_OF, {"service_id": service_id}).scalar()
    if agency_id is None:
        raise NotFound
    availability = current_availability(db, now, channel, at=at)
    available = availability.service(service_id, agency_id)
    return AvailabilityView(**available._asdict())
