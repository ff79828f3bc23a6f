"""Signing in: staff with a password, a browser with a device's token."""

from functools import partial
from typing import Annotated

from fastapi import Depends, Request, Response
from pydantic import BaseModel, Field

from app.api.document.refusals import refuses
from app.api.http.inputs import Body, ChosenPassword, PlainText, UserName
from app.api.routing.direct_route import api_router
from app.auth.access import AllowToken, Anyone, PasswordOwner, secret_of
from app.auth.accounts.accounts import AccountView
from app.auth.accounts.password_rule import WeakPassword
from app.auth.cookies import DEVICE_COOKIE_SECONDS, DEVICE_COOKIES, set_cookie
from app.auth.devices import add_cookie
from app.auth.secrets import new_secret
from app.context import context_of
from app.errors import BadCredentials, NotFound, TooManyAttempts
from app.models.states import DeviceKind, PasswordState
from app.queueing.change import Actor
from app.web.own_password import replace_password
from app.web.staff_sign_in import check_password, close_session, open_session

router = api_router("session")

# by its token: a cookie is not enough, it would breed others
Device = Annotated[Actor, Depends(AllowToken(*DeviceKind))]


class SignInBody(Body):
    """A user name and a password."""

    username: UserName
    password: Annotated[PlainText, Field(min_length=1, max_length=200)]


class SignedInView(BaseModel):
    """Who has signed in."""

    username: str
    role: str
    agency_ids: list[int]
    only_password: bool | None = Field(
        default=None,
        description="True after a one-time password: another has to be chosen first.",
    )


class ChosenPasswordBody(Body):
    """One's present password, and the one that shall replace it."""

    old: Annotated[PlainText, Field(min_length=1, max_length=200)]
    new: ChosenPassword


class DeviceSessionView(BaseModel):
    """Which device a browser has become."""

    device_id: int
    kind: str
    name: str


@router.post(
    "/session",
    response_model=SignedInView,
    response_model_exclude_none=True,
    dependencies=[Anyone],
)
@refuses(BadCredentials, TooManyAttempts)
async def sign_in(
    request: Request, response: Response, body: SignInBody
) -> SignedInView:
    """Sign a member of staff in; the answer sets the cookie."""
    staff = await check_password(request, body.username, body.password)
    await open_session(request, response, staff)
    return SignedInView(
        username=staff.username,
        role=staff.role,
        agency_ids=staff.agency_ids,
        only_password=staff.password_state == PasswordState.ONE_TIME or None,
    )


@router.post("/session/password", response_model=AccountView)
@refuses(BadCredentials, NotFound, TooManyAttempts, WeakPassword)
async def choose_password(
    request: Request, actor: PasswordOwner, body: ChosenPasswordBody
) -> AccountView:
    """Choose another password for oneself; sign-ins elsewhere end."""
    return await replace_password(request, actor, body.old, body.new)


@router.delete("/session", status_code=204, dependencies=[Anyone])
async def sign_out(request: Request) -> Response:
    """Sign out; somebody who was not signed in is out as well."""
    response = Response(status_code=204)
    await close_session(request, response)
    return response


@router.post("/device-session", response_model=DeviceSessionView)
@refuses(NotFound)
async def device_session(
    request: Request, response: Response, actor: Device
) -> DeviceSessionView:
    """Make this browser the device whose token it sends as Bearer."""
    context = context_of(request)
    secret = new_secret()
    await context.ledger.do(
        partial(add_cookie, token_secret=secret_of(request, actor), secret=secret)
    )
    set_cookie(
        response,
        DEVICE_COOKIES[DeviceKind(actor.role)],
        secret,
        seconds=DEVICE_COOKIE_SECONDS,
        secure=context.settings.secure_cookies,
    )
    return DeviceSessionView(device_id=actor.id or 0, kind=actor.role, name=actor.name)
