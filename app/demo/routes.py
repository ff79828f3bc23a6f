"""Pages that only the demo has: becoming a screen, and the paper of its printers."""

import asyncio
from functools import partial
from typing import Annotated, Literal, cast

from fastapi import APIRouter, Form, Path, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.auth.access import Anyone, callers
from app.auth.cookies import DEVICE_COOKIE_SECONDS, DEVICE_COOKIES, set_cookie
from app.auth.cross_site import has_foreign_origin
from app.auth.secrets import new_secret
from app.context import context_of
from app.demo.self_pairing import become, device_to_become
from app.demo.server import Demo
from app.demo.slips import FaultName, emulator_views, set_fault, slip_with_id
from app.errors import CrossSite, NotFound
from app.models.states import MAX_ID, DeviceKind
from app.printing.printers import printer_rows
from app.web.pages import page
from app.web.staff_sign_in import same_site_path
from printer.emulator import PrinterEmulator

router = APIRouter(prefix="/demo", include_in_schema=False)

Id = Annotated[int, Path(ge=1, le=MAX_ID)]
SEE_OTHER = 303


class BecomeForm(BaseModel):
    """Which screen this browser becomes, and the path to go on to."""

    kind: Literal["kiosk", "display"]
    device_id: Annotated[int | None, Field(ge=1, le=MAX_ID)] = None
    next: Annotated[str, Field(max_length=500)] = ""


class FaultForm(BaseModel):
    """A fault of an emulated printer, and whether it begins or ends."""

    fault: FaultName
    on: bool


@router.post("/become", dependencies=[Anyone])
async def become_device(
    request: Request, form: Annotated[BecomeForm, Form()]
) -> Response:
    """Make this browser a kiosk or display, and go on to its page."""
    if has_foreign_origin(request.headers):
        raise CrossSite
    context = context_of(request)
    kind = DeviceKind(form.kind)
    response = RedirectResponse(same_site_path(form.next) or f"/{kind}", SEE_OTHER)
    find = partial(device_to_become, kind=kind, requested_id=form.device_id)
    device_id = await context.readers.read(find)
    if any(actor.role == kind and actor.id == device_id for actor in callers(request)):
        return response
    secret = new_secret()
    await context.ledger.do(
        partial(become, kind=kind, requested_id=device_id, secret=secret)
    )
    set_cookie(
        response,
        DEVICE_COOKIES[kind],
        secret,
        seconds=DEVICE_COOKIE_SECONDS,
        secure=context.settings.secure_cookies,
    )
    return response


@router.get("/printers", dependencies=[Anyone])
async def printers(request: Request) -> HTMLResponse:
    """Show the last slips of each emulated printer, and its faults."""
    all_printers = await context_of(request).readers.read(printer_rows)
    return page(
        request,
        "demo/printers.html",
        printers=emulator_views(all_printers, _demo(request).emulators),
        real=[printer.address for printer in all_printers][:1],
    )


@router.post("/printers/{printer_id}/faults", dependencies=[Anyone])
async def fault(
    request: Request, printer_id: Id, form: Annotated[FaultForm, Form()]
) -> Response:
    """Break an emulated printer in one way, or mend that."""
    set_fault(_emulator(request, printer_id), form.fault, on=form.on)
    return RedirectResponse(f"/demo/printers#printer-{printer_id}", SEE_OTHER)


@router.get("/printers/{printer_id}/{slip_id}.png", dependencies=[Anyone])
async def slip_picture(request: Request, printer_id: Id, slip_id: Id) -> Response:
    """Draw one slip from the bytes that the printer received."""
    slip = slip_with_id(_emulator(request, printer_id), slip_id)
    if slip is None:
        raise NotFound
    picture = await asyncio.to_thread(slip.png)
    # ids begin anew with each start of the demo, so no browser may keep this
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Response(picture, media_type="image/png", headers=headers)


def _emulator(request: Request, printer_id: int) -> PrinterEmulator:
    emulator = _demo(request).emulators.get(printer_id)
    if emulator is None:
        raise NotFound
    return emulator


def _demo(request: Request) -> Demo:
    return cast(Demo, request.app.state.demo)
