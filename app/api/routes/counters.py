"""Counters: open, call, serve; one thin route for each command."""

from functools import partial
from typing import Annotated, Any

from fastapi import Request, Response
from pydantic import Field
from sqlalchemy import Connection

from app.api.commands import AtCounter, AtCounterWithKey, ServedNextView
from app.api.document.refusals import refuses
from app.api.http.inputs import Body, Id, OptionalBody, ReasonBody, or_empty
from app.api.routing.direct_route import api_router
from app.auth.access import AnyStaff
from app.context import context_of
from app.errors import (
    ClockInDoubt,
    CounterBusy,
    CounterNotOpen,
    CounterTaken,
    Evacuation,
    TooEarly,
    WrongState,
)
from app.models.states import Result
from app.queueing.commands import calling, counter_states, issuing, serving
from app.queueing.site.pauses import read_pause_rules
from app.queueing.views.counters import CounterView, visible_counters, with_console_page
from app.queueing.views.tickets import StaffTicketView

router = api_router("counters")

NOBODY: dict[int | str, dict[str, Any]] = {204: {"description": "Nobody waits."}}


class ServeBody(Body):
    """How the work ended."""

    result: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")] = Result.DONE


class PauseBody(ReasonBody):
    """Why, and to which counter its visitor is handed, if there is one."""

    hand_to: Id | None = None


class WalkUpBody(Body):
    """What the visitor without a ticket comes for."""

    service_id: Id


OptionalReason = Annotated[ReasonBody, or_empty(ReasonBody)]
OptionalPause = Annotated[PauseBody, or_empty(PauseBody)]
OptionalServe = Annotated[ServeBody, or_empty(ServeBody)]


@router.get("/counters", response_model=list[CounterView])
async def list_counters(request: Request, actor: AnyStaff) -> list[CounterView]:
    """List the counters that the caller may know of, with whom they serve."""
    context = context_of(request)
    now = context.ledger.now()

    def view(db: Connection) -> list[CounterView]:
        return visible_counters(db, actor, read_pause_rules(db, now))

    return [
        with_console_page(
            counter, context.hub.unwatched_since(f"counter:{counter.id}"), now
        )
        for counter in await context.readers.read(view)
    ]


@router.post("/counters/{counter_id}/open", response_model=CounterView)
@refuses(CounterTaken)
async def open_counter(counter: AtCounter, body: OptionalBody) -> Response:
    """Open a counter or end its pause; its opener then holds it."""
    return await counter.answer_counter(counter_states.open_, body.version)


@router.post("/counters/{counter_id}/pause", response_model=CounterView)
@refuses(CounterBusy, CounterNotOpen)
async def pause_counter(counter: AtCounter, body: OptionalPause) -> Response:
    """Stop calling for a while; with ``hand_to`` another counter may take over."""
    pause = partial(counter_states.pause, reason=body.reason, hand_to=body.hand_to)
    return await counter.answer_counter(pause, body.version)


@router.post("/counters/{counter_id}/close", response_model=CounterView)
@refuses(CounterBusy, CounterNotOpen)
async def close_counter(counter: AtCounter, body: OptionalBody) -> Response:
    """Close a counter and let go of it."""
    return await counter.answer_counter(counter_states.close, body.version)


@router.post(
    "/counters/{counter_id}/call-next",
    response_model=StaffTicketView,
    responses=NOBODY,
)
@refuses(CounterBusy, CounterNotOpen, Evacuation, WrongState)
async def call_next(counter: AtCounterWithKey, body: OptionalBody) -> Response:
    """Call the next visitor to this counter."""
    return await counter.answer_ticket(calling.call_next, body.version)


@router.post("/counters/{counter_id}/recall", response_model=StaffTicketView)
@refuses(CounterNotOpen, Evacuation, TooEarly, WrongState)
async def recall(counter: AtCounter, body: OptionalBody) -> Response:
    """Announce the called visitor again."""
    return await counter.answer_ticket(calling.recall, body.version)


@router.post("/counters/{counter_id}/start", response_model=StaffTicketView)
@refuses(CounterNotOpen, WrongState)
async def start(counter: AtCounter, body: OptionalBody) -> Response:
    """Note that the called visitor has arrived."""
    return await counter.answer_ticket(serving.start, body.version)


@router.post("/counters/{counter_id}/serve", response_model=StaffTicketView)
@refuses(CounterNotOpen, WrongState)
async def serve(counter: AtCounter, body: OptionalServe) -> Response:
    """Note that the work is done, with a result."""
    rule = partial(serving.serve, result=body.result)
    return await counter.answer_ticket(rule, body.version)


@router.post("/counters/{counter_id}/serve-next", response_model=ServedNextView)
@refuses(CounterNotOpen, WrongState)
async def serve_next(counter: AtCounter, body: OptionalServe) -> Response:
    """Serve, then call the next visitor, as one."""
    rule = partial(serving.serve_next, result=body.result)
    return await counter.answer_served_next(rule, body.version)


@router.post("/counters/{counter_id}/no-show", response_model=StaffTicketView)
@refuses(CounterNotOpen, TooEarly, WrongState)
async def no_show(counter: AtCounter, body: OptionalReason) -> Response:
    """Note that the called visitor did not come; at once with ``reason: left``."""
    rule = partial(serving.no_show, reason=body.reason)
    return await counter.answer_ticket(rule, body.version)


@router.post("/counters/{counter_id}/return", response_model=StaffTicketView)
@refuses(CounterNotOpen, WrongState)
async def return_call(counter: AtCounter, body: OptionalBody) -> Response:
    """Take a wrong call back: waiting again at its old rank."""
    return await counter.answer_ticket(calling.return_, body.version)


@router.post("/counters/{counter_id}/walk-up", response_model=StaffTicketView)
@refuses(CounterBusy, CounterNotOpen, ClockInDoubt, Evacuation)
async def walk_up(counter: AtCounter, body: WalkUpBody) -> Response:
    """Serve somebody who stands here without a ticket."""
    rule = partial(issuing.walk_up, service_id=body.service_id)
    return await counter.answer_ticket(rule, body.version)
