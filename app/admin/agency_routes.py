"""What is open: agencies and services, closing them by hand and reopening them."""

from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Path, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.admin.access import StaffPageRoute
from app.admin.agencies import AgencyStateView, agency_state, agency_states
from app.admin.forms import CloseForm, read_close_form
from app.admin.pages import show
from app.admin.words import REFUSALS
from app.auth.access import Closer
from app.context import context_of
from app.errors import Invalid
from app.models.states import MAX_ID
from app.queueing.change import Actor
from app.queueing.commands.closures import close_by_hand, lift_closure
from app.web.pages import site_info_of

router = APIRouter(
    prefix="/admin/agencies", include_in_schema=False, route_class=StaffPageRoute
)

AgencyId = Annotated[int, Path(ge=1, le=MAX_ID)]
ServiceId = Annotated[int, Path(ge=1, le=MAX_ID)]
About = Annotated[int, Query(ge=0, le=MAX_ID)]
WHOLE_AGENCY = 0
"""Stands where a service's id could: the whole agency is meant."""


@router.get("")
async def agency_list(request: Request, actor: Closer) -> HTMLResponse:
    """List the caller's agencies: open, or why not and until when."""
    view = partial(agency_states, actor=actor, now=_now(request))
    agencies = await context_of(request).readers.read(view)
    return show(request, "agencies.html", actor, agencies=agencies)


@router.get("/{agency_id}")
async def agency(
    request: Request,
    actor: Closer,
    agency_id: AgencyId,
    notice: str = "",
    about: About = 0,
) -> HTMLResponse:
    """Show one agency and its services, with the forms to close and reopen them."""
    state = await _state(request, actor, agency_id)
    return _page(request, actor, state, notice=notice, about=about)


@router.post("/{agency_id}/close")
async def close_agency(
    request: Request,
    actor: Closer,
    agency_id: AgencyId,
    form: Annotated[CloseForm, Form()],
) -> Response:
    """Stop giving numbers for an agency."""
    state = await _state(request, actor, agency_id)
    problem = await _close(request, actor, form, agency_id=agency_id)
    if problem:
        return _page(request, actor, state, form=form, problem=problem)
    return _done(agency_id, "closed", WHOLE_AGENCY)


@router.post("/{agency_id}/reopen")
async def reopen_agency(
    request: Request, actor: Closer, agency_id: AgencyId
) -> Response:
    """Take an agency's closure by hand back."""
    await context_of(request).ledger.do(
        partial(lift_closure, actor=actor, agency_id=agency_id)
    )
    return _done(agency_id, "reopened", WHOLE_AGENCY)


@router.post("/{agency_id}/services/{service_id}/close")
async def close_service(
    request: Request,
    actor: Closer,
    agency_id: AgencyId,
    service_id: ServiceId,
    form: Annotated[CloseForm, Form()],
) -> Response:
    """Stop giving numbers for one service."""
    state = await _state(request, actor, agency_id)
    about = state.service(service_id).id
    problem = await _close(request, actor, form, service_id=about)
    if problem:
        return _page(request, actor, state, form=form, problem=problem, about=about)
    return _done(agency_id, "closed", about)


@router.post("/{agency_id}/services/{service_id}/reopen")
async def reopen_service(
    request: Request, actor: Closer, agency_id: AgencyId, service_id: ServiceId
) -> Response:
    """Take a service's closure by hand back."""
    state = await _state(request, actor, agency_id)
    about = state.service(service_id).id
    await context_of(request).ledger.do(
        partial(lift_closure, actor=actor, service_id=about)
    )
    return _done(agency_id, "reopened", about)


async def _state(request: Request, actor: Actor, agency_id: int) -> AgencyStateView:
    view = partial(agency_state, agency_id=agency_id, actor=actor, now=_now(request))
    return await context_of(request).readers.read(view)


async def _close(
    request: Request,
    actor: Actor,
    form: CloseForm,
    *,
    agency_id: int | None = None,
    service_id: int | None = None,
) -> str | None:
    """Close; return the problem with the form (``words.REFUSALS``) or None."""
    closing = read_close_form(form, _now(request), site_info_of(request).zone)
    if closing.problem:
        return closing.problem
    run = partial(
        close_by_hand,
        actor=actor,
        agency_id=agency_id,
        service_id=service_id,
        until=closing.until,
        note=closing.note,
    )
    try:
        await context_of(request).ledger.do(run)
    except Invalid as refusal:
        if refusal.details.get("field") != "until":
            raise
        return "past-time"
    return None


def _now(request: Request) -> datetime:
    return context_of(request).clock.now()


def _done(agency_id: int, notice: str, about: int) -> Response:
    anchor = f"#service-{about}" if about else ""
    address = f"/admin/agencies/{agency_id}?notice={notice}&about={about}{anchor}"
    return RedirectResponse(address, 303)


def _page(
    request: Request,
    actor: Actor,
    state: AgencyStateView,
    *,
    form: CloseForm | None = None,
    problem: str | None = None,
    notice: str = "",
    about: int = WHOLE_AGENCY,
) -> HTMLResponse:
    return show(
        request,
        "agency.html",
        actor,
        agency=state,
        form=form or CloseForm(),
        problem=problem,
        refusal=REFUSALS.get(problem or ""),
        notice=notice,
        about=about,
    )
