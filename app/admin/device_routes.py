"""Devices: which are paired, pairing one by its code, revoking a pairing."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Path, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.admin.access import StaffPage
from app.admin.devices import device_of_token, devices
from app.admin.forms import PairForm, read_pair_form
from app.admin.pages import show
from app.admin.pairing import pair
from app.admin.words import REFUSALS
from app.auth.access import Admin
from app.auth.devices import revoke_token
from app.context import context_of
from app.models.states import LARGEST_ID
from app.queueing.change import Actor

router = APIRouter(
    prefix="/admin/devices", include_in_schema=False, route_class=StaffPage
)

TokenId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
About = Annotated[int, Query(ge=0, le=LARGEST_ID)]


@router.get("")
async def device_list(
    request: Request, who: Admin, said: str = "", about: About = 0
) -> HTMLResponse:
    """List kiosks and displays, with the form to pair one."""
    return await _list(request, who, said=said, about=about)


@router.post("")
async def pair_screen(
    request: Request, who: Admin, form: Annotated[PairForm, Form()]
) -> Response:
    """Pair the screen that shows a code."""
    asked = read_pair_form(form)
    problem = await pair(context_of(request).ledger, asked, who)
    if problem:
        return await _list(request, who, form=form, problem=problem)
    done = f"/admin/devices?said=paired&about={asked.device_id}"
    return RedirectResponse(done, 303)


@router.get("/tokens/{token_id}/revoke")
async def ask_to_revoke(
    request: Request, who: Admin, token_id: TokenId
) -> HTMLResponse:
    """Ask before a pairing is revoked, and say what follows."""
    view = partial(device_of_token, token_id=token_id)
    device = await context_of(request).readers.read(view)
    token = next(known for known in device.tokens if known.id == token_id)
    return show(request, "revoke.html", who, device=device, token=token)


@router.post("/tokens/{token_id}/revoke")
async def revoke(request: Request, _who: Admin, token_id: TokenId) -> Response:
    """Revoke one pairing; its screen shows the pairing page at once."""
    context = context_of(request)
    device = await context.readers.read(partial(device_of_token, token_id=token_id))
    await context.ledger.do(partial(revoke_token, token_id=token_id))
    return RedirectResponse(f"/admin/devices?said=revoked&about={device.id}", 303)


async def _list(
    request: Request,
    who: Actor,
    *,
    form: PairForm | None = None,
    problem: str | None = None,
    said: str = "",
    about: int = 0,
) -> HTMLResponse:
    found = await context_of(request).readers.read(devices)
    return show(
        request,
        "devices.html",
        who,
        devices=found,
        form=form or PairForm(),
        problem=problem,
        refusal=REFUSALS.get(problem or ""),
        said=said,
        about=next((device for device in found if device.id == about), None),
    )
