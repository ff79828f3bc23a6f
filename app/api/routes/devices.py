"""Devices: pairing a screen by the code it shows, and revoking one alone."""

from functools import partial
from typing import Annotated, Literal

from fastapi import Request, Response
from pydantic import BaseModel, Field

from app.api.commands import ByAdmin
from app.api.document.refusals import refuses
from app.api.http.inputs import Body, Id, PathId, PlainText
from app.api.routing.direct_route import api_router
from app.auth.access import Admin, Anyone
from app.auth.cookies import DEVICE_COOKIE_SECONDS, DEVICE_COOKIES, set_cookie
from app.auth.devices import device_views, kind_of, revoke_token
from app.auth.pairing import (
    ADDRESS_RATE,
    CODE_LIFETIME,
    PairingNotApproved,
    approve_pairing,
    claim_pairing,
    request_pairing,
)
from app.auth.secrets import new_code, new_secret
from app.context import context_of
from app.errors import NotFound, TooMany
from app.models.states import DeviceKind

router = api_router("devices")


class PairingRequestBody(Body):
    """What kind of device wants to be paired."""

    kind: Literal["kiosk", "display", "print_agent"]


class PairingCodeView(BaseModel):
    """The code to show, and the claim that only this screen knows."""

    code: str
    claim: str
    good_for_seconds: int


class PairingClaimBody(Body):
    """The claim that was given with the code."""

    claim: Annotated[PlainText, Field(min_length=20, max_length=100)]


class PairingApprovalBody(Body):
    """The code on the screen, and which device it is."""

    code: Annotated[PlainText, Field(min_length=4, max_length=12)]
    device_id: Id


class PairedDeviceView(BaseModel):
    """A device and its good tokens (never their secrets)."""

    id: int
    kind: str
    code: str
    name: str
    token_ids: list[int]


@router.post("/pairings", response_model=PairingCodeView, dependencies=[Anyone])
@refuses(TooMany)
async def request_code(request: Request, body: PairingRequestBody) -> PairingCodeView:
    """Ask to be paired; the screen shows the code. 429 beyond an address's rate."""
    context = context_of(request)
    address = request.client.host if request.client else "?"
    context.rates.take(f"pairings of {address}", ADDRESS_RATE)
    code, claim = new_code(), new_secret()
    await context.ledger.do(
        partial(request_pairing, kind=body.kind, code=code, claim=claim)
    )
    seconds = int(CODE_LIFETIME.total_seconds())
    return PairingCodeView(code=code, claim=claim, good_for_seconds=seconds)


@router.post("/pairings/claim", status_code=204, dependencies=[Anyone])
@refuses(NotFound, PairingNotApproved)
async def claim(request: Request, body: PairingClaimBody) -> Response:
    """Become the device, once an admin has said which; sets its cookie."""
    context = context_of(request)
    secret = new_secret()
    answer = await context.ledger.do(
        partial(claim_pairing, claim=body.claim, secret=secret)
    )
    kind = await context.readers.read(partial(kind_of, device_id=answer.value))
    response = Response(status_code=204)
    set_cookie(
        response,
        DEVICE_COOKIES[DeviceKind(kind)],
        secret,
        seconds=DEVICE_COOKIE_SECONDS,
        secure=context.settings.secure_cookies,
    )
    return response


@router.post("/pairings/approve", status_code=204)
@refuses(NotFound)
async def approve(sender: ByAdmin, body: PairingApprovalBody) -> Response:
    """Say which device the screen with this code is."""
    return await sender.run(
        partial(
            approve_pairing,
            code=body.code,
            device_id=body.device_id,
            actor=sender.actor,
        )
    )


@router.get("/devices", response_model=list[PairedDeviceView])
async def devices(request: Request, _who: Admin) -> list[PairedDeviceView]:
    """List the devices and which of them are paired."""
    views = await context_of(request).readers.read(device_views)
    return [
        PairedDeviceView(
            **device.model_dump(include={"id", "kind", "code", "name"}),
            token_ids=[token.id for token in device.tokens],
        )
        for device in views
    ]


@router.post("/device-tokens/{token_id}/revoke", status_code=204)
async def revoke(token_id: PathId, sender: ByAdmin) -> Response:
    """Revoke one device's token; its sockets are closed at once."""
    return await sender.run(partial(revoke_token, token_id=token_id))
