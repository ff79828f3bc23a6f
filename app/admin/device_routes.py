"""Devices: which are paired, pairing one by its code, revoking a pairing."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Path, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.admin.access import StaffPageRoute
from app.admin.devices import device_of_token
from app.admin.forms import PairForm, read_pair_form
from app.admin.pages import show
from app.admin.pairing import pair
from app.admin.words import REFUSALS
from app.auth.access import Admin
from app.auth.devices import device_views, revoke_token
from app.context import context_of
from app.models.states import MAX_ID
from app.queueing.change import Actor

router = APIRouter(
    prefix="/admin/devices", include_in_schema=False, route_class=StaffPageRoute
)

TokenId = Annotated[int, Path(ge=1, le=MAX_ID)]
About = Annotated[int, Query(ge=0, le=MAX_ID)]


@router.get("")
async def device_list(
    request: Request, actor: Admin, notice: str = "", about: About = 0
) -> HTMLResponse:
    """List the devices, with the form to pair one."""
    return await _list(request, actor, notice=notice, about=about)


@router.post("")
async def pair_screen(
    request: Request, actor: Admin, form: Annotated[PairForm, Form()]
) -> Response:
    """Pair the screen that shows a code."""
    pairing = read_pair_form(form)
    problem = await pair(context_of(request).ledger, pairing, actor)
    if problem:
        return await _list(request, actor, form=form, problem=problem)
    address = f"/admin/devices?notice=paired&about={pairing.device_id}"
    return RedirectResponse(address, 303)


@router.get("/tokens/{token_id}/revoke")
async def confirm_revoke(
    request: Request, actor: Admin, token_id: TokenId
) -> HTMLResponse:
    """Ask before a pairing is revoked, and say what follows."""
    view = partial(device_of_token, token_id=token_id)
    device = await context_of(request).readers.read(view)
    token = next(each for each in device.tokens if each.id == token_id)
    return show(request, "revoke.html", actor, device=device, token=token)


@router.post("/tokens/{token_id}/revoke")
async def revoke(request: Request, _actor: Admin, token_id: TokenId) -> Response:
    """Revoke one pairing; its screen shows the pairing page at once."""
    context = context_of(request)
    device = await context.readers.read(partial(device_of_token, token_id=token_id))
    await context.ledger.do(partial(revoke_token, token_id=token_id))
    return RedirectResponse(f"/admin/devices?notice=revoked&about={device.id}", 303)


async def _list(
    request: Request,
    actor: Actor,
    *,
    form: PairForm | None = None,
    problem: str | None = None,
    notice: str = "",
    about: int = 0,
) -> HTMLResponse:
    all_devices = await context_of(request).readers.read(device_views)
    return show(
        request,
        "devices.html",
        actor,
        devices=all_devices,
        form=form or PairForm(),
        problem=problem,
        refusal=REFUSALS.get(problem or ""),
        notice=notice,
        about=next((device for device in all_devices if device.id == about), None),
    )
