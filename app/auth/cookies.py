"""The cookies of this server: one for staff, one for each kind of screen."""

from http.cookies import SimpleCookie

from starlette.responses import Response

from app.models.states import DeviceKind

STAFF = "antrean_staff"
DEVICE = {
    DeviceKind.KIOSK: "antrean_kiosk",
    DeviceKind.DISPLAY: "antrean_display",
    DeviceKind.PRINT_AGENT: "antrean_agent",
}
ALL = (STAFF, *DEVICE.values())
DEVICE_SECONDS = 400 * 24 * 3600


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


def names_in(header: str) -> set[str]:
    """Return which of our cookies a Cookie header carries."""
    return {name for name in SimpleCookie(header) if name in ALL}
