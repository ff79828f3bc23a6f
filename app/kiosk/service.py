"""What a service's page says before the number is drawn."""

from datetime import datetime
from math import ceil

from pydantic import BaseModel
from sqlalchemy import Connection, bindparam, select

from app.errors import NotFound
from app.kiosk.chosen import Chosen
from app.queueing import rows
from app.queueing.lists import AgencyView, ServiceView, agency_views, current_book
from app.queueing.site import site_row
from app.queueing.visit import zones_serving


class ServiceOf(BaseModel):
    """A service with its agency."""

    agency: AgencyView
    service: ServiceView


class ServiceFacts(BaseModel):
    """What to know before coming; None or empty where no source names it."""

    documents: list[str]
    fee: str | None
    standard_minutes: int | None
    zones: list[str]

    @property
    def is_known(self) -> bool:
        """Tell whether there is anything to read besides where it is."""
        return bool(self.documents or self.fee or self.standard_minutes is not None)


class ServicePage(BaseModel):
    """A service, what to know of it, and what else goes on the same number."""

    agency: AgencyView
    service: ServiceView
    facts: ServiceFacts
    others: list[ServiceOf]
    people_max: int
    wait_seconds: int
    """Until this kiosk gives the next number; 0: at once."""
    gives_until: datetime | None
    """When the hours of today end its numbers, or a break does."""

    @property
    def is_given(self) -> bool:
        """Tell whether a number may be taken here now."""
        return self.service.open and not self.wait_seconds

    @property
    def is_held(self) -> bool:
        """Tell whether reception gives the number that this kiosk holds back."""
        return self.service.reception_only or self.wait_seconds > 0


_FACTS = select(
    rows.service.c.documents,
    rows.service.c.fee,
    rows.service.c.standard_minutes,
).where(rows.service.c.id == bindparam("service_id"))


def service_view(
    db: Connection, service_id: int, *, now: datetime, kiosk_id: int | None
) -> ServiceOf:
    """Return one service with its agency; ``NotFound`` when there is none."""
    found = services_by_id(db, now=now, kiosk_id=kiosk_id).get(service_id)
    if found is None:
        raise NotFound
    return found


def service_page(
    db: Connection,
    service_id: int,
    *,
    chosen: Chosen,
    now: datetime,
    kiosk_id: int | None,
) -> ServicePage:
    """Return a service's page; what was chosen and is not there any more is left out.

    Raises ``NotFound`` when there is no such service.
    """
    known = services_by_id(db, now=now, kiosk_id=kiosk_id)
    if service_id not in known:
        raise NotFound
    others = chosen.besides(service_id).services
    this = known[service_id]
    return ServicePage(
        agency=this.agency,
        service=this.service,
        facts=_facts(db, service_id),
        others=[known[each] for each in others if each in known],
        people_max=site_row(db).rules().people_max,
        wait_seconds=_seconds_until(this.service.kiosk_next_at, now),
        gives_until=current_book(db, now).gives_until(service_id, this.agency.id),
    )


def services_by_id(
    db: Connection, *, now: datetime, kiosk_id: int | None = None
) -> dict[int, ServiceOf]:
    """Return every service that a kiosk may show, with its agency.

    ``kiosk_id`` names the kiosk whose cool-downs count.
    """
    return {
        service.id: ServiceOf(agency=agency, service=service)
        for agency in agency_views(db, now, kiosk_id=kiosk_id)
        for service in agency.services
    }


def _seconds_until(at: datetime | None, now: datetime) -> int:
    return ceil((at - now).total_seconds()) if at and at > now else 0


def _facts(db: Connection, service_id: int) -> ServiceFacts:
    row = db.execute(_FACTS, {"service_id": service_id}).one()
    return ServiceFacts(
        documents=row.documents or [],
        fee=row.fee,
        standard_minutes=row.standard_minutes,
        zones=zones_serving(db, service_id),
    )
