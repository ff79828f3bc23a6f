"""Commands for a whole line, and numbers of the spare roll."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from app.api.answers import respond
from app.api.inputs import Body, InTime, PathId, TargetBody
from app.api.keys import OptionalKey, RequiredKey
from app.api.tickets import IssueBody
from app.auth.access import Admin, Reception, Supervisor
from app.context import context_of
from app.queueing import lines, spare
from app.queueing.change import Actor, Change
from app.queueing.issuing import Wish
from app.queueing.spare import SpareNumber
from app.queueing.views import IssuedTicket, issued_ticket

router = APIRouter(tags=["lines"])


class Moved(BaseModel):
    """The tickets that a line command moved."""

    moved: list[int]


class Cancelled(BaseModel):
    """The tickets that a line command cancelled."""

    cancelled: list[int]


class RollBody(Body):
    """The stretch of numbers on the roll."""

    first: Annotated[int, Field(ge=1, le=99_999)]
    last: Annotated[int, Field(ge=1, le=99_999)]


class Roll(BaseModel):
    """A roll that is kept back from the kiosks."""

    service_id: int
    first: int
    last: int


class BookInBody(IssueBody):
    """A number of the roll, and when its holder was given it."""

    number: Annotated[int, Field(ge=1, le=99_999)]
    arrived_at: InTime


@router.post("/services/{service_id}/line/transfer", response_model=Moved)
async def transfer_line(
    request: Request,
    service_id: PathId,
    who: Supervisor,
    key: OptionalKey,
    body: TargetBody,
) -> Response:
    """Transfer everybody who waits for a service, in their order."""
    target = body.target()

    def run(db: Connection, change: Change) -> Moved:
        moved = lines.transfer_line(
            db, change, service_id=service_id, who=who, target=target
        )
        return Moved(moved=moved)

    return respond(await context_of(request).ledger.do(run, key=key(who)))


@router.post("/services/{service_id}/line/cancel", response_model=Cancelled)
async def cancel_line(
    request: Request,
    service_id: PathId,
    who: Supervisor,
    key: OptionalKey,
    _body: Body | None = None,
) -> Response:
    """Cancel everybody who waits for a service."""
    return await _cancelled(request, lines.cancel_line, service_id, who, key)


@router.post("/services/{service_id}/line/close", response_model=Cancelled)
async def close_line(
    request: Request,
    service_id: PathId,
    who: Supervisor,
    key: OptionalKey,
    _body: Body | None = None,
) -> Response:
    """Give no more numbers for a service; nobody who waits is dropped."""
    return await _cancelled(request, lines.close_line, service_id, who, key)


@router.post("/services/{service_id}/spare-roll", response_model=Roll)
async def reserve_roll(
    request: Request, service_id: PathId, _who: Admin, key: OptionalKey, body: RollBody
) -> Response:
    """Keep a stretch of a service's numbers for the spare roll."""

    def run(db: Connection, change: Change) -> Roll:
        spare.reserve_roll(
            db, change, service_id=service_id, first=body.first, last=body.last
        )
        return Roll(service_id=service_id, first=body.first, last=body.last)

    return respond(await context_of(request).ledger.do(run, key=key(_who)))


@router.post("/spare-numbers", response_model=IssuedTicket, status_code=201)
async def book_in(
    request: Request, who: Reception, key: RequiredKey, body: BookInBody
) -> Response:
    """Let somebody with a number of the spare roll wait from its time on."""
    wish = Wish(
        body.service_ids, body.people, body.priority, body.language, body.assistance
    )
    number = SpareNumber(body.number, body.arrived_at)
    run = partial(_book_in, wish=wish, number=number, who=who)
    return respond(await context_of(request).ledger.do(run, key=key(who), status=201))


def _book_in(
    db: Connection, change: Change, *, wish: Wish, number: SpareNumber, who: Actor
) -> IssuedTicket:
    ticket_id = spare.book_in(db, change, wish=wish, spare=number, who=who)
    return issued_ticket(db, ticket_id)


async def _cancelled(
    request: Request, action: Any, service_id: int, who: Actor, key: OptionalKey
) -> Response:
    def run(db: Connection, change: Change) -> Cancelled:
        ids = action(db, change, service_id=service_id, who=who)
        return Cancelled(cancelled=ids)

    return respond(await context_of(request).ledger.do(run, key=key(who)))
