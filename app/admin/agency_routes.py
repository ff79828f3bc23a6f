"""What is open: agencies and services, closing them by hand and reopening them."""

from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Path, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.admin.access import StaffPage
from app.admin.forms import CloseForm, CloseRequest, read_close_form
from app.admin.openness import AgencyState, agency_state, agency_states
from app.admin.pages import show
from app.admin.words import REFUSALS
from app.auth.access import Closer
from app.context import context_of
from app.models.states import LARGEST_ID
from app.queueing.change import Actor
from app.queueing.closing import close_by_hand, lift
from app.web.pages import hall_of

router = APIRouter(
    prefix="/admin/agencies", include_in_schema=False, route_class=StaffPage
)

AgencyId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
ServiceId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
About = Annotated[int, Query(ge=0, le=LARGEST_ID)]
WHOLE = 0
"""Stands where a service's id could: the whole agency is meant."""


@router.get("")
async def agency_list(request: Request, who: Closer) -> HTMLResponse:
    """List the caller's agencies: open, or why not and until when."""
    view = partial(agency_states, who=who, now=_now(request))
    found = await context_of(request).readers.read(view)
    return show(request, "agencies.html", who, agencies=found)


@router.get("/{agency_id}")
async def agency(
    request: Request, who: Closer, agency_id: AgencyId, said: str = "", about: About = 0
) -> HTMLResponse:
    """Show one agency and its services, with the forms to close and reopen them."""
    state = await _state(request, who, agency_id)
    return _page(request, who, state, said=said, about=about)


@router.post("/{agency_id}/close")
async def close_agency(
    request: Request,
    who: Closer,
    agency_id: AgencyId,
    form: Annotated[CloseForm, Form()],
) -> Response:
    """Stop giving numbers for an agency."""
    state = await _state(request, who, agency_id)
    asked = _read(request, form)
    if asked.problem:
        return _page(request, who, state, form=form, problem=asked.problem)
    await _close(request, who, asked, agency_id=agency_id)
    return _done(agency_id, "closed", WHOLE)


@router.post("/{agency_id}/reopen")
async def reopen_agency(request: Request, who: Closer, agency_id: AgencyId) -> Response:
    """Take an agency's closure by hand back."""
    await context_of(request).ledger.do(partial(lift, who=who, agency_id=agency_id))
    return _done(agency_id, "reopened", WHOLE)


@router.post("/{agency_id}/services/{service_id}/close")
async def close_service(
    request: Request,
    who: Closer,
    agency_id: AgencyId,
    service_id: ServiceId,
    form: Annotated[CloseForm, Form()],
) -> Response:
    """Stop giving numbers for one service."""
    state = await _state(request, who, agency_id)
    about = state.service(service_id).id
    asked = _read(request, form)
    if asked.problem:
        return _page(request, who, state, form=form, problem=asked.problem, about=about)
    await _close(request, who, asked, service_id=service_id)
    return _done(agency_id, "closed", service_id)


@router.post("/{agency_id}/services/{service_id}/reopen")
async def reopen_service(
    request: Request, who: Closer, agency_id: AgencyId, service_id: ServiceId
) -> Response:
    """Take a service's closure by hand back."""
    state = await _state(request, who, agency_id)
    about = state.service(service_id).id
    await context_of(request).ledger.do(partial(lift, who=who, service_id=about))
    return _done(agency_id, "reopened", about)


async def _state(request: Request, who: Actor, agency_id: int) -> AgencyState:
    view = partial(agency_state, agency_id=agency_id, who=who, now=_now(request))
    return await context_of(request).readers.read(view)


async def _close(
    request: Request,
    who: Actor,
    asked: CloseRequest,
    *,
    agency_id: int | None = None,
    service_id: int | None = None,
) -> None:
    run = partial(
        close_by_hand,
        who=who,
        agency_id=agency_id,
        service_id=service_id,
        until=asked.until,
        note=asked.note,
    )
    await context_of(request).ledger.do(run)


def _read(request: Request, form: CloseForm) -> CloseRequest:
    return read_close_form(form, _now(request), hall_of(request).zone)


def _now(request: Request) -> datetime:
    return context_of(request).clock.now()


def _done(agency_id: int, said: str, about: int) -> Response:
    anchor = f"#service-{about}" if about else ""
    address = f"/admin/agencies/{agency_id}?said={said}&about={about}{anchor}"
    return RedirectResponse(address, 303)


def _page(
    request: Request,
    who: Actor,
    state: AgencyState,
    *,
    form: CloseForm | None = None,
    problem: str | None = None,
    said: str = "",
    about: int = WHOLE,
) -> HTMLResponse:
    return show(
        request,
        "agency.html",
        who,
        agency=state,
        form=form or CloseForm(),
        problem=problem,
        refusal=REFUSALS.get(problem or ""),
        said=said,
        about=about,
    )
