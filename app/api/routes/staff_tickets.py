"""Tickets by id: what staff see of one, and what they do with it."""

from functools import partial
from typing import Annotated, Self

from fastapi import Request, Response
from pydantic import ConfigDict, model_validator

from app.api.commands import OnTicket, OnTicketByCloser, OnTicketBySupervisor
from app.api.document.refusals import refuses
from app.api.http.inputs import (
    Body,
    EntryBody,
    EnumText,
    Id,
    OptionalEntry,
    PathId,
    TransferBody,
    or_empty,
)
from app.api.routing.direct_route import api_router
from app.auth.access import AnyStaff
from app.context import context_of
from app.errors import (
    AlreadyWaiting,
    NoCounter,
    NoPrinter,
    StillPrinting,
    TooEarly,
    Unavailable,
    UndoBlocked,
    WrongState,
)
from app.models.states import CancelReason, Priority
from app.queueing.commands import (
    cancelling,
    parking,
    priority,
    releasing,
    transferring,
    undoing,
)
from app.queueing.commands.parking import GraceOver, RequeuesUsedUp
from app.queueing.slips import reprinting
from app.queueing.views.ticket_history import EventView, event_views
from app.queueing.views.tickets import StaffTicketView, staff_ticket_view

router = api_router("tickets")


class AddServiceBody(Body):
    """Which service the visit also needs."""

    service_id: Id


class TransferEntryBody(TransferBody):
    """A transfer that may name the entry."""

    entry_id: Id | None = None


class PriorityBody(Body):
    """The new priority class."""

    priority: EnumText[Priority]


class CancelBody(EntryBody):
    """Why staff cancel, and whether one line or all that nobody serves yet."""

    # for the document; refused below
    model_config = ConfigDict(
        json_schema_extra={
            "not": {
                "required": ["every_line", "entry_id"],
                "properties": {
                    "every_line": {"const": True},
                    "entry_id": {"type": "integer"},
                },
            }
        }
    )
    reason: EnumText[CancelReason]
    every_line: bool = False

    @model_validator(mode="after")
    def means_one_or_all(self) -> Self:
        """Refuse a body that names one line and means all of them."""
        if self.every_line and self.entry_id is not None:
            raise ValueError("either entry_id or every_line")
        return self


class ReprintBody(Body):
    """Where the copy shall come out; without it, where the first slip was meant to."""

    printer_id: Id | None = None


OptionalReprint = Annotated[ReprintBody, or_empty(ReprintBody)]


@router.get("/tickets/by-id/{ticket_id}", response_model=StaffTicketView)
async def ticket_by_id(
    request: Request, ticket_id: PathId, actor: AnyStaff
) -> StaffTicketView:
    """Show a ticket to staff."""
    view = partial(staff_ticket_view, ticket_id=ticket_id, actor=actor)
    return await context_of(request).readers.read(view)


@router.get("/tickets/by-id/{ticket_id}/history", response_model=list[EventView])
async def ticket_history(
    request: Request, ticket_id: PathId, actor: AnyStaff
) -> list[EventView]:
    """Tell what happened to a ticket, within the privacy rule."""
    view = partial(event_views, ticket_id=ticket_id, actor=actor)
    return await context_of(request).readers.read(view)


@router.post("/tickets/by-id/{ticket_id}/cancel", response_model=StaffTicketView)
@refuses(WrongState)
async def cancel_by_id(ticket: OnTicket, body: CancelBody) -> Response:
    """Cancel one entry of a ticket: the current one, or the one named.

    With ``every_line`` all that nobody serves yet, as one: all of them or none,
    and one undo takes them back.
    """
    if body.every_line:
        every_line = partial(cancelling.cancel_every_line, reason=body.reason)
        return await ticket.give(every_line, body.version)
    one = partial(
        cancelling.cancel_by_staff, reason=body.reason, entry_id=body.entry_id
    )
    return await ticket.give(one, body.version)


@router.post("/tickets/by-id/{ticket_id}/add", response_model=StaffTicketView)
@refuses(AlreadyWaiting, TooEarly, Unavailable)
async def add(ticket: OnTicket, body: AddServiceBody) -> Response:
    """Let a ticket wait at one more service."""
    rule = partial(transferring.add, service_id=body.service_id)
    return await ticket.give(rule, body.version)


@router.post("/tickets/by-id/{ticket_id}/requeue", response_model=StaffTicketView)
@refuses(AlreadyWaiting, GraceOver, RequeuesUsedUp, WrongState)
async def requeue_by_id(ticket: OnTicket, body: OptionalEntry) -> Response:
    """Put somebody who was set aside back into the line."""
    rule = partial(parking.requeue, entry_id=body.entry_id)
    return await ticket.give(rule, body.version)


@router.post("/tickets/by-id/{ticket_id}/transfer", response_model=StaffTicketView)
@refuses(AlreadyWaiting, NoCounter, WrongState)
async def transfer_by_id(ticket: OnTicket, body: TransferEntryBody) -> Response:
    """Send a ticket on, to a service or a counter; the number is kept."""
    rule = partial(
        transferring.transfer_ticket,
        target=body.target(),
        entry_id=body.entry_id,
        note=body.note,
    )
    return await ticket.give(rule, body.version)


@router.post("/tickets/by-id/{ticket_id}/priority", response_model=StaffTicketView)
@refuses(WrongState)
async def set_priority_by_id(ticket: OnTicketByCloser, body: PriorityBody) -> Response:
    """Give a ticket a priority class; its ranks in the lines change."""
    rule = partial(priority.set_priority, priority=body.priority)
    return await ticket.give(rule, body.version)


@router.post("/tickets/by-id/{ticket_id}/release", response_model=StaffTicketView)
@refuses(WrongState)
async def release_by_id(ticket: OnTicketBySupervisor, body: OptionalEntry) -> Response:
    """Free a call whose counter does not answer any more."""
    rule = partial(releasing.release, entry_id=body.entry_id)
    return await ticket.give(rule, body.version)


@router.post("/tickets/by-id/{ticket_id}/undo", response_model=StaffTicketView)
@refuses(UndoBlocked, WrongState)
async def undo_by_id(ticket: OnTicket, body: OptionalEntry) -> Response:
    """Take back what was last done with a ticket."""
    rule = partial(undoing.undo_on_ticket, entry_id=body.entry_id)
    return await ticket.give(rule, body.version)


@router.post("/tickets/by-id/{ticket_id}/reprint", response_model=StaffTicketView)
@refuses(NoPrinter, StillPrinting, WrongState)
async def reprint_by_id(ticket: OnTicket, body: OptionalReprint) -> Response:
    """Print a ticket's slip again, marked as a copy: the same number."""
    rule = partial(reprinting.reprint, printer_id=body.printer_id)
    return await ticket.give(rule, body.version)
