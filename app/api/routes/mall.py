"""The mall as it stands: site, agencies, availability, closing by hand."""

from functools import partial
from typing import Annotated, Literal

from fastapi import Query, Request, Response
from sqlalchemy import Connection

from app.api.commands import ByCloser, Rule, Sender
from app.api.http.inputs import (
    Body,
    OptionalBody,
    PathId,
    ShortText,
    UtcDatetime,
    or_empty,
)
from app.api.routing.direct_route import api_router
from app.auth.access import Anyone, AnyStaff, callers
from app.context import context_of
from app.models.states import DeviceKind, Role
from app.queueing.change import Change
from app.queueing.commands import closures
from app.queueing.views.agencies import AgencyView, agencies_json
from app.queueing.views.availability import (
    AvailabilityView,
    availability_of,
    service_availability,
)
from app.queueing.views.site import SiteView, site_view
from app.search import MAX_QUERY_CHARACTERS, Language, SearchResult

router = api_router("mall")


class CloseBody(Body):
    """Until when, and a note for colleagues."""

    until: UtcDatetime | None = None
    reason: Literal["by-hand", "absent"] = "by-hand"
    note: ShortText | None = None


OptionalClose = Annotated[CloseBody, or_empty(CloseBody)]


@router.get("/site", response_model=SiteView, dependencies=[Anyone])
async def site(request: Request) -> SiteView:
    """Tell what the mall is called, its day, time and policy."""
    context = context_of(request)
    return await context.readers.read(partial(site_view, now=context.clock.now()))


@router.get("/agencies", response_model=list[AgencyView], dependencies=[Anyone])
async def agencies(request: Request) -> Response:
    """List every agency with its services, open or why not, and who waits."""
    context = context_of(request)
    is_reception = any(actor.role == Role.RECEPTION for actor in callers(request))
    channel = Role.RECEPTION if is_reception else DeviceKind.KIOSK
    now = context.clock.now()
    view = partial(agencies_json, now=now, channel=channel)
    text = await context.readers.read_or_keep(("agencies", channel), now, view)
    return Response(text, media_type="application/json")


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
    agency_id: PathId, sender: ByCloser, body: OptionalClose
) -> Response:
    """Stop giving numbers for an agency."""
    return await _close(sender, body, agency_id=agency_id)


@router.post("/agencies/{agency_id}/reopen", response_model=AvailabilityView)
async def reopen_agency(
    agency_id: PathId, sender: ByCloser, _body: OptionalBody
) -> Response:
    """Take an agency's closure by hand back."""
    return await _reopen(sender, agency_id=agency_id)


@router.post("/services/{service_id}/close", response_model=AvailabilityView)
async def close_service(
    service_id: PathId, sender: ByCloser, body: OptionalClose
) -> Response:
    """Stop giving numbers for a service."""
    return await _close(sender, body, service_id=service_id)


@router.post("/services/{service_id}/reopen", response_model=AvailabilityView)
async def reopen_service(
    service_id: PathId, sender: ByCloser, _body: OptionalBody
) -> Response:
    """Take a service's closure by hand back."""
    return await _reopen(sender, service_id=service_id)


async def _close(
    sender: Sender,
    body: CloseBody,
    *,
    agency_id: int | None = None,
    service_id: int | None = None,
) -> Response:
    close = partial(
        closures.close_by_hand,
        agency_id=agency_id,
        service_id=service_id,
        until=body.until,
        reason=body.reason,
        note=body.note,
    )
    return await _change(sender, close, agency_id, service_id)


async def _reopen(
    sender: Sender, *, agency_id: int | None = None, service_id: int | None = None
) -> Response:
    reopen = partial(closures.lift_closure, agency_id=agency_id, service_id=service_id)
    return await _change(sender, reopen, agency_id, service_id)


async def _change(
    sender: Sender, rule: Rule[None], agency_id: int | None, service_id: int | None
) -> Response:
    """Give a closure's rule, and answer whether numbers are given then."""

    def run(db: Connection, change: Change) -> AvailabilityView:
        rule(db, change, actor=sender.actor)
        return availability_of(
            db, now=change.now, agency_id=agency_id, service_id=service_id
        )

    return await sender.run(run)
