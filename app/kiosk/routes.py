"""The kiosk's pages: agency → service → a number. GET changes nothing."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from starlette.responses import RedirectResponse

from app.auth.access import Anyone, allow, callers
from app.context import context_of
from app.errors import TooEarly, Unavailable
from app.kiosk import views
from app.kiosk.form import NumberForm
from app.kiosk.giving import give, key_of_showing, ticket_of
from app.kiosk.guarding import KioskRoute
from app.kiosk.pages import show
from app.kiosk.qr import qr_svg
from app.kiosk.searching import (
    KEY_PATTERN,
    KEYS,
    LIKELY_SHEETS,
    MOST_TYPED,
    pressed,
    services_found,
)
from app.kiosk.service import service_page, service_view
from app.kiosk.shown import forget_shown, keep_shown, shown_ticket
from app.kiosk.wanted import wanted_of
from app.kiosk.way import START, way_of
from app.kiosk.words import CLASSES
from app.models.states import DeviceKind
from app.queueing.change import Actor
from app.queueing.issuing import MAX_SERVICES
from app.searching import LONGEST_QUERY
from app.web.pages import page

NONCE_BYTES = 16

T = TypeVar("T")

router = APIRouter(
    prefix="/kiosk", route_class=KioskRoute, include_in_schema=False, tags=["kiosk"]
)

Kiosk = Annotated[Actor, Depends(allow(DeviceKind.KIOSK))]
SheetNumber = Annotated[int, Query(alias="page", ge=1, le=1000)]
Typed = Annotated[str, Query(alias="q", max_length=LONGEST_QUERY)]
PressedKey = Annotated[str, Query(alias="key", pattern=KEY_PATTERN)]


@router.get("", dependencies=[Anyone])
async def start(request: Request, number: SheetNumber = 1) -> Response:
    """Show the agencies; on a screen that is no kiosk yet, how to pair it."""
    if not _is_kiosk(request):
        return _pairing(request)
    context = context_of(request)
    wanted = wanted_of(request)
    agencies = await context.readers.read(
        partial(views.start_view, wanted=wanted, now=context.clock.now())
    )
    way = way_of(request)
    sheet = views.sheet(agencies, number=number, size=views.room_of(way).agencies)
    is_fresh = sheet.number == 1 and way.is_plain
    response = show(request, "start.html", sheet=sheet, is_fresh=is_fresh)
    forget_shown(request, response)
    return response


@router.get("/agencies/{agency_id}")
async def agency(
    request: Request, agency_id: int, _who: Kiosk, number: SheetNumber = 1
) -> Response:
    """Show an agency's services."""
    context = context_of(request)
    view = partial(views.agency_view, agency_id=agency_id, now=context.clock.now())
    agency = await context.readers.read(view)
    room = views.room_of(way_of(request))
    sheet = views.sheet(agency.services, number=number, size=room.services)
    return show(request, "agency.html", agency=agency, sheet=sheet)


@router.get("/search")
async def search(
    request: Request,
    _who: Kiosk,
    typed: Typed = "",
    key: PressedKey = "",
    number: SheetNumber = 1,
) -> Response:
    """Show what was typed, one key more if one was pressed, and what that finds."""
    typed = pressed(typed, key) if key else typed
    context = context_of(request)
    way = way_of(request)
    found = await context.search.find(typed, way.language)
    services = await context.readers.read(
        partial(services_found, found=found, now=context.clock.now())
    )
    room = views.room_of(way).found
    likely = services[: room * LIKELY_SHEETS]
    return show(
        request,
        "search.html",
        typed=typed,
        keys=KEYS,
        most=MOST_TYPED,
        total=len(likely),
        sheet=views.sheet(likely, number=number, size=room),
    )


@router.get("/person")
async def person(request: Request, _who: Kiosk) -> Response:
    """Say where a person helps."""
    return show(request, "person.html")


@router.get("/services/{service_id}")
async def service(request: Request, service_id: int, who: Kiosk) -> Response:
    """Show what a service needs and who waits; each showing has a key of its own."""
    context = context_of(request)
    way = way_of(request)
    found = await context.readers.read(
        partial(
            service_page,
            service_id=service_id,
            chosen=way.chosen,
            now=context.clock.now(),
            kiosk_id=who.id,
        )
    )
    others = tuple(each.service.id for each in found.others)
    people = min(way.chosen.people, found.people_max)
    chosen = replace(way.chosen, services=others, people=people)
    return show(
        request,
        "service.html",
        found=found,
        chosen=chosen,
        classes=CLASSES,
        most=MAX_SERVICES,
        key=secrets.token_hex(NONCE_BYTES),
    )


@router.post("/tickets")
async def give_number(
    request: Request, who: Kiosk, form: Annotated[NumberForm, Form()]
) -> Response:
    """Give one number for all that was chosen, once for each showing of the page."""
    way = way_of(request).chosen_once()
    chosen = form.chosen()
    run = give(chosen, language=way.language, who=who)
    try:
        answer = await context_of(request).ledger.do(
            run, key=key_of_showing(who, form.key), status=201
        )
    except (Unavailable, TooEarly) as refusal:
        closed = int(refusal.facts.get("service_id", chosen.services[0]))
        kept = way.choosing(chosen.besides(closed))
        return RedirectResponse(kept.to(f"/kiosk/services/{closed}/closed"), 303)
    response = RedirectResponse(way.to("/kiosk/ticket"), 303)
    keep_shown(request, response, ticket_of(answer))
    return response


@router.get("/services/{service_id}/closed")
async def closed(request: Request, service_id: int, who: Kiosk) -> Response:
    """Say that a service closed before it was touched; nothing was issued.

    Where its whole agency closed, the way leads on to the other agencies. What
    this kiosk only holds back is told on the service's own page.
    """
    context = context_of(request)
    now = context.clock.now()
    view = partial(service_view, service_id=service_id, now=now, kiosk_id=who.id)
    found = await context.readers.read(view)
    way = way_of(request)
    agency = way.to(f"/kiosk/agencies/{found.agency.id}")
    if found.service.reception_only or found.service.kiosk_next_at:
        # its own page says so, with what to bring
        return RedirectResponse(way.to(f"/kiosk/services/{service_id}"), 303)
    if found.service.open:
        return RedirectResponse(agency, 303)
    # reception still gives the agency's other numbers: it is not closed
    goes_on = found.agency.open or found.agency.reception_only
    return show(
        request,
        "closed.html",
        agency=found.agency,
        service=found.service,
        goes_on=goes_on,
        again=agency if goes_on else way.to(START),
    )


@router.get("/ticket")
async def ticket(request: Request, who: Kiosk) -> Response:
    """Show the number that this kiosk has just given; else the start page."""
    result = await _read_shown(request, who, views.result_view)
    if result is None:
        return RedirectResponse(START, 303)
    return show(
        request,
        "ticket.html",
        ticket=result.visit.ticket,
        legs=result.visit.legs,
        is_helped=result.is_helped,
        qr=qr_svg(result.url),
        slip=result.slip,
    )


@router.get("/ticket/slip")
async def slip(request: Request, who: Kiosk) -> Response:
    """Show what became of the slip: a piece of the page; 204 when none is shown."""
    note = await _read_shown(request, who, views.slip_view)
    if note is None:
        return Response(status_code=204)
    return show(request, "slip.html", slip=note)


async def _read_shown(
    request: Request, who: Actor, view: Callable[..., T | None]
) -> T | None:
    ticket_id = shown_ticket(request)
    if ticket_id is None:
        return None
    context = context_of(request)
    now = context.clock.now()
    return await context.readers.read(
        partial(view, ticket_id=ticket_id, device_id=who.id, now=now)
    )


def _is_kiosk(request: Request) -> bool:
    return any(caller.is_kiosk for caller in callers(request))


def _pairing(request: Request) -> Response:
    return page(
        request,
        "web/pairing.html",
        language=way_of(request).language,
        kind=DeviceKind.KIOSK.value,
        next=START,
        is_demo=context_of(request).is_demo,
    )
