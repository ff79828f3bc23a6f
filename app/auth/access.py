"""Who may use a route: every route declares it, and a test fails where one does not.

``actor: Annotated[Actor, Depends(allow(Role.OFFICER))]`` gives the caller, or
refuses: 401 when nobody has signed in, 403 when somebody else has.
"""

from collections.abc import Iterable, Iterator
from typing import Annotated, cast

from fastapi import Depends, Request
from starlette.requests import HTTPConnection

from app.auth.cookies import COOKIE_NAMES
from app.auth.credentials import LOCAL, ONLY_PASSWORD, Credentials
from app.clock import Now
from app.errors import Forbidden, Unauthenticated
from app.models import Role
from app.models.states import DeviceKind
from app.queueing.change import Actor

ANYONE = "anyone"
_SECRETS = "secrets"
STAFF = tuple(Role)
PASSWORD_OWNERS = (*STAFF, ONLY_PASSWORD)
COUNTER_STAFF = (Role.OFFICER, Role.SUPERVISOR, Role.ADMIN)
SUPERVISORS = (Role.SUPERVISOR, Role.ADMIN)
CONFIGURERS = (Role.ADMIN, LOCAL)
CLOSERS = (Role.SUPERVISOR, Role.RECEPTION, Role.ADMIN)
RECEPTION = (Role.RECEPTION, Role.ADMIN)
ISSUERS = (DeviceKind.KIOSK, Role.RECEPTION, Role.ADMIN)


class Allow:
    """A dependency that gives the first credential whose role may use the route."""

    def __init__(self, *roles: str) -> None:
        self.roles = roles

    # async, though nothing waits: FastAPI hands plain functions to its threads
    async def __call__(self, request: Request) -> Actor:
        """Return the caller, or refuse."""
        return caller(request, self.roles)


class AllowToken(Allow):
    """The same for a token that is sent as Bearer; a cookie is not enough."""

    async def __call__(self, request: Request) -> Actor:
        """Return the caller, or refuse."""
        actor = caller(request, self.roles)
        if bearer_token(request) is None:
            raise Unauthenticated
        return actor


class AllowAnyone:
    """A dependency that marks a route as open to anyone."""

    roles = (ANYONE,)

    async def __call__(self) -> None:
        """Refuse nobody."""


def allow(*roles: str) -> Allow:
    """Let only these roles (of staff or devices) use a route."""
    return Allow(*roles)


Anyone = Depends(AllowAnyone())
CounterStaff = Annotated[Actor, Depends(allow(*COUNTER_STAFF))]
AnyStaff = Annotated[Actor, Depends(allow(*STAFF))]
PasswordOwner = Annotated[Actor, Depends(allow(*PASSWORD_OWNERS))]
Reception = Annotated[Actor, Depends(allow(*RECEPTION))]
Issuer = Annotated[Actor, Depends(allow(*ISSUERS))]
Supervisor = Annotated[Actor, Depends(allow(*SUPERVISORS))]
Closer = Annotated[Actor, Depends(allow(*CLOSERS))]
Admin = Annotated[Actor, Depends(allow(Role.ADMIN))]


def caller(connection: HTTPConnection, roles: tuple[str, ...]) -> Actor:
    """Return the caller among the roles; ``Unauthenticated`` or ``Forbidden``."""
    return first_with_role(callers(connection), roles)


def first_with_role(actors: Iterable[Actor], roles: Iterable[str]) -> Actor:
    """Return the first of these callers whose role is among the roles, or refuse."""
    candidates, allowed_roles = list(actors), frozenset(roles)
    if not candidates:
        raise Unauthenticated
    for actor in candidates:
        if actor.role in allowed_roles:
            return actor
    raise Forbidden


def callers(connection: HTTPConnection) -> Iterator[Actor]:
    """Yield everybody whom the request's credentials stand for; a Bearer is alone."""
    for _, actor in _identities(connection):
        yield actor


def secret_of(connection: HTTPConnection, actor: Actor) -> str:
    """Return the secret by which a caller of this request is known."""
    return next(secret for secret, other in _identities(connection) if other == actor)


def bearer_token(connection: HTTPConnection) -> str | None:
    """Return the Bearer token of a request, or None."""
    scheme, _, secret = connection.headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" and secret.strip() else None


def is_known(connection: HTTPConnection) -> bool:
    """Tell, at next to no cost, whether a caller of this request came lately."""
    credentials: Credentials = connection.app.state.credentials
    return any(credentials.knows(secret) for secret in _secrets(connection))


def shows_credential(connection: HTTPConnection) -> bool:
    """Tell whether a request has a token or a cookie of ours, good or not."""
    return bool(_secrets(connection))


def _identities(connection: HTTPConnection) -> Iterator[tuple[str, Actor]]:
    credentials: Credentials = connection.app.state.credentials
    clock: Now = connection.app.state.clock
    for secret in _secrets(connection):
        actor = credentials.of(secret, clock)
        if actor is not None:
            yield secret, actor


def _secrets(connection: HTTPConnection) -> list[str]:
    """Return what the request shows; read once: it is asked at each of its gates."""
    state = connection.scope.setdefault("state", {})
    if _SECRETS not in state:
        state[_SECRETS] = _read_secrets(connection)
    return cast(list[str], state[_SECRETS])


def _read_secrets(connection: HTTPConnection) -> list[str]:
    token = bearer_token(connection)
    # who names a token means it: no cookie beside it may answer in its place
    if token is not None:
        return [token]
    cookies = connection.cookies
    return [cookies[name] for name in COOKIE_NAMES if name in cookies]
