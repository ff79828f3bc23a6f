"""The mall as it stands: site, agencies, availability, closing by hand."""

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Connection

from app.api.answers import respond
from app.api.inputs import Body, InTime, PathId, ShortText
from app.api.keys import OptionalKey
from app.auth.access import Anyone, AnyStaff, Closer, callers
from app.context import context_of
from app.models.states import DeviceKind, Role
from app.queueing import closing
from app.queueing.change import Actor, Change
from app.queueing.lists import (
    AgencyView,
    AvailabilityView,
    SiteView,
    agency_views,
    availability_of,
    service_availability,
    site_view,
)
from app.searching import LONGEST_QUERY, Found, Language

router = APIRouter(tags=["mall"])


class CloseBody(Body):
    """Until when, and a note for colleagues."""

    until: InTime | None = None
    reason: Literal["by-hand", "absent"] = "by-hand"
    note: ShortText | None = None


@router.get("/site", response_model=SiteView, dependencies=[Anyone])
async def site(request: Request) -> SiteView:
    """Tell what the mall is called, its day, time and policy."""
    context = context_of(request)
    return await context.readers.read(partial(site_view, now=context.clock.now()))


@router.get("/agencies", response_model=list[AgencyView], dependencies=[Anyone])
async def agencies(request: Request) -> list[AgencyView]:
    """List every agency with its services, open or why not, and who waits."""
    context = context_of(request)
    is_reception = any(who.role == Role.RECEPTION for who in callers(request))
    channel = Role.RECEPTION if is_reception else DeviceKind.KIOSK
    view = partial(agency_views, now=context.clock.now(), channel=channel)
    return await context.readers.read(view)


@router.get("/search", response_model=list[Found], dependencies=[Anyone])
async def search(
    request: Request,
    q: Annotated[str, Query(max_length=LONGEST_QUERY)] = "",
    language: Language = "id",
) -> list[Found]:
    """Find services by everyday words, however spelled; best first, at most 20.

    Beginnings of words, codes of agencies and services, and letters as they are
    spoken are understood. Whether a service is open plays no part.
    """
    is_known = any(callers(request))
    return await context_of(request).search.find(q, language, may_wait=is_known)


@router.get("/services/{service_id}/availability", response_model=AvailabilityView)
async def availability(
    request: Request,
    service_id: PathId,
    who: AnyStaff,
    at: Annotated[InTime | None, Query()] = None,
) -> AvailabilityView:
    """Tell whether a service gives numbers at a moment, or why not and until when."""
    context = context_of(request)
    view = partial(
        service_availability,
        service_id=service_id,
        now=context.clock.now(),
        at=at,
        channel=who.role if who.role == Role.RECEPTION else "",
    )
    return await context.readers.read(view)


@router.post("/agencies/{agency_id}/close", response_model=AvailabilityView)
async def close_agency(
    request: Request,
    agency_id: PathId,
    who: Closer,
    key: OptionalKey,
    body: CloseBody | None = None,
) -> Response:
    """Stop giving numbers for an agency."""
    return await _close(request, who, key, body or CloseBody(), agency_id=agency_id)


@router.post("/agencies/{agency_id}/reopen", response_model=AvailabilityView)
async def reopen_agency(
    request: Request,
    agency_id: PathId,
    who: Closer,
    key: OptionalKey,
    _body: Body | None = None,
) -> Response:
    """Take an agency's closure by hand back."""
    return await _reopen(request, who, key, agency_id=agency_id)


@router.post("/services/{service_id}/close", response_model=AvailabilityView)
async def close_service(
    request: Request,
    service_id: PathId,
    who: Closer,
    key: OptionalKey,
    body: CloseBody | None = None,
) -> Response:
    """Stop giving numbers for a service."""
    return await _close(request, who, key, body or CloseBody(), service_id=service_id)


@router.post("/services/{service_id}/reopen", response_model=AvailabilityView)
async def reopen_service(
    request: Request,
    service_id: PathId,
    who: Closer,
    key: OptionalKey,
    _body: Body | None = None,
) -> Response:
    """Take a service's closure by hand back."""
    return await _reopen(request, who, key, service_id=service_id)


async def _close(
    request: Request, who: Actor, key: OptionalKey, body: CloseBody, **what: int
) -> Response:
    def run(db: Connection, change: Change) -> AvailabilityView:
        closing.close_by_hand(
            db,
            change,
            who=who,
            until=body.until,
            reason=body.reason,
            note=body.note,
            **what,
        )
        return availability_of(db, now=change.now, **what)

    return respond(await context_of(request).ledger.do(run, key=key(who)))


async def _reopen(
    request: Request, who: Actor, key: OptionalKey, **what: int
) -> Response:
    def run(db: Connection, change: Change) -> AvailabilityView:
        closing.lift(db, change, who=who, **what)
        return availability_of(db, now=change.now, **what)

    return respond(await context_of(request).ledger.do(run, key=key(who)))
