"""Commands as the API gives them: run a rule, answer with a view.

A refusal carries the present ``ticket`` or ``counter`` (design §5), read in
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
from app.queueing.counter_views import counter_view
from app.queueing.counters import active_entry, known_counter
from app.queueing.rows import ticket_row
from app.queueing.views import (
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
    who: Actor,
    version: int | None = None,
    about: int | None = None,
    **facts: Any,
) -> Run:
    """Return a command for a counter.

    ``version`` is that of the ticket it is ``about``; None: its active one.
    """

    def run(db: Connection, change: Change) -> BaseModel | None:
        counter = known_counter(db, counter_id, who)
        try:
            _expect_at(db, counter.id, about, version)
            outcome = action(db, change, counter_id=counter_id, who=who, **facts)
        except QueueError as refusal:
            refusal.present = partial(
                _how_it_stands, counter_id=counter_id, about=about, who=who
            )
            raise
        return show(db, outcome, who)

    return run


def on_ticket(
    action: CounterAction,
    view: Callable[[Connection, int], TicketView],
    *,
    ticket_id: int,
    who: Actor,
    version: int | None = None,
    **facts: Any,
) -> Run:
    """Return a command on a ticket, answered with its view."""

    def run(db: Connection, change: Change) -> TicketView:
        before = view(db, ticket_id)
        try:
            _expect(before.version, version)
            action(db, change, ticket_id=ticket_id, who=who, **facts)
        except QueueError as refusal:
            refusal.present = lambda db: {"ticket": view(db, ticket_id)}
            raise
        return view(db, ticket_id)

    return run


def show_ticket(
    db: Connection, ticket_id: int | None, who: Actor
) -> StaffTicketView | None:
    """Show the ticket that a command came to, if any."""
    if ticket_id is None:
        return None
    return staff_ticket_view(db, ticket_id, who, is_here=True)


def show_counter(counter_id: int) -> Callable[[Connection, Any, Actor], CounterView]:
    """Show the counter that a command was for."""
    return lambda db, _outcome, who: counter_view(db, counter_id, who)


def show_served_next(db: Connection, outcome: Any, who: Actor) -> ServedNextView:
    """Show both tickets of "serve next"."""
    return ServedNextView(
        served=staff_ticket_view(db, outcome.served, who, is_here=True),
        called=show_ticket(db, outcome.called, who),
    )


def _how_it_stands(
    db: Connection, *, counter_id: int, about: int | None, who: Actor
) -> dict[str, Any]:
    now = counter_view(db, counter_id, who)
    ticket = now.ticket if about is None else _present(db, about, who)
    return {"counter": now, "ticket": ticket}


def _present(db: Connection, ticket_id: int, who: Actor) -> StaffTicketView | None:
    try:
        return staff_ticket_view(db, ticket_id, who)
    except NotFound:
        return None


def _expect_at(
    db: Connection, counter_id: int, about: int | None, version: int | None
) -> None:
    if version is None:
        return
    entry = active_entry(db, counter_id) if about is None else None
    ticket_id = entry.ticket_id if entry else about
    ticket = ticket_row(db, ticket_id) if ticket_id else None
    _expect(ticket.version if ticket else None, version)


def _expect(present: int | None, expected: int | None) -> None:
    if expected is not None and present != expected:
        raise Stale
