"""One typed way from a route to a rule.

A route names who may give the command and about what (``AtCounter``, ``OnTicket`` …)
and hands over the rule with its arguments by ``functools.partial``: mypy finds a
misspelt one there. The ledger runs it; a refusal carries the ``ticket`` or
``counter`` as it stands (contract.md#errors), read in the same transaction once what
the command had begun is taken back.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Protocol, TypeVar

from fastapi import Depends, Request, Response
from pydantic import BaseModel
from sqlalchemy import Connection

from app.api.document.refusals import refuses
from app.api.http.answers import respond
from app.api.http.inputs import PathId
from app.api.http.keys import MakeOptionalKey, optional_key, required_key
from app.auth.access import (
    CLOSERS,
    COUNTER_STAFF,
    ISSUERS,
    RECEPTION,
    STAFF,
    SUPERVISORS,
    allow,
)
from app.context import context_of
from app.errors import NotFound, Stale
from app.ledger import Ledger, PresentState, RequestKey, Run
from app.models.states import Role
from app.queueing.change import Actor, Change
from app.queueing.commands.serving import ServeNextResult
from app.queueing.counters import active_entry, visible_counter
from app.queueing.rows import ticket_row
from app.queueing.site.pauses import pause_rules
from app.queueing.views.counters import CounterView, counter_view
from app.queueing.views.tickets import StaffTicketView, TicketView, staff_ticket_view

Outcome = TypeVar("Outcome")
OutcomeOut = TypeVar("OutcomeOut", covariant=True)


class Rule(Protocol[OutcomeOut]):
    """A command of ``app.queueing`` that needs nothing more than who gives it."""

    def __call__(
        self, db: Connection, change: Change, /, *, actor: Actor
    ) -> OutcomeOut:
        """Change the queue, or refuse."""
        ...


class CounterRule(Protocol[OutcomeOut]):
    """A command of ``app.queueing`` that is given at a counter."""

    def __call__(
        self, db: Connection, change: Change, /, *, counter_id: int, actor: Actor
    ) -> OutcomeOut:
        """Change the queue, or refuse."""
        ...


class TicketRule(Protocol):
    """A command of ``app.queueing`` on one ticket."""

    def __call__(
        self, db: Connection, change: Change, /, *, ticket_id: int, actor: Actor
    ) -> object:
        """Change the queue, or refuse."""
        ...


class ServedNextView(BaseModel):
    """Whom "serve next" served and called."""

    served: StaffTicketView
    called: StaffTicketView | None


@dataclass(frozen=True, slots=True)
class Sender:
    """Who gives a command, and under which key a repeat of it is harmless."""

    ledger: Ledger
    actor: Actor
    key: RequestKey | None

    async def run(
        self, run: Run, *, present: PresentState | None = None, status: int = 200
    ) -> Response:
        """Let the ledger run a command; answer what it shows."""
        return respond(
            await self.ledger.do(run, key=self.key, present=present, status=status)
        )

    async def give(
        self,
        rule: Rule[Outcome],
        show: Callable[[Connection, Outcome], BaseModel],
        *,
        status: int = 200,
    ) -> Response:
        """Give a rule, and answer with what ``show`` makes of its outcome."""

        def run(db: Connection, change: Change) -> BaseModel:
            return show(db, rule(db, change, actor=self.actor))

        return respond(await self.ledger.do(run, key=self.key, status=status))


@dataclass(frozen=True, slots=True)
class CounterCommands:
    """Commands at one counter that the caller may know of."""

    sender: Sender
    counter_id: int

    async def answer_ticket(
        self,
        rule: CounterRule[int | None],
        version: int | None,
        *,
        ticket_id: int | None = None,
    ) -> Response:
        """Give a rule that comes to a ticket, and answer with it; None is 204.

        ``version`` is that of ``ticket_id``; without it, of the counter's active
        ticket.
        """
        return await self._give(
            rule, show_ticket(self.sender.actor), version, ticket_id
        )

    async def answer_counter(
        self, rule: CounterRule[object], version: int | None = None
    ) -> Response:
        """Give a rule that is about the counter, and answer with the counter."""

        def give(
            db: Connection, change: Change, /, *, counter_id: int, actor: Actor
        ) -> Change:
            rule(db, change, counter_id=counter_id, actor=actor)
            return change

        return await self._give(give, self._counter, version)

    async def answer_served_next(
        self, rule: CounterRule[ServeNextResult], version: int | None
    ) -> Response:
        """Give "serve next", and answer with both its tickets."""
        return await self._give(rule, self._served_next, version)

    async def _give(
        self,
        rule: CounterRule[Outcome],
        show: Callable[[Connection, Outcome], BaseModel | None],
        version: int | None,
        ticket_id: int | None = None,
    ) -> Response:
        actor, counter_id = self.sender.actor, self.counter_id
        run = counter_command(
            rule,
            show,
            counter_id=counter_id,
            actor=actor,
            version=version,
            ticket_id=ticket_id,
        )

        def present(db: Connection, change: Change) -> Mapping[str, object]:
            counter = self._counter(db, change)
            if ticket_id is None:
                return {"counter": counter, "ticket": counter.ticket}
            ticket = _ticket_if_visible(db, ticket_id, actor)
            return {"counter": counter, "ticket": ticket}

        return await self.sender.run(run, present=present)

    def _counter(self, db: Connection, change: Change) -> CounterView:
        rules = pause_rules(change.now, change.rules.hours, change.rules.policy)
        return counter_view(db, self.counter_id, self.sender.actor, rules)

    def _served_next(self, db: Connection, result: ServeNextResult) -> ServedNextView:
        actor = self.sender.actor
        return ServedNextView(
            served=staff_ticket_view(db, result.served, actor, is_here=True),
            called=show_ticket(actor)(db, result.called),
        )


@dataclass(frozen=True, slots=True)
class TicketCommands:
    """Commands on one ticket; ``view`` shows it, or refuses who may not know of it."""

    sender: Sender
    ticket_id: int
    view: Callable[[Connection], TicketView]

    async def give(self, rule: TicketRule, version: int | None) -> Response:
        """Give a rule and answer with the ticket; ``version`` is what was seen."""

        def run(db: Connection, change: Change) -> TicketView:
            # first: who may not know of the ticket learns nothing from another refusal
            ticket = self.view(db)
            if version is not None:
                _require_version(ticket.version, version)
            rule(db, change, ticket_id=self.ticket_id, actor=self.sender.actor)
            return self.view(db)

        return await self.sender.run(
            run, present=lambda db, _change: {"ticket": self.view(db)}
        )


def show_ticket(
    actor: Actor,
) -> Callable[[Connection, int | None], StaffTicketView | None]:
    """Return what shows the ticket that a command at a counter came to, if any."""

    def show(db: Connection, ticket_id: int | None) -> StaffTicketView | None:
        if ticket_id is None:
            return None
        return staff_ticket_view(db, ticket_id, actor, is_here=True)

    return show


def counter_command(
    rule: CounterRule[Outcome],
    show: Callable[[Connection, Outcome], BaseModel | None],
    *,
    counter_id: int,
    actor: Actor,
    version: int | None = None,
    ticket_id: int | None = None,
) -> Run:
    """Return the ledger's command for a rule at a counter.

    ``version`` is that of ``ticket_id``; without it, of the counter's active ticket.
    """

    def run(db: Connection, change: Change) -> BaseModel | None:
        if version is not None:
            # first: who may not know of the counter learns nothing from another
            # refusal; without a version the rule itself refuses that first
            visible_counter(db, counter_id, actor)
            _require_version(_ticket_version(db, counter_id, ticket_id), version)
        return show(db, rule(db, change, counter_id=counter_id, actor=actor))

    return run


GetKey = Callable[..., Awaitable[MakeOptionalKey]]
GetSender = Callable[..., Awaitable[Sender]]


def sender_of(*roles: str, key: GetKey = optional_key) -> GetSender:
    """Return the dependency that lets these roles give a command."""

    async def sender(
        request: Request,
        actor: Annotated[Actor, Depends(allow(*roles))],
        make_key: Annotated[MakeOptionalKey, Depends(key)],
    ) -> Sender:
        return Sender(context_of(request).ledger, actor, make_key(actor))

    return sender


def _at_counter(get_sender: GetSender) -> Callable[..., Awaitable[CounterCommands]]:
    @refuses(Stale)
    async def commands(
        counter_id: PathId, sender: Annotated[Sender, Depends(get_sender)]
    ) -> CounterCommands:
        return CounterCommands(sender, counter_id)

    return commands


def _on_ticket(*roles: str) -> Callable[..., Awaitable[TicketCommands]]:
    @refuses(Stale)
    async def commands(
        ticket_id: PathId, sender: Annotated[Sender, Depends(sender_of(*roles))]
    ) -> TicketCommands:
        def view(db: Connection) -> StaffTicketView:
            return staff_ticket_view(db, ticket_id, sender.actor)

        return TicketCommands(sender, ticket_id, view)

    return commands


AtCounter = Annotated[CounterCommands, Depends(_at_counter(sender_of(*COUNTER_STAFF)))]
AtCounterWithKey = Annotated[
    CounterCommands, Depends(_at_counter(sender_of(*COUNTER_STAFF, key=required_key)))
]
OnTicket = Annotated[TicketCommands, Depends(_on_ticket(*STAFF))]
OnTicketByCloser = Annotated[TicketCommands, Depends(_on_ticket(*CLOSERS))]
OnTicketBySupervisor = Annotated[TicketCommands, Depends(_on_ticket(*SUPERVISORS))]
BySupervisor = Annotated[Sender, Depends(sender_of(*SUPERVISORS))]
ByCloser = Annotated[Sender, Depends(sender_of(*CLOSERS))]
ByAdmin = Annotated[Sender, Depends(sender_of(Role.ADMIN))]
ByReceptionWithKey = Annotated[Sender, Depends(sender_of(*RECEPTION, key=required_key))]
ByIssuerWithKey = Annotated[Sender, Depends(sender_of(*ISSUERS, key=required_key))]


def _ticket_version(
    db: Connection, counter_id: int, ticket_id: int | None
) -> int | None:
    """Return the version of a ticket, or of a counter's active one; None: no ticket."""
    if ticket_id is None:
        entry = active_entry(db, counter_id)
        ticket_id = entry.ticket_id if entry else None
    ticket = ticket_row(db, ticket_id) if ticket_id else None
    return ticket.version if ticket else None


def _require_version(present: int | None, expected: int) -> None:
    if present != expected:
        raise Stale


def _ticket_if_visible(
    db: Connection, ticket_id: int, actor: Actor
) -> StaffTicketView | None:
    try:
        return staff_ticket_view(db, ticket_id, actor)
    except NotFound:
        return None
