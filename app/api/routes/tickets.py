"""Tickets: issue, look at, cancel."""

from functools import partial
from typing import Annotated, Literal

from fastapi import Depends, Request, Response
from pydantic import Field
from sqlalchemy import Connection

from app.api.commands import ByIssuerWithKey, Sender, TicketCommands
from app.api.document.refusals import refuses
from app.api.http.inputs import WHOLE, Body, EnumText, Id, OptionalEntry, example
from app.api.http.keys import OptionalKey
from app.api.routing.direct_route import api_router
from app.auth.access import Anyone
from app.context import context_of
from app.errors import (
    AlreadyWaiting,
    ClockInDoubt,
    Evacuation,
    Forbidden,
    NoPrinter,
    NotFound,
    Stale,
    TooEarly,
    TooMany,
    Unavailable,
    WrongState,
)
from app.models import Priority
from app.queueing.change import Actor
from app.queueing.commands import cancelling, issuing, parking
from app.queueing.commands.issuing import TicketRequest
from app.queueing.commands.parking import GraceOver, RequeuesUsedUp
from app.queueing.rows import ticket_opened_by
from app.queueing.site.kiosk_rate import RateUse
from app.queueing.site.policy import MAX_SERVICES
from app.queueing.views.tickets import (
    IssuedTicket,
    TicketView,
    issued_rows_view,
    ticket_view,
)

router = api_router("tickets")


class IssueBody(Body):
    """What a visitor asks for."""

    model_config = example(service_ids=[12, 40], people=2, priority="lansia")

    service_ids: Annotated[list[Id], Field(min_length=1, max_length=MAX_SERVICES)]
    # how many the site allows is for the rule to say (policy.people_max)
    people: Annotated[int, Field(ge=1, le=1000), WHOLE] = 1
    priority: EnumText[Priority] = Priority.REGULAR
    language: Literal["id", "en"] = "id"
    assistance: bool = False

    def ticket_request(self) -> TicketRequest:
        """Return it as the rules take it."""
        return TicketRequest(
            self.service_ids, self.people, self.priority, self.language, self.assistance
        )


class IssueAtBody(IssueBody):
    """What is asked for, and where reception lets the slip come out."""

    printer_id: Id | None = None


@router.post("/tickets", response_model=IssuedTicket, status_code=201)
@refuses(
    *(NotFound, NoPrinter, TooEarly, Unavailable, TooMany, ClockInDoubt, Evacuation)
)
async def issue_ticket(
    request: Request, sender: ByIssuerWithKey, body: IssueAtBody
) -> Response:
    """Issue a ticket: one number, one entry for each chosen service."""
    rate_use = RateUse(context_of(request).rates)
    rule = partial(
        issuing.issue_ticket,
        ticket_request=body.ticket_request(),
        printer_id=body.printer_id,
        rate_use=rate_use,
    )
    with rate_use.durable_only():
        return await sender.give(rule, issued_rows_view, status=201)


async def visitor(request: Request, token: str) -> Actor:
    """Return the visitor whose ticket a token opens; else ``NotFound``."""
    read = context_of(request).readers.read
    ticket_id = await read(partial(ticket_opened_by, token=token))
    return Actor(
        kind="visitor", role="visitor", id=ticket_id, credential=f"ticket:{ticket_id}"
    )


Visitor = Annotated[Actor, Depends(visitor)]


@refuses(Stale)
async def own_ticket(
    request: Request, actor: Visitor, make_key: OptionalKey
) -> TicketCommands:
    """Return the commands on the ticket whose token the path holds."""
    sender = Sender(context_of(request).ledger, actor, make_key(actor))
    ticket_id = actor.id or 0
    return TicketCommands(sender, ticket_id, partial(ticket_view, ticket_id=ticket_id))


OnOwnTicket = Annotated[TicketCommands, Depends(own_ticket)]


@router.get("/tickets/{token}", response_model=TicketView, dependencies=[Anyone])
@refuses(NotFound)
async def ticket_by_token(request: Request, token: str) -> TicketView:
    """Show a ticket to whoever holds its token."""

    def view(db: Connection) -> TicketView:
        return ticket_view(db, ticket_opened_by(db, token))

    return await context_of(request).readers.read(view)


@router.post(
    "/tickets/{token}/cancel", response_model=TicketView, dependencies=[Anyone]
)
@refuses(WrongState)
async def cancel_by_token(ticket: OnOwnTicket, body: OptionalEntry) -> Response:
    """Cancel one's own ticket before it is called."""
    rule = partial(cancelling.cancel_by_visitor, entry_id=body.entry_id)
    return await ticket.give(rule, body.version)


@router.post(
    "/tickets/{token}/requeue", response_model=TicketView, dependencies=[Anyone]
)
@refuses(Forbidden, AlreadyWaiting, GraceOver, RequeuesUsedUp, WrongState)
async def requeue_by_token(ticket: OnOwnTicket, body: OptionalEntry) -> Response:
    """Say "I am back": one's own ticket waits again, within the limits."""
    rule = partial(parking.requeue, entry_id=body.entry_id)
    return await ticket.give(rule, body.version)
