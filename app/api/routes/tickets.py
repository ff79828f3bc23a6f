"""Tickets: issue, look at, cancel."""

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field
from sqlalchemy import Connection

from app.api.commands import on_ticket
from app.api.http.answers import respond
from app.api.http.inputs import Body, EntryBody, EnumText, Id
from app.api.http.keys import OptionalKey, RequiredKey
from app.auth.access import Anyone, Issuer
from app.context import context_of
from app.errors import NotFound
from app.models import Priority
from app.queueing.change import Actor, Change
from app.queueing.commands import cancelling, issuing, parking
from app.queueing.commands.issuing import TicketRequest
from app.queueing.rows import ticket_id_of
from app.queueing.views.tickets import (
    IssuedTicket,
    TicketView,
    issued_ticket,
    ticket_view,
)

router = APIRouter(tags=["tickets"])


class IssueBody(Body):
    """What a visitor asks for."""

    service_ids: Annotated[list[Id], Field(min_length=1, max_length=5)]
    people: Annotated[int, Field(ge=1, le=1000)] = 1
    priority: EnumText[Priority] = Priority.REGULAR
    language: Literal["id", "en"] = "id"
    assistance: bool = False


class IssueAtBody(IssueBody):
    """What is asked for, and where reception lets the slip come out."""

    printer_id: Id | None = None


def issue_and_show(
    db: Connection,
    change: Change,
    *,
    ticket_request: TicketRequest,
    actor: Actor,
    printer_id: int | None = None,
) -> IssuedTicket:
    """Issue a ticket and show it to whoever issued it."""
    ticket_id = issuing.issue(
        db, change, ticket_request=ticket_request, actor=actor, printer_id=printer_id
    )
    return issued_ticket(db, ticket_id)


@router.post("/tickets", response_model=IssuedTicket, status_code=201)
async def issue_ticket(
    request: Request, actor: Issuer, key: RequiredKey, body: IssueAtBody
) -> Response:
    """Issue a ticket: one number, one entry for each chosen service."""
    ticket_request = TicketRequest(
        body.service_ids, body.people, body.priority, body.language, body.assistance
    )
    run = partial(
        issue_and_show,
        ticket_request=ticket_request,
        actor=actor,
        printer_id=body.printer_id,
    )
    return respond(await context_of(request).ledger.do(run, key=key(actor), status=201))


async def visitor(request: Request, token: str) -> Actor:
    """Return the visitor whose ticket a token opens; else ``NotFound``."""

    def find(db: Connection) -> int | None:
        return ticket_id_of(db, token)

    ticket_id = await context_of(request).readers.read(find)
    if ticket_id is None:
        raise NotFound
    return Actor(
        kind="visitor", role="visitor", id=ticket_id, credential=f"ticket:{ticket_id}"
    )


Visitor = Annotated[Actor, Depends(visitor)]


@router.get("/tickets/{token}", response_model=TicketView, dependencies=[Anyone])
async def ticket_by_token(request: Request, actor: Visitor) -> TicketView:
    """Show a ticket to whoever holds its token."""
    view = partial(ticket_view, ticket_id=actor.id or 0)
    return await context_of(request).readers.read(view)


@router.post(
    "/tickets/{token}/cancel", response_model=TicketView, dependencies=[Anyone]
)
async def cancel_by_token(
    request: Request, actor: Visitor, key: OptionalKey, body: EntryBody | None = None
) -> Response:
    """Cancel one's own ticket before it is called."""
    run = on_ticket(
        cancelling.cancel_by_visitor,
        ticket_view,
        ticket_id=actor.id or 0,
        actor=actor,
        version=body.version if body else None,
        entry_id=body.entry_id if body else None,
    )
    return respond(await context_of(request).ledger.do(run, key=key(actor)))


@router.post(
    "/tickets/{token}/requeue", response_model=TicketView, dependencies=[Anyone]
)
async def requeue_by_token(
    request: Request, actor: Visitor, key: OptionalKey, body: EntryBody | None = None
) -> Response:
    """Say "I am back": one's own ticket waits again, within the limits."""
    run = on_ticket(
        parking.requeue,
        ticket_view,
        ticket_id=actor.id or 0,
        actor=actor,
        version=body.version if body else None,
        entry_id=body.entry_id if body else None,
    )
    return respond(await context_of(request).ledger.do(run, key=key(actor)))
