"""Which agencies and services give numbers now, and what was closed by hand."""

from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import Connection

from app.errors import NotFound
from app.queueing.change import Actor
from app.queueing.commands.closures import BY_HAND
from app.queueing.site.rulebook import read_closures
from app.queueing.views.agencies import AgencyView, agency_views

ClosureScope = tuple[int | None, int | None]
"""Agency id and service id of a closure; one of them is None."""


class ClosureView(BaseModel):
    """A closure by hand that is in force."""

    since: datetime
    until: datetime | None
    note: str | None
    by: str | None


class ServiceStateView(BaseModel):
    """A service: whether it gives numbers, and its own closure by hand."""

    id: int
    name: str
    name_en: str
    open: bool
    reason: str | None
    until: datetime | None
    reception_only: bool
    waiting: int
    closure: ClosureView | None


class AgencyStateView(BaseModel):
    """An agency with its services, as the administration shows them."""

    id: int
    name: str
    name_en: str
    symbol: str
    open: bool
    reason: str | None
    until: datetime | None
    reception_only: bool
    waiting: int
    closure: ClosureView | None
    services: list[ServiceStateView]

    @property
    def closed_services(self) -> int:
        """Return how many of its services are closed by hand on their own."""
        return sum(1 for service in self.services if service.closure)

    def service(self, service_id: int) -> ServiceStateView:
        """Return one of its services; ``NotFound`` for another agency's."""
        for service in self.services:
            if service.id == service_id:
                return service
        raise NotFound


def agency_states(
    db: Connection, *, actor: Actor, now: datetime
) -> list[AgencyStateView]:
    """Return the agencies that the caller may know of."""
    closures = _closures(db, now)
    return [
        _state(agency, closures)
        for agency in agency_views(db, now)
        if actor.sees(agency.id)
    ]


def agency_state(
    db: Connection, *, agency_id: int, actor: Actor, now: datetime
) -> AgencyStateView:
    """Return one agency; ``NotFound`` when the caller may not know of it."""
    for agency in agency_states(db, actor=actor, now=now):
        if agency.id == agency_id:
            return agency
    raise NotFound


def _closures(db: Connection, now: datetime) -> dict[ClosureScope, ClosureView]:
    return {
        (row.agency_id, row.service_id): ClosureView(
            since=row.since, until=row.until, note=row.note, by=row.by
        )
        for row in read_closures(db)
        if row.reason == BY_HAND and row.is_on(now)
    }


def _state(
    agency: AgencyView, closures: dict[ClosureScope, ClosureView]
) -> AgencyStateView:
    services = [
        ServiceStateView(
            **service.model_dump(include=set(ServiceStateView.model_fields)),
            closure=closures.get((None, service.id)),
        )
        for service in agency.services
    ]
    fields = agency.model_dump(include=set(AgencyStateView.model_fields) - {"services"})
    closure = closures.get((agency.id, None))
    return AgencyStateView(**fields, closure=closure, services=services)
