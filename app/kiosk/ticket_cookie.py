"""The cookie of the number that the screen shows, dropped at the start page.

So no address and no history holds it, and "back" never shows the next visitor
somebody else's number.
"""

from starlette.requests import Request
from starlette.responses import Response

from app.context import context_of
from app.kiosk.views import TICKET_DISPLAY_TIME

COOKIE = "antrean_kiosk_ticket"
MAX_DIGITS = 15
"""Digits of the largest id that is looked up."""


def set_ticket_cookie(request: Request, response: Response, ticket_id: int) -> None:
    """Let this browser show a ticket's number for a while."""
    response.set_cookie(
        COOKIE,
        str(ticket_id),
        max_age=int(TICKET_DISPLAY_TIME.total_seconds()),
        path="/kiosk",
        httponly=True,
        samesite="strict",
        secure=context_of(request).settings.secure_cookies,
    )


def clear_ticket_cookie(request: Request, response: Response) -> None:
    """Forget the number that was shown; nothing when there is none."""
    if COOKIE in request.cookies:
        response.delete_cookie(COOKIE, path="/kiosk", httponly=True, samesite="strict")


def ticket_id_from_cookie(request: Request) -> int | None:
    """Return the ticket whose number this browser may show, or None."""
    value = request.cookies.get(COOKIE, "")
    is_id = value.isascii() and value.isdigit() and len(value) <= MAX_DIGITS
    return int(value) if is_id else None
