"""The cookies of this server: one for staff, one for each kind of screen."""

from starlette.requests import HTTPConnection
from starlette.responses import Response

from app.models.states import DeviceKind

# each its own: a browser may be a screen while somebody is signed in on it
STAFF_COOKIE = "antrean_staff"
DEVICE_COOKIES = {
    DeviceKind.KIOSK: "antrean_kiosk",
    DeviceKind.DISPLAY: "antrean_display",
    DeviceKind.PRINT_AGENT: "antrean_agent",
}
# no credential: it tells the throttle who has signed in here before, and stays
BROWSER_COOKIE = "antrean_browser"
COOKIE_NAMES = (STAFF_COOKIE, *DEVICE_COOKIES.values())
# browsers cut any longer life to 400 days
DEVICE_COOKIE_SECONDS = 400 * 24 * 3600


def set_cookie(
    response: Response, name: str, secret: str, *, seconds: int | None, secure: bool
) -> None:
    """Set one of our cookies: HttpOnly, SameSite=Strict, Secure under TLS."""
    response.set_cookie(
        name,
        secret,
        max_age=seconds,
        httponly=True,
        samesite="strict",
        secure=secure,
        path="/",
    )


def our_cookies_in(connection: HTTPConnection) -> set[str]:
    """Return which of our cookies a request carries.

    They are read as the routes read them: a stricter reader would miss ours
    beside an odd cookie of somebody else's.
    """
    return {name for name in connection.cookies if name in COOKIE_NAMES}
