"""Tickets by the number on the slip."""

from functools import partial
from typing import Annotated

from fastapi import Path, Request

from app.api.document.refusals import refuses
from app.api.routing.direct_route import api_router
from app.auth.access import AnyStaff
from app.context import context_of
from app.errors import NotFound
from app.queueing.views.ticket_search import MAX_SCAN_CHARACTERS, tickets_by_number
from app.queueing.views.tickets import StaffTicketView

router = api_router("tickets")

TicketNumber = Annotated[str, Path(max_length=MAX_SCAN_CHARACTERS)]


# a path: the address in a QR code has slashes
@router.get("/tickets/by-number/{number:path}", response_model=list[StaffTicketView])
@refuses(NotFound)  # a path with a line break is nobody's: no route takes it
async def by_number(
    request: Request, number: TicketNumber, actor: AnyStaff
) -> list[StaffTicketView]:
    """Find today's tickets by number: ``A-012``, ``a12``, or ``12`` of any series.

    The address in a slip's QR code, or its token, finds its ticket as well.
    """
    view = partial(tickets_by_number, number=number, actor=actor)
    return await context_of(request).readers.read(view)
