"""Commands for a whole line, and numbers of the spare roll."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from app.api.http.answers import respond
from app.api.http.inputs import Body, PathId, TargetBody, UtcDatetime
from app.api.http.keys import OptionalKey, RequiredKey
from app.api.routes.tickets import IssueBody
from app.auth.access import Admin, Reception, Supervisor
from app.context import context_of
from app.queueing.change import Actor, Change
from app.queueing.commands import lines, spare_roll
from app.queueing.commands.issuing import TicketRequest
from app.queueing.commands.spare_roll import SpareNumber
from app.queueing.views.tickets import IssuedTicket, issued_ticket

router = APIRouter(tags=["lines"])


class TransferredLineView(BaseModel):
    """The tickets that a line command moved."""

    moved: list[int]


class CancelledLineView(BaseModel):
    """The tickets that a line command cancelled."""

    cancelled: list[int]


class SpareRollBody(Body):
    """The stretch of numbers on the roll."""

    first: Annotated[int, Field(ge=1, le=99_999)]
    last: Annotated[int, Field(ge=1, le=99_999)]


class SpareRollView(BaseModel):
    """A roll that is kept back from the kiosks."""

    service_id: int
    first: int
    last: int


class SpareNumberBody(IssueBody):
    """A number of the roll, and when its holder was given it."""

    number: Annotated[int, Field(ge=1, le=99_999)]
    arrived_at: UtcDatetime


@router.post("/services/{service_id}/line/transfer", response_model=TransferredLineView)
async def transfer_line(
    request: Request,
    service_id: PathId,
    actor: Supervisor,
    key: OptionalKey,
    body: TargetBody,
) -> Response:
    """Transfer everybody who waits for a service, in their order."""
    target = body.target()

    def run(db: Connection, change: Change) -> TransferredLineView:
        moved = lines.transfer_line(
            db, change, service_id=service_id, actor=actor, target=target
        )
        return TransferredLineView(moved=moved)

    return respond(await context_of(request).ledger.do(run, key=key(actor)))


@router.post("/services/{service_id}/line/cancel", response_model=CancelledLineView)
async def cancel_line(
    request: Request,
    service_id: PathId,
    actor: Supervisor,
    key: OptionalKey,
    _body: Body | None = None,
) -> Response:
    """Cancel everybody who waits for a service."""
    return await _cancelled(request, lines.cancel_line, service_id, actor, key)


@router.post("/services/{service_id}/line/close", response_model=CancelledLineView)
async def close_line(
    request: Request,
    service_id: PathId,
    actor: Supervisor,
    key: OptionalKey,
    _body: Body | None = None,
) -> Response:
    """Give no more numbers for a service; nobody who waits is dropped."""
    return await _cancelled(request, lines.close_line, service_id, actor, key)


@router.post("/services/{service_id}/spare-roll", response_model=SpareRollView)
async def reserve_roll(
    request: Request,
    service_id: PathId,
    _who: Admin,
    key: OptionalKey,
    body: SpareRollBody,
) -> Response:
    """Keep a stretch of a service's numbers for the spare roll."""

    def run(db: Connection, change: Change) -> SpareRollView:
        spare_roll.reserve_roll(
            db, change, service_id=service_id, first=body.first, last=body.last
        )
        return SpareRollView(service_id=service_id, first=body.first, last=body.last)

    return respond(await context_of(request).ledger.do(run, key=key(_who)))


@router.post("/spare-numbers", response_model=IssuedTicket, status_code=201)
async def book_in(
    request: Request, actor: Reception, key: RequiredKey, body: SpareNumberBody
) -> Response:
    """Let somebody with a number of the spare roll wait from its time on."""
    ticket_request = TicketRequest(
        body.service_ids, body.people, body.priority, body.language, body.assistance
    )
    number = SpareNumber(body.number, body.arrived_at)
    run = partial(_book_in, ticket_request=ticket_request, number=number, actor=actor)
    return respond(await context_of(request).ledger.do(run, key=key(actor), status=201))


def _book_in(
    db: Connection,
    change: Change,
    *,
    ticket_request: TicketRequest,
    number: SpareNumber,
    actor: Actor,
) -> IssuedTicket:
    ticket_id = spare_roll.book_in(
        db, change, ticket_request=ticket_request, spare=number, actor=actor
    )
    return issued_ticket(db, ticket_id)


async def _cancelled(
    request: Request, action: Any, service_id: int, actor: Actor, key: OptionalKey
) -> Response:
    def run(db: Connection, change: Change) -> CancelledLineView:
        ids = action(db, change, service_id=service_id, actor=actor)
        return CancelledLineView(cancelled=ids)

    return respond(await context_of(request).ledger.do(run, key=key(actor)))
