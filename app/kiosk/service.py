"""What a service's page shows before the number is drawn."""

from datetime import datetime
from math import ceil
from typing import NamedTuple

from pydantic import BaseModel
from sqlalchemy import Connection, select

from app.errors import NotFound
from app.kiosk.choices import Choices
from app.queueing import rows
from app.queueing.site.decisions import decisions_of
from app.queueing.site.pauses import end_of_day
from app.queueing.views.agencies import (
    AgencyView,
    ServiceView,
    agency_views,
    current_availability,
)
from app.queueing.views.local_text import LocalText, ShownText, shown_list
from app.queueing.views.visit import read_zones


class ServiceWithAgency(NamedTuple):
    """A service with its agency."""

    agency: AgencyView
    service: ServiceView


class ServiceDetails(BaseModel):
    """What to know before coming; None or empty where no source names it."""

    documents: list[str]
    documents_en: list[str]
    fee: LocalText | None
    standard_minutes: int | None
    zones: list[LocalText]

    def documents_in(self, language: str) -> list[ShownText]:
        """Return the documents as a visitor of a language reads them."""
        return shown_list(self.documents, self.documents_en, language)


class ServicePageView(NamedTuple):
    """A service, what to know of it, and what else goes on the same number."""

    agency: AgencyView
    service: ServiceView
    details: ServiceDetails
    others: list[ServiceWithAgency]
    people_max: int
    wait_seconds: int
    """Until this kiosk gives the next number; 0: at once."""
    gives_until: datetime | None
    """When the hours of today end its numbers, or a break does."""

    gives_again: datetime | None
    """When they are given again on the same day: a break ends them for a while."""

    hours_end: datetime | None
    """When the service hours of today end; None where there are none."""

    @property
    def is_without_counter(self) -> bool:
        """Tell whether a number is given that no open counter would call now."""
        service = self.service
        return service.open and not (service.counters_open or service.serving_from)

    @property
    def is_available(self) -> bool:
        """Tell whether a number may be taken here now."""
        return self.service.open and not self.wait_seconds

    @property
    def is_limited(self) -> bool:
        """Tell whether reception gives the number, as a kiosk limit says."""
        return self.service.reception_only or self.wait_seconds > 0


_DETAILS = select(
    rows.service.c.documents,
    rows.service.c.documents_en,
    rows.service.c.fee,
    rows.service.c.fee_en,
    rows.service.c.standard_minutes,
    rows.service.c.id,
).where(rows.service.c.is_retired.is_(False))


def service_view(
    db: Connection, service_id: int, *, now: datetime, kiosk_id: int | None
) -> ServiceWithAgency:
    """Return one service with its agency; ``NotFound`` when there is none."""
    match = services_by_id(db, now=now, kiosk_id=kiosk_id).get(service_id)
    if match is None:
        raise NotFound
    return match


def service_page(
    db: Connection,
    service_id: int,
    *,
    choices: Choices,
    now: datetime,
    kiosk_id: int | None,
) -> ServicePageView:
    """Return a service's page; what was chosen and is not there any more is left out.

    Raises ``NotFound`` when there is no such service.
    """
    services = services_by_id(db, now=now, kiosk_id=kiosk_id)
    if service_id not in services:
        raise NotFound
    others = choices.without(service_id).services
    current = services[service_id]
    agency_id = current.agency.id
    rules = current_availability(db, now)
    details = decisions_of(db).read(db, _read_details)
    gives_until = rules.gives_until(service_id, agency_id)
    return ServicePageView(
        agency=current.agency,
        service=current.service,
        details=details[service_id],
        others=[services[each] for each in others if each in services],
        people_max=rules.rules.policy.people_max,
        wait_seconds=_seconds_until(current.service.kiosk_next_at, now),
        gives_until=gives_until,
        gives_again=gives_until
        and rules.gives_again(service_id, agency_id, gives_until),
        hours_end=end_of_day(rules.hours, now, agency_id, service_id),
    )


def services_by_id(
    db: Connection, *, now: datetime, kiosk_id: int | None = None
) -> dict[int, ServiceWithAgency]:
    """Return every service that a kiosk may show, with its agency.

    ``kiosk_id`` names the kiosk whose cool-downs count.
    """
    return {
        service.id: ServiceWithAgency(agency, service)
        for agency in agency_views(db, now, kiosk_id=kiosk_id)
        for service in agency.services
    }


def _seconds_until(at: datetime | None, now: datetime) -> int:
    # rounded up: the page tries again by itself, and would come too early
    return ceil((at - now).total_seconds()) if at and at > now else 0


def _read_details(db: Connection) -> dict[int, ServiceDetails]:
    """Read what to know of every service."""
    zones = read_zones(db)
    return {
        row.id: ServiceDetails(
            documents=row.documents or [],
            documents_en=row.documents_en or [],
            fee=LocalText(text=row.fee, text_en=row.fee_en) if row.fee else None,
            standard_minutes=row.standard_minutes,
            zones=zones.get(row.id, []),
        )
        for row in db.execute(_DETAILS)
    }
