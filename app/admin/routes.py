"""The administration's pages: the overview, and the parts behind it."""

from datetime import date
from functools import partial
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Form, Request
from sqlalchemy import Connection
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.admin import (
    agency_routes,
    device_routes,
    hall_routes,
    printer_routes,
    reception_routes,
)
from app.admin.access import StaffPageRoute
from app.admin.agencies import AgencyStateView, agency_states
from app.admin.devices import screens
from app.admin.forms import ClockForm
from app.admin.pages import show
from app.admin.printers import PrinterView, printers
from app.admin.words import PUBLIC_URL_WORDS
from app.auth.access import Admin, Closer
from app.auth.devices import DeviceView
from app.context import context_of
from app.errors import Invalid
from app.importing.public_url import public_url_warning
from app.models import Role
from app.queueing.change import Actor
from app.queueing.site.pauses import read_pause_rules
from app.queueing.site.site_row import site_row
from app.queueing.views.counters import CounterView, visible_counters
from app.queueing.views.printers import LiveState

router = APIRouter(include_in_schema=False, route_class=StaffPageRoute)
router.routes += [
    *device_routes.router.routes,
    *agency_routes.router.routes,
    *printer_routes.router.routes,
    *hall_routes.router.routes,
    *reception_routes.router.routes,
]


class Overview(NamedTuple):
    """Everything that the first page counts."""

    devices: list[DeviceView]
    agencies: list[AgencyStateView]
    printers: list[PrinterView]
    counters: list[CounterView]
    public_url: str
    public_url_warning: str | None
    """The code of why few phones open it (settings.md#where-phones-go)."""


@router.get("/admin")
async def overview(request: Request, actor: Closer) -> Response:
    """Show how things stand; reception and supervisors go to what they may do."""
    if actor.role != Role.ADMIN:
        return RedirectResponse("/admin/agencies", 303)
    return await _show_overview(request, actor)


@router.post("/admin/clock")
async def confirm_clock(
    request: Request, actor: Admin, form: Annotated[ClockForm, Form()]
) -> Response:
    """Take an administrator's word on today's date; then numbers are given again."""
    ledger = context_of(request).ledger
    try:
        await ledger.confirm_clock(date.fromisoformat(form.day))
    except (ValueError, Invalid):
        return await _show_overview(request, actor, problem="invalid")
    await ledger.do(lambda _db, _change: None)  # the day begins at once
    return RedirectResponse("/admin", 303)


async def _show_overview(
    request: Request, actor: Actor, problem: str | None = None
) -> HTMLResponse:
    context = context_of(request)
    live = context.printing.live_state()
    view = partial(_overview, actor=actor, request=request, live=live)
    return show(
        request,
        "overview.html",
        actor,
        totals=await context.readers.read(view),
        clock_is_in_doubt=context.ledger.clock_is_in_doubt,
        machine_time=context.ledger.machine_time(),
        problem=problem,
        public_url_words=PUBLIC_URL_WORDS,
    )


def _overview(
    db: Connection, *, actor: Actor, request: Request, live: LiveState
) -> Overview:
    context = context_of(request)
    now = context.clock.now()
    public_url = site_row(db).public_url
    # the demo's own address is meant for this machine
    warning = None if context.is_demo else public_url_warning(public_url)
    return Overview(
        screens(db),
        agency_states(db, actor=actor, now=now),
        printers(db, live=live, now=now, actor=actor),
        visible_counters(db, actor, read_pause_rules(db, now)),
        public_url,
        warning,
    )
