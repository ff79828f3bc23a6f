"""The administration's pages: the overview, and the parts behind it."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Form, Request
from sqlalchemy import Connection
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.admin import agency_routes, device_routes, reception_routes
from app.admin.access import StaffPage
from app.admin.devices import devices
from app.admin.forms import ClockForm
from app.admin.openness import AgencyState, agency_states
from app.admin.pages import show
from app.admin.printers import PrinterView, printers
from app.admin.words import (
    ALARMS,
    PLAIN_REASON,
    PRINT_REASONS,
    PRINT_STATES,
    PRINTER_STATES,
)
from app.auth.access import Admin, Closer
from app.auth.devices import DeviceView
from app.context import Context, context_of
from app.errors import Invalid
from app.models import Role
from app.queueing.change import Actor
from app.queueing.printer_views import Live

router = APIRouter(include_in_schema=False, route_class=StaffPage)
router.include_router(device_routes.router)
router.include_router(agency_routes.router)
router.include_router(reception_routes.router)


class Overview(NamedTuple):
    """Everything that the first page counts."""

    devices: list[DeviceView]
    agencies: list[AgencyState]
    printers: list[PrinterView]


@router.get("/admin")
async def overview(request: Request, who: Closer) -> Response:
    """Show how things stand; reception and supervisors go to what they may do."""
    if who.role != Role.ADMIN:
        return RedirectResponse("/admin/agencies", 303)
    return await _show_overview(request, who)


@router.post("/admin/clock")
async def confirm_clock(
    request: Request, who: Admin, form: Annotated[ClockForm, Form()]
) -> Response:
    """Take an administrator's word on today's date; then numbers are given again."""
    ledger = context_of(request).ledger
    try:
        await ledger.confirm_clock(date.fromisoformat(form.day))
    except (ValueError, Invalid):
        return await _show_overview(request, who, problem="invalid")
    await ledger.do(lambda _db, _change: None)  # the day begins at once
    return RedirectResponse("/admin", 303)


@router.get("/admin/printers")
async def printer_list(request: Request, who: Admin) -> HTMLResponse:
    """Show every printer, how it stands and how its last slips ended."""
    context = context_of(request)
    return show(
        request,
        "printers.html",
        who,
        printers=await context.readers.read(_printers(context)),
        states=PRINT_STATES,
        standings=PRINTER_STATES,
        alarm_words=ALARMS,
        reasons=PRINT_REASONS,
        plain_reason=PLAIN_REASON,
    )


async def _show_overview(
    request: Request, who: Actor, problem: str | None = None
) -> HTMLResponse:
    context = context_of(request)
    live = context.printing.live()
    view = partial(_overview, who=who, request=request, live=live)
    return show(
        request,
        "overview.html",
        who,
        seen=await context.readers.read(view),
        clock_is_in_doubt=context.ledger.clock_is_in_doubt,
        clock_says=context.ledger.clock_says(),
        problem=problem,
    )


def _overview(db: Connection, *, who: Actor, request: Request, live: Live) -> Overview:
    context = context_of(request)
    now = context.clock.now()
    return Overview(
        devices(db),
        agency_states(db, who=who, now=now),
        printers(db, live=live, now=now),
    )


def _printers(context: Context) -> Callable[[Connection], list[PrinterView]]:
    return partial(printers, live=context.printing.live(), now=context.clock.now())
