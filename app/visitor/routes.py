"""The ticket's page, opened by the token in the slip's QR code."""

from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from app.auth.access import Anyone
from app.context import context_of
from app.visitor.views import TicketPage, ticket_page
from app.web.i18n import DEFAULT, negotiate, supported
from app.web.pages import page

router = APIRouter()

PRIVATE = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
"""The address is the secret: it is handed on to nobody."""


@router.get("/t/{token}", include_in_schema=False, dependencies=[Anyone])
async def ticket(request: Request, token: str) -> HTMLResponse:
    """Show a ticket to whoever holds its token; a friendly 404 to anybody else."""
    context = context_of(request)
    shown = await context.readers.read(
        partial(ticket_page, token=token, now=context.clock.now())
    )
    response = _unknown(request) if shown is None else _ticket(request, shown)
    response.headers.update(PRIVATE)
    return response


def _ticket(request: Request, shown: TicketPage) -> HTMLResponse:
    """Show the page in the ticket's language, unless the address names another."""
    asked = supported(request.query_params.get("lang"))
    own = supported(shown.visit.language)
    return page(
        request,
        "visitor/ticket.html",
        language=asked or own or DEFAULT,
        shown_ticket=shown,
        visit=shown.visit,
        ticket=shown.visit.ticket,
    )


def _unknown(request: Request) -> HTMLResponse:
    asked = supported(request.query_params.get("lang"))
    language = asked or negotiate(request.headers.get("accept-language"))
    return page(request, "visitor/unknown.html", language=language, status_code=404)
