"""Counters: open, call, serve; one thin route for each command."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlalchemy import Connection

from app.api.at_counter import on_active_entry
from app.api.commands import (
    ServedNextView,
    at_counter,
    show_counter,
    show_served_next,
    show_ticket,
)
from app.api.http.answers import respond
from app.api.http.inputs import Body, Id, PathId, ReasonBody
from app.api.http.keys import OptionalKey, RequiredKey
from app.auth.access import AnyStaff, CounterStaff
from app.context import context_of
from app.models.states import Result
from app.queueing import counters
from app.queueing.commands import calling, issuing, serving
from app.queueing.views.counters import visible_counters, with_console_page
from app.queueing.views.tickets import CounterView, StaffTicketView

router = APIRouter(tags=["counters"])

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


@router.get("/counters", response_model=list[CounterView])
async def list_counters(request: Request, actor: AnyStaff) -> list[CounterView]:
    """List the counters that the caller may know of, with whom they serve."""

    def view(db: Connection) -> list[CounterView]:
        return visible_counters(db, actor)

    context = context_of(request)
    now = context.ledger.now()
    return [
        with_console_page(
            counter, context.hub.unwatched_since(f"counter:{counter.id}"), now
        )
        for counter in await context.readers.read(view)
    ]


@router.post("/counters/{counter_id}/open", response_model=CounterView)
async def open_counter(
    request: Request,
    counter_id: PathId,
    actor: CounterStaff,
    key: OptionalKey,
    body: Body | None = None,
) -> Response:
    """Open a counter or end its pause; its opener then holds it."""
    run = at_counter(
        counters.open_,
        show_counter(counter_id),
        counter_id=counter_id,
        actor=actor,
        version=body.version if body else None,
    )
    return respond(await context_of(request).ledger.do(run, key=key(actor)))


@router.post("/counters/{counter_id}/pause", response_model=CounterView)
async def pause_counter(
    request: Request,
    counter_id: PathId,
    actor: CounterStaff,
    key: OptionalKey,
    body: PauseBody | None = None,
) -> Response:
    """Stop calling for a while; with ``hand_to`` another counter may take over."""
    run = at_counter(
        counters.pause,
        show_counter(counter_id),
        counter_id=counter_id,
        actor=actor,
        version=body.version if body else None,
        reason=body.reason if body else None,
        hand_to=body.hand_to if body else None,
    )
    return respond(await context_of(request).ledger.do(run, key=key(actor)))


@router.post("/counters/{counter_id}/close", response_model=CounterView)
async def close_counter(
    request: Request,
    counter_id: PathId,
    actor: CounterStaff,
    key: OptionalKey,
    body: Body | None = None,
) -> Response:
    """Close a counter and let go of it."""
    run = at_counter(
        counters.close,
        show_counter(counter_id),
        counter_id=counter_id,
        actor=actor,
        version=body.version if body else None,
    )
    return respond(await context_of(request).ledger.do(run, key=key(actor)))


@router.post(
    "/counters/{counter_id}/call-next",
    response_model=StaffTicketView,
    responses=NOBODY,
)
async def call_next(
    request: Request,
    counter_id: PathId,
    actor: CounterStaff,
    key: RequiredKey,
    body: Body | None = None,
) -> Response:
    """Call the next visitor to this counter."""
    run = at_counter(
        calling.call_next,
        show_ticket,
        counter_id=counter_id,
        actor=actor,
        version=body.version if body else None,
    )
    return respond(await context_of(request).ledger.do(run, key=key(actor)))


@router.post("/counters/{counter_id}/recall", response_model=StaffTicketView)
async def recall(
    request: Request,
    counter_id: PathId,
    actor: CounterStaff,
    key: OptionalKey,
    body: Body | None = None,
) -> Response:
    """Announce the called visitor again."""
    return await on_active_entry(request, calling.recall, counter_id, actor, key, body)


@router.post("/counters/{counter_id}/start", response_model=StaffTicketView)
async def start(
    request: Request,
    counter_id: PathId,
    actor: CounterStaff,
    key: OptionalKey,
    body: Body | None = None,
) -> Response:
    """Note that the called visitor has arrived."""
    return await on_active_entry(request, serving.start, counter_id, actor, key, body)


@router.post("/counters/{counter_id}/serve", response_model=StaffTicketView)
async def serve(
    request: Request,
    counter_id: PathId,
    actor: CounterStaff,
    key: OptionalKey,
    body: ServeBody | None = None,
) -> Response:
    """Note that the work is done, with a result."""
    result = (body or ServeBody()).result
    return await on_active_entry(
        request, serving.serve, counter_id, actor, key, body, result=result
    )


@router.post("/counters/{counter_id}/serve-next", response_model=ServedNextView)
async def serve_next(
    request: Request,
    counter_id: PathId,
    actor: CounterStaff,
    key: OptionalKey,
    body: ServeBody | None = None,
) -> Response:
    """Serve, then call the next visitor, as one."""
    run = at_counter(
        serving.serve_next,
        show_served_next,
        counter_id=counter_id,
        actor=actor,
        version=body.version if body else None,
        result=(body or ServeBody()).result,
    )
    return respond(await context_of(request).ledger.do(run, key=key(actor)))


@router.post("/counters/{counter_id}/no-show", response_model=StaffTicketView)
async def no_show(
    request: Request,
    counter_id: PathId,
    actor: CounterStaff,
    key: OptionalKey,
    body: ReasonBody | None = None,
) -> Response:
    """Note that the called visitor did not come; at once with ``reason: left``."""
    reason = body.reason if body else None
    return await on_active_entry(
        request, serving.no_show, counter_id, actor, key, body, reason=reason
    )


@router.post("/counters/{counter_id}/return", response_model=StaffTicketView)
async def return_call(
    request: Request,
    counter_id: PathId,
    actor: CounterStaff,
    key: OptionalKey,
    body: Body | None = None,
) -> Response:
    """Take a wrong call back: waiting again at its old rank."""
    return await on_active_entry(request, calling.return_, counter_id, actor, key, body)


@router.post("/counters/{counter_id}/walk-up", response_model=StaffTicketView)
async def walk_up(
    request: Request,
    counter_id: PathId,
    actor: CounterStaff,
    key: OptionalKey,
    body: WalkUpBody,
) -> Response:
    """Serve somebody who stands here without a ticket."""
    run = at_counter(
        issuing.walk_up,
        show_ticket,
        counter_id=counter_id,
        actor=actor,
        version=body.version,
        service_id=body.service_id,
    )
    return respond(await context_of(request).ledger.do(run, key=key(actor)))
