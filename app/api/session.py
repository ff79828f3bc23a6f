"""Signing in: staff with a password, a browser with a device's token."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from app.api.inputs import Body, PlainText
from app.auth.access import Anyone, allow, bearer
from app.auth.cookies import DEVICE, DEVICE_SECONDS, set_cookie
from app.auth.devices import add_cookie
from app.auth.secrets import new_secret
from app.context import context_of
from app.errors import Unauthenticated
from app.models.states import DeviceKind
from app.queueing.change import Actor
from app.web.signing_in import check_password, enter, leave

router = APIRouter(tags=["session"])

Device = Annotated[Actor, Depends(allow(*DeviceKind))]


class SignIn(Body):
    """A user name and a password."""

    username: Annotated[PlainText, Field(min_length=1, max_length=100)]
    password: Annotated[PlainText, Field(min_length=1, max_length=200)]


class SignedIn(BaseModel):
    """Who has signed in."""

    username: str
    role: str
    agency_ids: list[int]


class DeviceSignedIn(BaseModel):
    """Which device a browser has become."""

    device_id: int
    kind: str
    name: str


@router.post("/session", response_model=SignedIn, dependencies=[Anyone])
async def sign_in(request: Request, response: Response, body: SignIn) -> SignedIn:
    """Sign a member of staff in; the answer sets the cookie."""
    staff = await check_password(request, body.username, body.password)
    await enter(request, response, staff)
    return SignedIn(
        username=staff.username, role=staff.role, agency_ids=staff.agency_ids
    )


@router.delete("/session", status_code=204, dependencies=[Anyone])
async def sign_out(request: Request) -> Response:
    """Sign out; somebody who was not signed in is out as well."""
    response = Response(status_code=204)
    await leave(request, response)
    return response


@router.post("/device-session", response_model=DeviceSignedIn)
async def device_session(
    request: Request, response: Response, who: Device
) -> DeviceSignedIn:
    """Make this browser the device whose token it sends as Bearer."""
    context = context_of(request)
    token = bearer(request)
    if token is None:  # a cookie is not enough: it would breed others
        raise Unauthenticated
    secret = new_secret()
    await context.ledger.do(partial(add_cookie, of=token, secret=secret))
    set_cookie(
        response,
        DEVICE[DeviceKind(who.role)],
        secret,
        seconds=DEVICE_SECONDS,
        secure=context.settings.secure_cookies,
    )
    return DeviceSignedIn(device_id=who.id or 0, kind=who.role, name=who.name)
