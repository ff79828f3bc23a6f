"""The kiosk's pages: agency → service → a number. GET changes nothing."""

import secrets
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Annotated, Protocol, TypeVar

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from sqlalchemy import Connection
from starlette.responses import RedirectResponse

from app.auth.access import Anyone, allow, callers
from app.context import context_of
from app.errors import TooEarly, Unavailable
from app.kiosk import views
from app.kiosk.error_pages import KioskRoute
from app.kiosk.form import TicketForm
from app.kiosk.issue import issue_command, issued_ticket_id, request_key
from app.kiosk.pages import show
from app.kiosk.popularity import popularity_of
from app.kiosk.qr import qr_svg
from app.kiosk.search import (
    KEY_PATTERN,
    KEYS,
    MAX_LETTERS,
    MAX_SHEETS,
    services_of_hits,
    text_after_key,
)
from app.kiosk.service import service_page, service_view
from app.kiosk.ticket_cookie import (
    clear_ticket_cookie,
    set_ticket_cookie,
    ticket_id_from_cookie,
)
from app.kiosk.url_state import START, url_state_of
from app.kiosk.words import PRIORITY_CLASSES
from app.models.states import DeviceKind
from app.queueing.change import Actor
from app.queueing.site.kiosk_rate import RateUse
from app.queueing.site.policy import MAX_SERVICES
from app.search import MAX_QUERY_CHARACTERS
from app.web.pages import page

NONCE_BYTES = 16

T_co = TypeVar("T_co", covariant=True)

router = APIRouter(
    prefix="/kiosk", route_class=KioskRoute, include_in_schema=False, tags=["kiosk"]
)

Kiosk = Annotated[Actor, Depends(allow(DeviceKind.KIOSK))]
SheetNumber = Annotated[int, Query(alias="page", ge=1, le=1000)]
Typed = Annotated[str, Query(alias="q", max_length=MAX_QUERY_CHARACTERS)]
PressedKey = Annotated[str, Query(alias="key", pattern=KEY_PATTERN)]


@router.get("", dependencies=[Anyone])
async def start(request: Request, number: SheetNumber = 1) -> Response:
    """Show the agencies; on a screen that is no kiosk yet, how to pair it."""
    if not _is_kiosk(request):
        return _pairing(request)
    context = context_of(request)
    now = context.clock.now()
    view = partial(views.start_view, popularity=popularity_of(request), now=now)
    agencies = await context.readers.read_or_keep("kiosk's start", now, view)
    url_state = url_state_of(request)
    sheet = views.sheet(
        agencies, number=number, size=views.page_capacity_of(url_state).agencies
    )
    is_fresh = sheet.number == 1 and url_state.is_plain
    response = show(request, "start.html", sheet=sheet, is_fresh=is_fresh)
    clear_ticket_cookie(request, response)
    return response


@router.get("/agencies/{agency_id}")
async def agency(
    request: Request, agency_id: int, _actor: Kiosk, number: SheetNumber = 1
) -> Response:
    """Show an agency's services."""
    context = context_of(request)
    view = partial(views.agency_view, agency_id=agency_id, now=context.clock.now())
    agency = await context.readers.read(view)
    capacity = views.page_capacity_of(url_state_of(request))
    sheet = views.sheet(agency.services, number=number, size=capacity.services)
    return show(request, "agency.html", agency=agency, sheet=sheet)


@router.get("/search")
async def search(
    request: Request,
    _actor: Kiosk,
    typed: Typed = "",
    key: PressedKey = "",
    number: SheetNumber = 1,
) -> Response:
    """Show what was typed, one key more if one was pressed, and what that finds."""
    typed = text_after_key(typed, key) if key else typed
    context = context_of(request)
    url_state = url_state_of(request)
    result = await context.search.find(typed, url_state.language)
    services = await context.readers.read(
        partial(services_of_hits, hits=result, now=context.clock.now())
    )
    capacity = views.page_capacity_of(url_state).results
    likely = services[: capacity * MAX_SHEETS]
    return show(
        request,
        "search.html",
        typed=typed,
        keys=KEYS,
        max_letters=MAX_LETTERS,
        total=len(likely),
        sheet=views.sheet(likely, number=number, size=capacity),
    )


@router.get("/person")
async def person(request: Request, _actor: Kiosk) -> Response:
    """Say where a person helps."""
    return show(request, "person.html")


@router.get("/services/{service_id}")
async def service(request: Request, service_id: int, actor: Kiosk) -> Response:
    """Show what a service needs and who waits; each showing has a key of its own."""
    context = context_of(request)
    url_state = url_state_of(request)
    result = await context.readers.read(
        partial(
            service_page,
            service_id=service_id,
            choices=url_state.choices,
            now=context.clock.now(),
            kiosk_id=actor.id,
        )
    )
    others = tuple(each.service.id for each in result.others)
    people = min(url_state.choices.people, result.people_max)
    choices = replace(url_state.choices, services=others, people=people)
    return show(
        request,
        "service.html",
        view=result,
        choices=choices,
        priority_classes=PRIORITY_CLASSES,
        max_services=MAX_SERVICES,
        key=secrets.token_hex(NONCE_BYTES),
    )


@router.post("/tickets")
async def issue_ticket(
    request: Request, actor: Kiosk, form: Annotated[TicketForm, Form()]
) -> Response:
    """Issue one number for all that was chosen, once for each showing of the page."""
    url_state = url_state_of(request).without_choices()
    choices = form.choices()
    context = context_of(request)
    rate_use = RateUse(context.rates)
    run = issue_command(
        choices, language=url_state.language, actor=actor, rate_use=rate_use
    )
    try:
        with rate_use.durable_only():
            answer = await context.ledger.do(
                run, key=request_key(actor, form.key), status=201
            )
    except (Unavailable, TooEarly) as refusal:
        closed_id = int(refusal.details.get("service_id", choices.services[0]))
        remaining = url_state.with_choices(choices.without(closed_id))
        return RedirectResponse(
            remaining.url_for(f"/kiosk/services/{closed_id}/closed"), 303
        )
    # 303: what a reload repeats is a GET, which issues nothing (lesson 2)
    response = RedirectResponse(url_state.url_for("/kiosk/ticket"), 303)
    set_ticket_cookie(request, response, issued_ticket_id(answer))
    return response


@router.get("/services/{service_id}/closed")
async def closed(request: Request, service_id: int, actor: Kiosk) -> Response:
    """Say that a service closed before it was touched; nothing was issued.

    Where its whole agency closed, the way leads on to the other agencies. What
    this kiosk only holds back is shown on the service's own page.
    """
    context = context_of(request)
    now = context.clock.now()
    view = partial(service_view, service_id=service_id, now=now, kiosk_id=actor.id)
    result = await context.readers.read(view)
    url_state = url_state_of(request)
    agency = url_state.url_for(f"/kiosk/agencies/{result.agency.id}")
    if result.service.reception_only or result.service.kiosk_next_at:
        # its own page says so, with what to bring
        return RedirectResponse(url_state.url_for(f"/kiosk/services/{service_id}"), 303)
    if result.service.open:
        return RedirectResponse(agency, 303)
    # reception still gives the agency's other numbers: it is not closed
    is_agency_open = result.agency.open or result.agency.reception_only
    return show(
        request,
        "closed.html",
        agency=result.agency,
        service=result.service,
        is_agency_open=is_agency_open,
        others_url=agency if is_agency_open else url_state.url_for(START),
    )


@router.get("/ticket")
async def ticket(request: Request, actor: Kiosk) -> Response:
    """Show the number that this kiosk has just given; else the start page."""
    result = await _read_issued_ticket(request, actor, views.issued_ticket_view)
    if result is None:
        return RedirectResponse(START, 303)
    return show(
        request,
        "ticket.html",
        ticket=result.visit.ticket,
        entries=result.visit.legs,
        needs_assistance=result.needs_assistance,
        qr=qr_svg(result.url),
        slip=result.slip,
    )


@router.get("/ticket/slip")
async def slip(request: Request, actor: Kiosk) -> Response:
    """Show what became of the slip: a piece of the page; 204 when none is shown."""
    note = await _read_issued_ticket(request, actor, views.slip_view)
    if note is None:
        return Response(status_code=204)
    return show(request, "slip.html", slip=note)


class _IssuedTicketReader(Protocol[T_co]):
    """Reads a number that this kiosk gave a short while ago, if it may be shown."""

    def __call__(
        self, db: Connection, ticket_id: int, *, device_id: int, now: datetime
    ) -> T_co | None: ...


async def _read_issued_ticket(
    request: Request, actor: Actor, view: _IssuedTicketReader[T_co]
) -> T_co | None:
    ticket_id = ticket_id_from_cookie(request)
    if ticket_id is None or actor.id is None:
        return None
    context = context_of(request)
    now = context.clock.now()
    return await context.readers.read(
        partial(view, ticket_id=ticket_id, device_id=actor.id, now=now)
    )


def _is_kiosk(request: Request) -> bool:
    return any(caller.is_kiosk for caller in callers(request))


def _pairing(request: Request) -> Response:
    return page(
        request,
        "web/pairing.html",
        language=url_state_of(request).language,
        kind=DeviceKind.KIOSK.value,
        next=START,
        is_demo=context_of(request).is_demo,
    )
