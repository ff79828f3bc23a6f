"""What the routes of a counter's commands share."""

from typing import Any

from fastapi import Request, Response

from app.api.answers import respond
from app.api.commands import CounterAction, at_counter, show_ticket
from app.api.inputs import Body, ChosenBody
from app.api.keys import OptionalKey
from app.context import context_of
from app.queueing.change import Actor


async def on_active(
    request: Request,
    action: CounterAction,
    counter_id: int,
    who: Actor,
    key: OptionalKey,
    body: Body | None,
    **facts: Any,
) -> Response:
    """Give a command for whoever is called or served at a counter."""
    run = at_counter(
        action,
        show_ticket,
        counter_id=counter_id,
        who=who,
        version=body.version if body else None,
        **facts,
    )
    return respond(await context_of(request).ledger.do(run, key=key(who)))


async def on_chosen(
    request: Request,
    action: CounterAction,
    counter_id: int,
    who: Actor,
    key: OptionalKey,
    body: ChosenBody,
    **facts: Any,
) -> Response:
    """Give a command for a ticket that a person has chosen."""
    run = at_counter(
        action,
        show_ticket,
        counter_id=counter_id,
        who=who,
        about=body.ticket_id,
        version=body.version,
        ticket_id=body.ticket_id,
        **facts,
    )
    return respond(await context_of(request).ledger.do(run, key=key(who)))
