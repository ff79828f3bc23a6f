"""Devices: pairing a screen by the code it shows, and revoking one alone."""

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import Connection, select

from app.api.inputs import Body, Id, PathId, PlainText
from app.auth.access import Admin, Anyone
from app.auth.cookies import DEVICE, DEVICE_SECONDS, set_cookie
from app.auth.credentials import token
from app.auth.devices import revoke_token
from app.auth.pairing import (
    GOOD_FOR,
    approve_pairing,
    ask_to_pair,
    claim_pairing,
)
from app.auth.secrets import new_code, new_secret
from app.context import context_of
from app.models.states import DeviceKind
from app.queueing import rows

router = APIRouter(tags=["devices"])


class AskBody(Body):
    """What kind of device wants to be paired."""

    kind: Literal["kiosk", "display"]


class Asked(BaseModel):
    """The code to show, and the claim that only this screen knows."""

    code: str
    claim: str
    good_for_seconds: int


class ClaimBody(Body):
    """The claim that was given with the code."""

    claim: Annotated[PlainText, Field(min_length=20, max_length=100)]


class ApproveBody(Body):
    """The code on the screen, and which device it is."""

    code: Annotated[PlainText, Field(min_length=4, max_length=12)]
    device_id: Id


class DeviceView(BaseModel):
    """A device and its good tokens (never their secrets)."""

    id: int
    kind: str
    code: str
    name: str
    token_ids: list[int]


@router.post("/pairings", response_model=Asked, dependencies=[Anyone])
async def ask(request: Request, body: AskBody) -> Asked:
    """Ask to be paired; the screen shows the code."""
    code, claim = new_code(), new_secret()
    await context_of(request).ledger.do(
        partial(ask_to_pair, kind=body.kind, code=code, claim=claim)
    )
    seconds = int(GOOD_FOR.total_seconds())
    return Asked(code=code, claim=claim, good_for_seconds=seconds)


@router.post("/pairings/claim", status_code=204, dependencies=[Anyone])
async def claim(request: Request, body: ClaimBody) -> Response:
    """Become the device, once an admin has said which; sets its cookie."""
    context = context_of(request)
    secret = new_secret()
    answer = await context.ledger.do(
        partial(claim_pairing, claim=body.claim, secret=secret)
    )

    def kind_of(db: Connection) -> str:
        device = rows.device.c
        found = select(device.kind).where(device.id == answer.value)
        return str(db.execute(found).scalar_one())

    kind = await context.readers.read(kind_of)
    response = Response(status_code=204)
    set_cookie(
        response,
        DEVICE[DeviceKind(kind)],
        secret,
        seconds=DEVICE_SECONDS,
        secure=context.settings.secure_cookies,
    )
    return response


@router.post("/pairings/approve", status_code=204)
async def approve(request: Request, who: Admin, body: ApproveBody) -> Response:
    """Say which device the screen with this code is."""
    await context_of(request).ledger.do(
        partial(approve_pairing, code=body.code, device_id=body.device_id, who=who)
    )
    return Response(status_code=204)


@router.get("/devices", response_model=list[DeviceView])
async def devices(request: Request, _who: Admin) -> list[DeviceView]:
    """List the devices and which of them are paired."""
    return await context_of(request).readers.read(device_views)


@router.post("/device-tokens/{token_id}/revoke", status_code=204)
async def revoke(request: Request, token_id: PathId, _who: Admin) -> Response:
    """Revoke one device's token; its sockets are closed at once."""
    await context_of(request).ledger.do(partial(revoke_token, token_id=token_id))
    return Response(status_code=204)


def device_views(db: Connection) -> list[DeviceView]:
    """Return every device with its good tokens."""
    good: dict[int, list[int]] = {}
    columns = select(token.c.device_id, token.c.id).where(
        token.c.revoked_at.is_(None), token.c.cookie_of_id.is_(None)
    )
    for row in db.execute(columns):
        good.setdefault(row.device_id, []).append(row.id)
    device = rows.device.c
    found = db.execute(
        select(device.id, device.kind, device.code, device.name).order_by(device.id)
    )
    return [
        DeviceView(**row._asdict(), token_ids=good.get(row.id, [])) for row in found
    ]
