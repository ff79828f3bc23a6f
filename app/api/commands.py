"""Commands as the API gives them: run a rule, answer with a view.

A refusal carries the present ``ticket`` or ``counter`` (contract.md#errors), read in
the same transaction once what the command had begun is taken back.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Connection

from app.errors import NotFound, QueueError, Stale
from app.ledger.command import Run
from app.queueing.change import Actor, Change
from app.queueing.counters import active_entry, visible_counter
from app.queueing.rows import ticket_row
from app.queueing.views.counters import counter_view
from app.queueing.views.tickets import (
    CounterView,
    StaffTicketView,
    TicketView,
    staff_ticket_view,
)

CounterAction = Callable[..., Any]


class ServedNextView(BaseModel):
    """Whom "serve next" served and called."""

    served: StaffTicketView
    called: StaffTicketView | None


def at_counter(
    action: CounterAction,
    show: Callable[[Connection, Any, Actor], BaseModel | None],
    *,
    counter_id: int,
    actor: Actor,
    version: int | None = None,
    ticket_of_version: int | None = None,
    **arguments: Any,
) -> Run:
    """Return a command for a counter.

    ``version`` is that of the ticket it is ``ticket_of_version``; None: its active one.
    """

    def run(db: Connection, change: Change) -> BaseModel | None:
        counter = visible_counter(db, counter_id, actor)
        try:
            _require_version_at(db, counter.id, ticket_of_version, version)
            outcome = action(
                db, change, counter_id=counter_id, actor=actor, **arguments
            )
        except QueueError as refusal:
            refusal.present = partial(
                _present_state,
                counter_id=counter_id,
                ticket_of_version=ticket_of_version,
                actor=actor,
            )
            raise
        return show(db, outcome, actor)

    return run


def on_ticket(
    action: CounterAction,
    view: Callable[[Connection, int], TicketView],
    *,
    ticket_id: int,
    actor: Actor,
    version: int | None = None,
    **arguments: Any,
) -> Run:
    """Return a command on a ticket, answered with its view."""

    def run(db: Connection, change: Change) -> TicketView:
        ticket_before = view(db, ticket_id)
        try:
            _require_version(ticket_before.version, version)
            action(db, change, ticket_id=ticket_id, actor=actor, **arguments)
        except QueueError as refusal:
            refusal.present = lambda db: {"ticket": view(db, ticket_id)}
            raise
        return view(db, ticket_id)

    return run


def show_ticket(
    db: Connection, ticket_id: int | None, actor: Actor
) -> StaffTicketView | None:
    """Show the ticket that a command came to, if any."""
    if ticket_id is None:
        return None
    return staff_ticket_view(db, ticket_id, actor, is_here=True)


def show_counter(counter_id: int) -> Callable[[Connection, Any, Actor], CounterView]:
    """Show the counter that a command was for."""
    return lambda db, _outcome, actor: counter_view(db, counter_id, actor)


def show_served_next(db: Connection, outcome: Any, actor: Actor) -> ServedNextView:
    """Show both tickets of "serve next"."""
    return ServedNextView(
        served=staff_ticket_view(db, outcome.served, actor, is_here=True),
        called=show_ticket(db, outcome.called, actor),
    )


def _present_state(
    db: Connection, *, counter_id: int, ticket_of_version: int | None, actor: Actor
) -> dict[str, Any]:
    counter = counter_view(db, counter_id, actor)
    ticket = (
        counter.ticket
        if ticket_of_version is None
        else _ticket_if_visible(db, ticket_of_version, actor)
    )
    return {"counter": counter, "ticket": ticket}


def _ticket_if_visible(
    db: Connection, ticket_id: int, actor: Actor
) -> StaffTicketView | None:
    try:
        return staff_ticket_view(db, ticket_id, actor)
    except NotFound:
        return None


def _require_version_at(
    db: Connection, counter_id: int, ticket_of_version: int | None, version: int | None
) -> None:
    if version is None:
        return
    entry = active_entry(db, counter_id) if ticket_of_version is None else None
    ticket_id = entry.ticket_id if entry else ticket_of_version
    ticket = ticket_row(db, ticket_id) if ticket_id else None
    _require_version(ticket.version if ticket else None, version)


def _require_version(present: int | None, expected: int | None) -> None:
    if expected is not None and present != expected:
        raise Stale
