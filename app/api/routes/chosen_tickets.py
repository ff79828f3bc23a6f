"""Counters: a chosen ticket, parking, sending on, taking back, practice."""

from functools import partial

from fastapi import APIRouter, Request, Response

from app.api.at_counter import on_active_entry, on_ticket_at_counter
from app.api.commands import at_counter, show_counter, show_ticket
from app.api.http.answers import respond
from app.api.http.inputs import (
    Body,
    PathId,
    ReasonBody,
    TicketBody,
    TransferBody,
    UtcDatetime,
)
from app.api.http.keys import OptionalKey
from app.auth.access import CounterStaff
from app.context import context_of
from app.queueing.commands import (
    calling,
    parking,
    practice,
    serving,
    transferring,
    undoing,
)
from app.queueing.views.tickets import CounterView, StaffTicketView

router = APIRouter(tags=["counters"])


class ParkBody(ReasonBody):
    """Why, and when to remind the officer."""

    remind_at: UtcDatetime | None = None


@router.post("/counters/{counter_id}/call", response_model=StaffTicketView)
async def call(
    request: Request,
    counter_id: PathId,
    actor: CounterStaff,
    key: OptionalKey,
    body: TicketBody,
) -> Response:
    """Call a chosen ticket: waiting, parked or a no-show."""
    return await on_ticket_at_counter(
        request, calling.call, counter_id, actor, key, body, reason=body.reason
    )


@router.post("/counters/{counter_id}/take", response_model=StaffTicketView)
async def take(
    request: Request,
    counter_id: PathId,
    actor: CounterStaff,
    key: OptionalKey,
    body: TicketBody,
) -> Response:
    """Serve a ticket whose visitor stands here, without a call."""
    return await on_ticket_at_counter(
        request, serving.take, counter_id, actor, key, body, reason=body.reason
    )


@router.post("/counters/{counter_id}/resume", response_model=StaffTicketView)
async def resume(
    request: Request,
    counter_id: PathId,
    actor: CounterStaff,
    key: OptionalKey,
    body: TicketBody,
) -> Response:
    """Call a parked ticket again."""
    return await on_ticket_at_counter(
        request, calling.resume, counter_id, actor, key, body
    )


@router.post("/counters/{counter_id}/take-over", response_model=StaffTicketView)
async def take_over(
    request: Request,
    counter_id: PathId,
    actor: CounterStaff,
    key: OptionalKey,
    body: TicketBody,
) -> Response:
    """Go on here with a visitor of another counter."""
    return await on_ticket_at_counter(
        request, serving.take_over, counter_id, actor, key, body, reason=body.reason
    )


@router.post("/counters/{counter_id}/park", response_model=StaffTicketView)
async def park(
    request: Request,
    counter_id: PathId,
    actor: CounterStaff,
    key: OptionalKey,
    body: ParkBody | None = None,
) -> Response:
    """Set the visitor aside; a reminder reminds, and calls nobody."""
    return await on_active_entry(
        request,
        parking.park,
        counter_id,
        actor,
        key,
        body,
        reason=body.reason if body else None,
        remind_at=body.remind_at if body else None,
    )


@router.post("/counters/{counter_id}/transfer", response_model=StaffTicketView)
async def transfer(
    request: Request,
    counter_id: PathId,
    actor: CounterStaff,
    key: OptionalKey,
    body: TransferBody,
) -> Response:
    """Send the visitor on, to a service or a counter; the number is kept."""
    return await on_active_entry(
        request,
        transferring.transfer_active,
        counter_id,
        actor,
        key,
        body,
        target=body.target(),
        note=body.note,
    )


@router.post("/counters/{counter_id}/undo", response_model=StaffTicketView)
async def undo(
    request: Request,
    counter_id: PathId,
    actor: CounterStaff,
    key: OptionalKey,
    body: Body | None = None,
) -> Response:
    """Take back what was last done here; ``version`` is that of its ticket."""
    action = partial(undoing.undo_at_counter, version=body.version if body else None)
    run = at_counter(action, show_ticket, counter_id=counter_id, actor=actor)
    return respond(await context_of(request).ledger.do(run, key=key(actor)))


@router.post("/counters/{counter_id}/practice-line", response_model=CounterView)
async def practice_line(
    request: Request,
    counter_id: PathId,
    actor: CounterStaff,
    key: OptionalKey,
    _body: Body | None = None,
) -> Response:
    """Let invented visitors wait at a practice counter."""
    run = at_counter(
        practice.invent_line,
        show_counter(counter_id),
        counter_id=counter_id,
        actor=actor,
    )
    return respond(await context_of(request).ledger.do(run, key=key(actor)))
