"""Signing staff in and out of a browser: one way for the API and for the page.

It lies here because the API and the surfaces may not import each other.
"""

from functools import partial
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.auth.cookies import STAFF_COOKIE, set_cookie
from app.auth.secrets import new_secret
from app.auth.sessions import StaffRow, begin_session, end_session, staff_by_username
from app.context import context_of
from app.errors import BadCredentials, Busy

SIGN_IN = "/sign-in"


async def check_password(request: Request, username: str, password: str) -> StaffRow:
    """Return the member of staff whose password this is.

    Raises ``BadCredentials``, ``TooManyAttempts`` after too many failures
    within a minute (``app.auth.attempts``), and ``Busy``.
    """
    context = context_of(request)
    address = request.client.host if request.client else "?"
    now = context.ledger.now()
    # counted before it is tried, else many sent at once would all be tried
    context.attempts.begin(username, address, now)
    staff = await context.readers.read(partial(staff_by_username, username=username))
    stored = staff.password_hash if staff else None
    try:
        matches = await context.passwords.matches(password, stored)
    # not tried, so it does not count
    except Busy:
        context.attempts.take_back(username, address, now)
        raise
    if not matches or staff is None:
        raise BadCredentials
    context.attempts.take_back(username, address, now)
    return staff


async def open_session(request: Request, response: Response, staff: StaffRow) -> None:
    """Begin a sign-in; the response sets its cookie."""
    context = context_of(request)
    secret = new_secret()
    await context.ledger.do(
        partial(
            begin_session,
            staff_id=staff.id,
            secret=secret,
            hours=context.settings.session_hours,
        )
    )
    set_cookie(
        response,
        STAFF_COOKIE,
        secret,
        # the browser drops it when it closes; the session ends by its own hours
        seconds=None,
        secure=context.settings.secure_cookies,
    )


async def close_session(request: Request, response: Response) -> None:
    """End this browser's sign-in; somebody who was not signed in is out as well."""
    secret = request.cookies.get(STAFF_COOKIE)
    if secret:
        await context_of(request).ledger.do(partial(end_session, secret=secret))
    response.delete_cookie(STAFF_COOKIE, path="/", httponly=True, samesite="strict")


def redirect_to_sign_in(request: Request) -> RedirectResponse:
    """Send a reader to the sign-in form, and from there back to this page."""
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
