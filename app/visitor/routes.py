"""The ticket's page, opened by the token in the slip's QR code."""

from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from app.auth.access import Anyone
from app.context import context_of
from app.visitor.views import TicketPageView, ticket_page
from app.web.i18n import DEFAULT, negotiate, supported_language
from app.web.pages import page

router = APIRouter()

PRIVATE_HEADERS = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
"""The address is the secret: it is handed on to nobody."""


@router.get("/t/{token}", include_in_schema=False, dependencies=[Anyone])
async def ticket(request: Request, token: str) -> HTMLResponse:
    """Show a ticket to whoever holds its token; a friendly 404 to anybody else."""
    context = context_of(request)
    view = await context.readers.read(
        partial(ticket_page, token=token, now=context.clock.now())
    )
    response = _unknown(request) if view is None else _ticket(request, view)
    response.headers.update(PRIVATE_HEADERS)
    return response


def _ticket(request: Request, view: TicketPageView) -> HTMLResponse:
    """Show the page in the ticket's language, unless the address names another."""
    requested = supported_language(request.query_params.get("lang"))
    own = supported_language(view.visit.language)
    return page(
        request,
        "visitor/ticket.html",
        language=requested or own or DEFAULT,
        ticket_page=view,
        visit=view.visit,
        ticket=view.visit.ticket,
    )


def _unknown(request: Request) -> HTMLResponse:
    requested = supported_language(request.query_params.get("lang"))
    language = requested or negotiate(request.headers.get("accept-language"))
    return page(request, "visitor/unknown.html", language=language, status_code=404)
