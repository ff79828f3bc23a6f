"""Gives the same commands to the program's own ledger and to the model."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from app.errors import AntreanError
from app.ledger.batch import Batch
from app.ledger.command import Command
from app.ledger.writer import Writer
from app.queueing.change import Actor, Change
from app.queueing.commands import (
    calling,
    cancelling,
    closures,
    counter_states,
    issuing,
    lines,
    parking,
    practice,
    priority,
    releasing,
    serving,
    spare_roll,
    timed,
    transferring,
    undoing,
)
from tests.properties.model import Refused, Who
from tests.properties.model_counters import SYSTEM
from tests.properties.model_tickets import Model
from tests.support.rules.custom_mall import CustomMall, day_of
from tests.support.rules.empty import hurried_engine

Act = Callable[..., Any]


class Clock:
    """Wall clock and steady clock, moved apart: people set only the first."""

    def __init__(self, start: datetime) -> None:
        self.wall, self.steady = start, 0.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.steady

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.wall += timedelta(seconds=seconds)
        self.steady += seconds

    def jump(self, seconds: float) -> None:
        """Set the wall clock, forward or back."""
        self.wall += timedelta(seconds=seconds)


@dataclass
class Order:
    """One command with its arguments, as the state machine drew it."""

    name: str
    actor: Who
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass
class CommandResult:
    """What a command came to: a value, or the code of a refusal."""

    value: Any = None
    code: str | None = None


def actor(actor: Who) -> Actor:
    """Return somebody of the model as the rules know them."""
    kind: Any = actor.kind
    return Actor(kind, actor.role, actor.id, agency_ids=actor.agencies)


class Driver:
    """One mall, its ledger and its model."""

    def __init__(self, path: Path, mall: CustomMall) -> None:
        self.mall, self.path = mall, path
        self.clock = Clock(mall.start)
        self.model = Model(mall, day_of(mall.start))
        self.engine = hurried_engine(path)
        self.writer = Writer(self.engine, self.clock)
        self._loop = asyncio.new_event_loop()
        self._changes: list[Change] = []
        self.kept_at = mall.start

    def close(self) -> None:
        """Let go of the database."""
        self.writer.close()
        self.engine.dispose()
        self._loop.close()

    def restart(self) -> None:
        """Begin anew from what is on disk, as after a power cut."""
        self.writer.close()
        self.writer = Writer(self.engine, self.clock)

    def confirm(self, day: date) -> str | None:
        """Take a person's word for the date; returns the refusal's code."""
        result = self._run([lambda _db, _change: self.writer.time.confirm(day)])[0]
        self._follow()
        return result.code

    def give(
        self, orders: list[Order]
    ) -> list[tuple[Order, CommandResult, CommandResult]]:
        """Give commands as one batch; returns what each side says of each."""
        results = self._run([self._command(order) for order in orders])
        self._follow()
        return [
            (order, result, self._model(order))
            for order, result in zip(orders, results, strict=True)
        ]

    def _run(self, runs: list[Act]) -> list[CommandResult]:
        """Run a batch; its last command does nothing, so that it is committed."""
        self._changes = []

        def note(_db: Connection, change: Change) -> None:
            self._changes.append(change)

        future = self._loop.create_future()
        batch = Batch([Command(run, 200, None, future) for run in [*runs, note]])
        self.writer.run(batch)
        return [_result_of(command) for command in batch.commands[:-1]]

    def _follow(self) -> None:
        """Let the model have the moment that the ledger took, judged apart."""
        seen = self._changes[0]
        assert seen.now >= self.model.now, "the ledger's time went back"
        assert seen.day >= self.model.day, "the service day went back"
        self.model.now, self.model.doubt = seen.now, seen.clock_is_in_doubt
        if seen.day > self.model.day:
            assert seen.day == day_of(seen.now), "a day without its date"
            self.model.turn(seen.day, SYSTEM)

    def _model(self, order: Order) -> CommandResult:
        command = getattr(self.model, order.name)
        arguments = dict(order.arguments)
        if order.name == "park":
            minutes = arguments.pop("remind_in")
            arguments["remind_at"] = self._reminder(minutes)
        if order.name not in ("run_timed", "reserve_roll"):
            arguments["actor"] = order.actor
        try:
            return CommandResult(command(**arguments))
        except Refused as refused:
            return CommandResult(code=refused.code)

    def _reminder(self, minutes: int | None) -> datetime | None:
        return self.model.now + timedelta(minutes=minutes) if minutes else None

    def _command(self, order: Order) -> Act:
        act, arguments = getattr(self, f"_{order.name}", None), order.arguments
        if act is not None:
            return lambda db, change: act(db, change, actor(order.actor), **arguments)
        rule: Act = RULES[order.name]
        return lambda db, change: rule(
            db, change, actor=actor(order.actor), **arguments
        )

    def _issue(
        self, db: Connection, change: Change, actor: Actor, **arguments: Any
    ) -> int:
        ticket_request = issuing.TicketRequest(
            arguments["services"], arguments["people"], arguments["priority"]
        )
        return issuing.issue(db, change, ticket_request=ticket_request, actor=actor)

    def _book_in(
        self, db: Connection, change: Change, actor: Actor, **arguments: Any
    ) -> int:
        arrived = change.now - timedelta(minutes=arguments["ago"])
        number = spare_roll.SpareNumber(arguments["drawn"], arrived)
        ticket_request = issuing.TicketRequest(arguments["services"])
        return spare_roll.book_in(
            db, change, ticket_request=ticket_request, spare=number, actor=actor
        )

    def _reserve_roll(
        self, db: Connection, change: Change, _who: Actor, **arguments: Any
    ) -> None:
        spare_roll.reserve_roll(db, change, **arguments)

    def _run_timed(self, db: Connection, change: Change, _who: Actor) -> None:
        timed.run_timed(db, change, after=self.kept_at)
        self.kept_at = change.now

    def _park(
        self,
        db: Connection,
        change: Change,
        actor: Actor,
        remind_in: int | None,
        **arguments: Any,
    ) -> int:
        at = change.now + timedelta(minutes=remind_in) if remind_in else None
        return parking.park(db, change, actor=actor, remind_at=at, **arguments)

    def _transfer(
        self, db: Connection, change: Change, actor: Actor, **arguments: Any
    ) -> int:
        target, counter = _target(arguments), arguments["counter_id"]
        return transferring.transfer_active(
            db, change, counter_id=counter, actor=actor, target=target
        )

    def _transfer_ticket(
        self, db: Connection, change: Change, actor: Actor, **arguments: Any
    ) -> int:
        target, ticket = _target(arguments), arguments["ticket_id"]
        return transferring.transfer_ticket(
            db, change, ticket_id=ticket, actor=actor, target=target
        )

    def _transfer_line(
        self, db: Connection, change: Change, actor: Actor, **arguments: Any
    ) -> list[int]:
        target, service = _target(arguments), arguments["service_id"]
        return lines.transfer_line(
            db, change, service_id=service, actor=actor, target=target
        )

    def _close_by_hand(
        self, db: Connection, change: Change, actor: Actor, **arguments: Any
    ) -> None:
        minutes = arguments["minutes"]
        until = change.now + timedelta(minutes=minutes) if minutes else None
        where = {"agency_id": arguments["agency"], "service_id": arguments["service"]}
        closures.close_by_hand(db, change, actor=actor, until=until, **where)

    def _lift_closure(
        self, db: Connection, change: Change, actor: Actor, **arguments: Any
    ) -> None:
        where = {"agency_id": arguments["agency"], "service_id": arguments["service"]}
        closures.lift_closure(db, change, actor=actor, **where)

    def _cancel(
        self, db: Connection, change: Change, actor: Actor, **arguments: Any
    ) -> int:
        return cancelling.cancel_by_staff(
            db, change, actor=actor, reason="duplicate", **arguments
        )

    def _cancel_every_line(
        self, db: Connection, change: Change, actor: Actor, **arguments: Any
    ) -> int:
        reason = "duplicate"
        return cancelling.cancel_every_line(
            db, change, actor=actor, reason=reason, **arguments
        )


RULES: dict[str, Act] = {
    "open": counter_states.open_,
    "pause": counter_states.pause,
    "close": counter_states.close,
    "sign_out": counter_states.close_idle_counters_of,
    "call_next": calling.call_next,
    "call": calling.call,
    "resume": calling.resume,
    "recall": calling.recall,
    "return_": calling.return_,
    "take": serving.take,
    "start": serving.start,
    "serve": serving.serve,
    "serve_next": serving.serve_next,
    "no_show": serving.no_show,
    "take_over": serving.take_over,
    "requeue": parking.requeue,
    "walk_up": issuing.walk_up,
    "invent_line": practice.invent_line,
    "add": transferring.add,
    "set_priority": priority.set_priority,
    "cancel_by_visitor": cancelling.cancel_by_visitor,
    "cancel_line": lines.cancel_line,
    "release": releasing.release,
    "undo": undoing.undo_at_counter,
    "undo_ticket": undoing.undo_on_ticket,
}


def _target(arguments: dict[str, Any]) -> transferring.Target:
    kind, number = arguments["to"]
    return transferring.Target(
        service_id=number if kind == "service" else None,
        counter_id=number if kind == "counter" else None,
        position=arguments["position"],
        back=arguments.get("back", False),
    )


def _result_of(command: Command) -> CommandResult:
    error = command.error
    if error is None:
        value = command.answer.value if command.answer else None
        return CommandResult(
            tuple(value) if isinstance(value, serving.ServeNextResult) else value
        )
    assert isinstance(error, AntreanError), error
    return CommandResult(code=error.code)
