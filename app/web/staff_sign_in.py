"""Signing staff in and out of a browser: one way for the API and for the page.

It lies here because the API and the surfaces may not import each other.
"""

import logging
from contextlib import suppress
from functools import partial
from urllib.parse import quote, urlsplit

from sqlalchemy import Connection
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response

from app.auth.access import callers
from app.auth.attempts import Origin
from app.auth.cookies import (
    BROWSER_COOKIE,
    DEVICE_COOKIE_SECONDS,
    STAFF_COOKIE,
    set_cookie,
)
from app.auth.credentials import ONLY_PASSWORD
from app.auth.known_browsers import is_known, know_browser, known_browser
from app.auth.secrets import new_secret
from app.auth.sessions import StaffRow, begin_session, end_session, staff_by_username
from app.auth.usernames import fold_username
from app.context import context_of
from app.errors import BadCredentials, Busy, TooMany, TooManyAttempts
from app.models.states import PasswordState
from app.queueing.change import Change
from app.queueing.site.rates import Rate

security = logging.getLogger("antrean.security")

SIGN_IN = "/sign-in"
_ALERT_RATE = Rate(burst=1, interval=60.0)
PASSWORD_PAGE = "/password"  # noqa: S105 (an address)


def address_of(connection: HTTPConnection) -> str:
    """Return the address that a request comes from."""
    return connection.client.host if connection.client else "?"


async def check_password(request: Request, username: str, password: str) -> StaffRow:
    """Return the member of staff whose password this is.

    Raises ``BadCredentials``, ``TooManyAttempts`` after too many failures
    within a minute (``app.auth.attempts``), and ``Busy``. What fails is logged,
    with an address and no secret.
    """
    view = partial(staff_by_username, username=username)
    staff = await context_of(request).readers.read(view)
    is_good = staff is not None and staff.password_state != PasswordState.SPENT
    stored = staff.password_hash if staff and is_good else None
    # what is no user name may be a password typed into the wrong field
    known_as = staff.username if staff else None
    await _require_match(request, username, password, stored, known_as=known_as)
    if staff is None:
        raise BadCredentials
    return staff


async def check_own_password(
    request: Request, username: str, password: str, stored: str
) -> None:
    """Refuse a wrong password of who is signed in, as ``check_password`` does."""
    await _require_match(request, username, password, stored, known_as=username)


async def _require_match(
    request: Request,
    username: str,
    password: str,
    stored: str | None,
    *,
    known_as: str | None,
) -> None:
    context = context_of(request)
    origin, now = await _origin_of(request, username), context.ledger.now()
    try:
        # counted before it is tried, else many sent at once would all be tried
        context.attempts.begin(origin, now)
    except TooManyAttempts:
        # a flood of them is one line each minute: each that was tried has its own
        with suppress(TooMany):
            context.rates.take(f"alert of sign-ins at {origin.address}", _ALERT_RATE)
            _note_failure("too many attempts", known_as, origin)
        raise
    try:
        matches = await context.passwords.matches(password, stored)
    # not tried, so it does not count
    except Busy:
        context.attempts.take_back(origin, now)
        raise
    if not matches:
        _note_failure("wrong password", known_as, origin)
        raise BadCredentials
    context.attempts.take_back(origin, now)


async def open_session(request: Request, response: Response, staff: StaffRow) -> None:
    """Begin a sign-in, which ends the one before it; the response sets its cookie.

    Raises ``BadCredentials`` for a one-time password that was used meanwhile.
    """
    context = context_of(request)
    secret = new_secret()
    browser = await _browser_secret(request)

    def begin(db: Connection, change: Change) -> None:
        begin_session(
            db,
            change,
            staff_id=staff.id,
            secret=secret,
            hours=context.settings.session_hours,
            over=request.cookies.get(STAFF_COOKIE),
            password_hash=staff.password_hash,
        )
        know_browser(db, change, secret=browser, staff_id=staff.id)

    await context.ledger.do(begin)
    secure = context.settings.secure_cookies
    set_cookie(
        response, BROWSER_COOKIE, browser, seconds=DEVICE_COOKIE_SECONDS, secure=secure
    )
    # the browser drops it when it closes; the session ends by its own hours
    set_cookie(response, STAFF_COOKIE, secret, seconds=None, secure=secure)


async def _origin_of(request: Request, username: str) -> Origin:
    browser, secret = None, request.cookies.get(BROWSER_COOKIE)
    if secret:
        view = partial(known_browser, secret=secret, username=username)
        browser = await context_of(request).readers.read(view)
    return Origin(fold_username(username), address_of(request), browser)


async def _browser_secret(request: Request) -> str:
    """Return the browser's secret, or a new one: one that we did not make is no use."""
    secret = request.cookies.get(BROWSER_COOKIE)
    if not secret:
        return new_secret()
    is_ours = await context_of(request).readers.read(partial(is_known, secret=secret))
    return secret if is_ours else new_secret()


def _note_failure(cause: str, known_as: str | None, origin: Origin) -> None:
    security.warning(
        "sign-in refused cause=%r user=%r address=%s known_browser=%s",
        cause,
        known_as,
        origin.address,
        origin.browser is not None,
    )


async def close_session(request: Request, response: Response) -> None:
    """End this browser's sign-in; somebody who was not signed in is out as well."""
    secret = request.cookies.get(STAFF_COOKIE)
    if secret:
        await context_of(request).ledger.do(partial(end_session, secret=secret))
    response.delete_cookie(STAFF_COOKIE, path="/", httponly=True, samesite="strict")


def redirect_to_sign_in(request: Request) -> RedirectResponse:
    """Send a reader to the sign-in form, and from there back to this page.

    Whoever has used a one-time password is sent to choose another: the form would
    take it no more.
    """
    if any(actor.role == ONLY_PASSWORD for actor in callers(request)):
        return RedirectResponse(PASSWORD_PAGE, 303)
    path = request.url.path
    if request.url.query:
        path += f"?{request.url.query}"
    return RedirectResponse(f"{SIGN_IN}?next={quote(path, safe='/')}", 303)


def same_site_path(path: str | None) -> str | None:
    """Return ``path`` if it is a path of this site, else None.

    Two slashes, a backslash and control characters are refused: browsers read
    the first two as another site's name, and drop the last before they read.
    """
    if not path or not path.startswith("/") or not path.isprintable():
        return None
    if "\\" in path or path.startswith("//"):
        return None
    parts = urlsplit(path)
    return None if parts.scheme or parts.netloc else path
