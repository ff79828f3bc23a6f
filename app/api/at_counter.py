"""What the routes of a counter's commands share."""

from typing import Any

from fastapi import Request, Response

from app.api.commands import CounterAction, at_counter, show_ticket
from app.api.http.answers import respond
from app.api.http.inputs import Body, TicketBody
from app.api.http.keys import OptionalKey
from app.context import context_of
from app.queueing.change import Actor


async def on_active_entry(
    request: Request,
    action: CounterAction,
    counter_id: int,
    actor: Actor,
    key: OptionalKey,
    body: Body | None,
    **arguments: Any,
) -> Response:
    """Give a command for whoever is called or served at a counter."""
    run = at_counter(
        action,
        show_ticket,
        counter_id=counter_id,
        actor=actor,
        version=body.version if body else None,
        **arguments,
    )
    return respond(await context_of(request).ledger.do(run, key=key(actor)))


async def on_ticket_at_counter(
    request: Request,
    action: CounterAction,
    counter_id: int,
    actor: Actor,
    key: OptionalKey,
    body: TicketBody,
    **arguments: Any,
) -> Response:
    """Give a command for a ticket that a person has chosen."""
    run = at_counter(
        action,
        show_ticket,
        counter_id=counter_id,
        actor=actor,
        ticket_of_version=body.ticket_id,
        version=body.version,
        ticket_id=body.ticket_id,
        **arguments,
    )
    return respond(await context_of(request).ledger.do(run, key=key(actor)))
