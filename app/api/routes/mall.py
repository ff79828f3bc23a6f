"""The mall as it stands: site, agencies, availability, closing by hand."""

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Connection

from app.api.http.answers import respond
from app.api.http.inputs import Body, PathId, ShortText, UtcDatetime
from app.api.http.keys import OptionalKey
from app.auth.access import Anyone, AnyStaff, Closer, callers
from app.context import context_of
from app.models.states import DeviceKind, Role
from app.queueing.change import Actor, Change
from app.queueing.commands import closures
from app.queueing.views.agencies import (
    AgencyView,
    AvailabilityView,
    SiteView,
    agency_views,
    availability_of,
    service_availability,
    site_view,
)
from app.search import MAX_QUERY_CHARACTERS, Language, SearchResult

router = APIRouter(tags=["mall"])


class CloseBody(Body):
    """Until when, and a note for colleagues."""

    until: UtcDatetime | None = None
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
    is_reception = any(actor.role == Role.RECEPTION for actor in callers(request))
    channel = Role.RECEPTION if is_reception else DeviceKind.KIOSK
    view = partial(agency_views, now=context.clock.now(), channel=channel)
    return await context.readers.read(view)


@router.get("/search", response_model=list[SearchResult], dependencies=[Anyone])
async def search(
    request: Request,
    q: Annotated[str, Query(max_length=MAX_QUERY_CHARACTERS)] = "",
    language: Language = "id",
) -> list[SearchResult]:
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
    actor: AnyStaff,
    at: Annotated[UtcDatetime | None, Query()] = None,
) -> AvailabilityView:
    """Tell whether a service gives numbers at a moment, or why not and until when."""
    context = context_of(request)
    view = partial(
        service_availability,
        service_id=service_id,
        now=context.clock.now(),
        at=at,
        channel=actor.role if actor.role == Role.RECEPTION else "",
    )
    return await context.readers.read(view)


@router.post("/agencies/{agency_id}/close", response_model=AvailabilityView)
async def close_agency(
    request: Request,
    agency_id: PathId,
    actor: Closer,
    key: OptionalKey,
    body: CloseBody | None = None,
) -> Response:
    """Stop giving numbers for an agency."""
    return await _close(request, actor, key, body or CloseBody(), agency_id=agency_id)


@router.post("/agencies/{agency_id}/reopen", response_model=AvailabilityView)
async def reopen_agency(
    request: Request,
    agency_id: PathId,
    actor: Closer,
    key: OptionalKey,
    _body: Body | None = None,
) -> Response:
    """Take an agency's closure by hand back."""
    return await _reopen(request, actor, key, agency_id=agency_id)


@router.post("/services/{service_id}/close", response_model=AvailabilityView)
async def close_service(
    request: Request,
    service_id: PathId,
    actor: Closer,
    key: OptionalKey,
    body: CloseBody | None = None,
) -> Response:
    """Stop giving numbers for a service."""
    return await _close(request, actor, key, body or CloseBody(), service_id=service_id)


@router.post("/services/{service_id}/reopen", response_model=AvailabilityView)
async def reopen_service(
    request: Request,
    service_id: PathId,
    actor: Closer,
    key: OptionalKey,
    _body: Body | None = None,
) -> Response:
    """Take a service's closure by hand back."""
    return await _reopen(request, actor, key, service_id=service_id)


async def _close(
    request: Request,
    actor: Actor,
    key: OptionalKey,
    body: CloseBody,
    **closed_part: int,
) -> Response:
    def run(db: Connection, change: Change) -> AvailabilityView:
        closures.close_by_hand(
            db,
            change,
            actor=actor,
            until=body.until,
            reason=body.reason,
            note=body.note,
            **closed_part,
        )
        return availability_of(db, now=change.now, **closed_part)

    return respond(await context_of(request).ledger.do(run, key=key(actor)))


async def _reopen(
    request: Request, actor: Actor, key: OptionalKey, **closed_part: int
) -> Response:
    def run(db: Connection, change: Change) -> AvailabilityView:
        closures.lift_closure(db, change, actor=actor, **closed_part)
        return availability_of(db, now=change.now, **closed_part)

    return respond(await context_of(request).ledger.do(run, key=key(actor)))
