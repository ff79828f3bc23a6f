"""Counters: a chosen ticket, parking, sending on, taking back, practice."""

from functools import partial
from typing import Annotated

from fastapi import Response

from app.api.commands import AtCounter
from app.api.document.refusals import refuses
from app.api.http.inputs import (
    OptionalBody,
    ReasonBody,
    TicketBody,
    TransferBody,
    UtcDatetime,
    or_empty,
)
from app.api.routing.direct_route import api_router
from app.errors import (
    AlreadyWaiting,
    CounterBusy,
    CounterNotOpen,
    Evacuation,
    NoCounter,
    TicketBusy,
    UndoBlocked,
    WrongState,
)
from app.queueing.commands import (
    calling,
    parking,
    practice,
    serving,
    transferring,
    undoing,
)
from app.queueing.views.counters import CounterView
from app.queueing.views.tickets import StaffTicketView

router = api_router("counters")


class ParkBody(ReasonBody):
    """Why, and when to remind the officer."""

    remind_at: UtcDatetime | None = None


OptionalPark = Annotated[ParkBody, or_empty(ParkBody)]


@router.post("/counters/{counter_id}/call", response_model=StaffTicketView)
@refuses(CounterBusy, CounterNotOpen, Evacuation, TicketBusy, WrongState)
async def call(counter: AtCounter, body: TicketBody) -> Response:
    """Call a chosen ticket: waiting, parked or a no-show."""
    rule = partial(calling.call, ticket_id=body.ticket_id, reason=body.reason)
    return await counter.answer_ticket(rule, body.version, ticket_id=body.ticket_id)


@router.post("/counters/{counter_id}/take", response_model=StaffTicketView)
@refuses(CounterBusy, CounterNotOpen, TicketBusy, WrongState)
async def take(counter: AtCounter, body: TicketBody) -> Response:
    """Serve a ticket whose visitor stands here, without a call."""
    rule = partial(serving.take, ticket_id=body.ticket_id, reason=body.reason)
    return await counter.answer_ticket(rule, body.version, ticket_id=body.ticket_id)


@router.post("/counters/{counter_id}/resume", response_model=StaffTicketView)
@refuses(CounterBusy, CounterNotOpen, Evacuation, TicketBusy, WrongState)
async def resume(counter: AtCounter, body: TicketBody) -> Response:
    """Call a parked ticket again."""
    rule = partial(calling.resume, ticket_id=body.ticket_id)
    return await counter.answer_ticket(rule, body.version, ticket_id=body.ticket_id)


@router.post("/counters/{counter_id}/take-over", response_model=StaffTicketView)
@refuses(CounterBusy, CounterNotOpen, WrongState)
async def take_over(counter: AtCounter, body: TicketBody) -> Response:
    """Go on here with a visitor of another counter."""
    rule = partial(serving.take_over, ticket_id=body.ticket_id, reason=body.reason)
    return await counter.answer_ticket(rule, body.version, ticket_id=body.ticket_id)


@router.post("/counters/{counter_id}/park", response_model=StaffTicketView)
@refuses(CounterNotOpen, WrongState)
async def park(counter: AtCounter, body: OptionalPark) -> Response:
    """Set the visitor aside; a reminder reminds, and calls nobody."""
    rule = partial(parking.park, reason=body.reason, remind_at=body.remind_at)
    return await counter.answer_ticket(rule, body.version)


@router.post("/counters/{counter_id}/transfer", response_model=StaffTicketView)
@refuses(AlreadyWaiting, CounterNotOpen, NoCounter, WrongState)
async def transfer(counter: AtCounter, body: TransferBody) -> Response:
    """Send the visitor on, to a service or a counter; the number is kept."""
    rule = partial(transferring.transfer_active, target=body.target(), note=body.note)
    return await counter.answer_ticket(rule, body.version)


@router.post("/counters/{counter_id}/undo", response_model=StaffTicketView)
@refuses(CounterNotOpen, UndoBlocked, WrongState)
async def undo(counter: AtCounter, body: OptionalBody) -> Response:
    """Take back what was last done here; ``version`` is that of its ticket."""
    # given to the rule: it alone finds whose ticket is meant, maybe no active one
    rule = partial(undoing.undo_at_counter, version=body.version)
    return await counter.answer_ticket(rule, None)


@router.post("/counters/{counter_id}/practice-line", response_model=CounterView)
async def practice_line(counter: AtCounter, _body: OptionalBody) -> Response:
    """Let invented visitors wait at a practice counter."""
    return await counter.answer_counter(practice.invent_line)
