"""Commands for a whole line, and numbers of the spare roll."""

from functools import partial
from typing import Annotated

from fastapi import Response
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from app.api.commands import ByAdmin, ByReceptionWithKey, BySupervisor
from app.api.document.refusals import refuses
from app.api.http.inputs import (
    WHOLE,
    Body,
    OptionalBody,
    PathId,
    TargetBody,
    UtcDatetime,
    example,
)
from app.api.routes.tickets import IssueBody
from app.api.routing.direct_route import api_router
from app.errors import (
    AlreadyWaiting,
    ClockInDoubt,
    Evacuation,
    NoCounter,
    NotFound,
    WrongState,
)
from app.queueing.change import Change
from app.queueing.commands import lines, spare_roll
from app.queueing.commands.spare_roll import NumberTaken, SpareNumber
from app.queueing.views.tickets import IssuedTicket, issued_ticket

router = api_router("lines")


class TransferredLineView(BaseModel):
    """The tickets that a line command moved."""

    moved: list[int]


class CancelledLineView(BaseModel):
    """The tickets that a line command cancelled."""

    cancelled: list[int]


class SpareRollBody(Body):
    """The stretch of numbers on the roll."""

    first: Annotated[int, Field(ge=1, le=99_999), WHOLE]
    last: Annotated[int, Field(ge=1, le=99_999), WHOLE]


class SpareRollView(BaseModel):
    """A roll that is kept back from the kiosks."""

    service_id: int
    first: int
    last: int


class SpareNumberBody(IssueBody):
    """A number of the roll, and when its holder was given it."""

    model_config = example(
        number=81, service_ids=[12], arrived_at="2026-11-30T09:05:00+07:00"
    )

    number: Annotated[int, Field(ge=1, le=99_999), WHOLE]
    arrived_at: UtcDatetime


def _transferred(_db: Connection, ticket_ids: list[int]) -> TransferredLineView:
    return TransferredLineView(moved=ticket_ids)


def _cancelled(_db: Connection, ticket_ids: list[int]) -> CancelledLineView:
    return CancelledLineView(cancelled=ticket_ids)


@router.post("/services/{service_id}/line/transfer", response_model=TransferredLineView)
@refuses(AlreadyWaiting, NoCounter, WrongState)
async def transfer_line(
    service_id: PathId, sender: BySupervisor, body: TargetBody
) -> Response:
    """Transfer everybody who waits for a service, in their order."""
    rule = partial(lines.transfer_line, service_id=service_id, target=body.target())
    return await sender.give(rule, _transferred)


@router.post("/services/{service_id}/line/cancel", response_model=CancelledLineView)
@refuses(WrongState)
async def cancel_line(
    service_id: PathId, sender: BySupervisor, _body: OptionalBody
) -> Response:
    """Cancel everybody who waits for a service."""
    rule = partial(lines.cancel_line, service_id=service_id)
    return await sender.give(rule, _cancelled)


@router.post("/services/{service_id}/line/close", response_model=CancelledLineView)
async def close_line(
    service_id: PathId, sender: BySupervisor, _body: OptionalBody
) -> Response:
    """Give no more numbers for a service; nobody who waits is dropped."""
    rule = partial(lines.close_line, service_id=service_id)
    return await sender.give(rule, _cancelled)


@router.post("/services/{service_id}/spare-roll", response_model=SpareRollView)
async def reserve_roll(
    service_id: PathId, sender: ByAdmin, body: SpareRollBody
) -> Response:
    """Keep a stretch of a service's numbers for the spare roll."""
    first, last = body.first, body.last

    def run(db: Connection, change: Change) -> SpareRollView:
        spare_roll.reserve_roll(
            db, change, service_id=service_id, first=first, last=last
        )
        return SpareRollView(service_id=service_id, first=first, last=last)

    return await sender.run(run)


@router.post("/spare-numbers", response_model=IssuedTicket, status_code=201)
@refuses(NotFound, NumberTaken, ClockInDoubt, Evacuation)
async def book_in(sender: ByReceptionWithKey, body: SpareNumberBody) -> Response:
    """Let somebody with a number of the spare roll wait from its time on."""
    number = SpareNumber(body.number, body.arrived_at)
    request = body.ticket_request()
    rule = partial(spare_roll.book_in, ticket_request=request, spare=number)
    return await sender.give(rule, issued_ticket, status=201)
