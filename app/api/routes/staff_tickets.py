"""Tickets by id: what staff see of one, and what they do with it."""

from collections.abc import Callable
from functools import partial
from typing import Any, Self

from fastapi import APIRouter, Request, Response
from pydantic import model_validator

from app.api.commands import on_ticket
from app.api.http.answers import respond
from app.api.http.inputs import Body, EntryBody, EnumText, Id, PathId, TransferBody
from app.api.http.keys import OptionalKey
from app.auth.access import AnyStaff, Closer, Supervisor
from app.context import context_of
from app.models.states import CancelReason, Priority
from app.queueing.change import Actor
from app.queueing.commands import (
    cancelling,
    parking,
    priority,
    releasing,
    transferring,
    undoing,
)
from app.queueing.slips import reprinting
from app.queueing.views.ticket_history import EventView, event_views
from app.queueing.views.tickets import StaffTicketView, staff_ticket_view

router = APIRouter(tags=["tickets"])


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


@router.get("/tickets/by-id/{ticket_id}", response_model=StaffTicketView)
async def ticket_by_id(
    request: Request, ticket_id: PathId, actor: AnyStaff
) -> StaffTicketView:
    """Show a ticket to staff."""
    view = partial(staff_ticket_view, ticket_id=ticket_id, actor=actor)
    return await context_of(request).readers.read(view)


@router.post("/tickets/by-id/{ticket_id}/cancel", response_model=StaffTicketView)
async def cancel_by_id(
    request: Request,
    ticket_id: PathId,
    actor: AnyStaff,
    key: OptionalKey,
    body: CancelBody,
) -> Response:
    """Cancel one entry of a ticket: the current one, or the one named.

    With ``every_line`` all that nobody serves yet, as one: all of them or none,
    and one undo takes them back.
    """
    action = (
        cancelling.cancel_every_line
        if body.every_line
        else partial(cancelling.cancel_by_staff, entry_id=body.entry_id)
    )
    return await _by_id(
        request, action, ticket_id, actor, key, body, reason=body.reason
    )


@router.get("/tickets/by-id/{ticket_id}/history", response_model=list[EventView])
async def ticket_history(
    request: Request, ticket_id: PathId, actor: AnyStaff
) -> list[EventView]:
    """Tell what happened to a ticket, within the privacy rule."""
    view = partial(event_views, ticket_id=ticket_id, actor=actor)
    return await context_of(request).readers.read(view)


@router.post("/tickets/by-id/{ticket_id}/add", response_model=StaffTicketView)
async def add(
    request: Request,
    ticket_id: PathId,
    actor: AnyStaff,
    key: OptionalKey,
    body: AddServiceBody,
) -> Response:
    """Let a ticket wait at one more service."""
    return await _by_id(
        request,
        transferring.add,
        ticket_id,
        actor,
        key,
        body,
        service_id=body.service_id,
    )


@router.post("/tickets/by-id/{ticket_id}/requeue", response_model=StaffTicketView)
async def requeue_by_id(
    request: Request,
    ticket_id: PathId,
    actor: AnyStaff,
    key: OptionalKey,
    body: EntryBody | None = None,
) -> Response:
    """Put somebody who was set aside back into the line."""
    return await _by_id(
        request,
        parking.requeue,
        ticket_id,
        actor,
        key,
        body,
        entry_id=body.entry_id if body else None,
    )


@router.post("/tickets/by-id/{ticket_id}/transfer", response_model=StaffTicketView)
async def transfer_by_id(
    request: Request,
    ticket_id: PathId,
    actor: AnyStaff,
    key: OptionalKey,
    body: TransferEntryBody,
) -> Response:
    """Send a ticket on, to a service or a counter; the number is kept."""
    return await _by_id(
        request,
        transferring.transfer_ticket,
        ticket_id,
        actor,
        key,
        body,
        target=body.target(),
        entry_id=body.entry_id,
        note=body.note,
    )


@router.post("/tickets/by-id/{ticket_id}/priority", response_model=StaffTicketView)
async def set_priority_by_id(
    request: Request,
    ticket_id: PathId,
    actor: Closer,
    key: OptionalKey,
    body: PriorityBody,
) -> Response:
    """Give a ticket a priority class; its ranks in the lines change."""
    return await _by_id(
        request,
        priority.set_priority,
        ticket_id,
        actor,
        key,
        body,
        priority=body.priority,
    )


@router.post("/tickets/by-id/{ticket_id}/release", response_model=StaffTicketView)
async def release_by_id(
    request: Request,
    ticket_id: PathId,
    actor: Supervisor,
    key: OptionalKey,
    body: EntryBody | None = None,
) -> Response:
    """Free a call whose counter does not answer any more."""
    return await _by_id(
        request,
        releasing.release,
        ticket_id,
        actor,
        key,
        body,
        entry_id=body.entry_id if body else None,
    )


@router.post("/tickets/by-id/{ticket_id}/undo", response_model=StaffTicketView)
async def undo_by_id(
    request: Request,
    ticket_id: PathId,
    actor: AnyStaff,
    key: OptionalKey,
    body: EntryBody | None = None,
) -> Response:
    """Take back what was last done with a ticket."""
    return await _by_id(
        request,
        undoing.undo_on_ticket,
        ticket_id,
        actor,
        key,
        body,
        entry_id=body.entry_id if body else None,
    )


@router.post("/tickets/by-id/{ticket_id}/reprint", response_model=StaffTicketView)
async def reprint_by_id(
    request: Request,
    ticket_id: PathId,
    actor: AnyStaff,
    key: OptionalKey,
    body: ReprintBody | None = None,
) -> Response:
    """Print a ticket's slip again, marked as a copy: the same number."""
    return await _by_id(
        request,
        reprinting.reprint,
        ticket_id,
        actor,
        key,
        body,
        printer_id=body.printer_id if body else None,
    )


async def _by_id(
    request: Request,
    action: Callable[..., int],
    ticket_id: int,
    actor: Actor,
    key: OptionalKey,
    body: Body | None,
    **arguments: Any,
) -> Response:
    """Give a command on a ticket that staff name by its id."""
    run = on_ticket(
        action,
        partial(staff_ticket_view, actor=actor),
        ticket_id=ticket_id,
        actor=actor,
        version=body.version if body else None,
        **arguments,
    )
    return respond(await context_of(request).ledger.do(run, key=key(actor)))
