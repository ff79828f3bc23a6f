"""From small drawn numbers to a command that mostly makes sense, and at times not."""

from typing import NamedTuple

from hypothesis import strategies as st

from tests.properties.driver import Order
from tests.properties.model import ACTIVE, ALLOWED, LIVE, UNDOABLE, Event, Who
from tests.properties.model_tickets import Model
from tests.support.rules.custom_mall import CustomMall

RECEPTION = Who("staff", "reception", 5)
ADMIN = Who("staff", "admin", 9)
KIOSK = Who("device", "kiosk", 1)
VISITOR = Who("visitor", "visitor")

COMMON = ("issue", "issue", "open", "call_next", "call_next", "start", "serve")
AT_COUNTER = ("recall", "start", "serve", "no_show", "return_", "park", "transfer")
WITH_TICKET = ("call", "resume", "take", "take_over")
OFTEN = (
    *COMMON,
    *AT_COUNTER,
    *WITH_TICKET,
    *("serve_next", "undo", "undo_ticket", "requeue", "requeue_visitor"),
    *("transfer_ticket", "add", "walk_up", "open", "run_timed", "release"),
    "cancel_every_line",
)
SELDOM = (
    *("pause", "close", "sign_out", "set_priority", "cancel", "cancel_by_visitor"),
    *("transfer_line", "cancel_line", "close_by_hand", "lift_closure"),
    *("book_in", "book_in", "book_in", "reserve_roll"),
    *("invent_line", "invent_line"),
)
NAMES = OFTEN * 3 + SELDOM
MANY = 8
"""Entries at a time: with few, commands meet the same ones again and again."""
NEEDS_TICKET = (
    *WITH_TICKET,
    *("undo_ticket", "requeue", "requeue_visitor", "transfer_ticket", "add"),
    *("set_priority", "cancel", "cancel_every_line", "cancel_by_visitor", "release"),
)
STATES = {
    **{name: states.split() for name, states in ALLOWED.items()},
    "return_": ["called"],
    "serve_next": ["serving"],
    "take_over": ["called", "serving"],
    "requeue_visitor": ["parked", "no_show"],
    "transfer_ticket": ALLOWED["transfer"].split(),
    "set_priority": ["waiting"],
    "cancel_by_visitor": ["waiting"],
    "cancel_every_line": ALLOWED["cancel"].split(),
    "undo": [],
    "undo_ticket": [],
}

LEADS_TO = {
    "resume": "park",
    "requeue": "park",
    "requeue_visitor": "no_show",
    "serve_next": "start",
    "undo": "start",
    "undo_ticket": "start",
}
"""What to do first where nobody is in the state that a command needs."""


class Plan(NamedTuple):
    """A command as drawn: its name, and numbers that choose its arguments."""

    name: str
    counter: int
    actor: int
    ticket: int
    more: int


def plan_of(luck: int) -> Plan:
    """Return the plan that a number stands for: neighbours are not alike."""
    mixed = luck * 0x9E3779B97F4A7C15 % 2**64 >> 16
    mixed, name = divmod(mixed, len(NAMES))
    mixed, counter = divmod(mixed, 12)
    mixed, actor = divmod(mixed, 10)
    mixed, ticket = divmod(mixed, 24)
    return Plan(NAMES[name], counter, actor, ticket, mixed % 60)


PLANS = st.integers(0, 2**32 - 1).map(plan_of)


class Orders:
    """Makes commands for one mall and its model."""

    def __init__(self, mall: CustomMall, model: Model) -> None:
        self._mall, self._model = mall, model
        self._services = len(mall.services)

    def of(self, plan: Plan) -> Order:
        """Return the command that a plan means now."""
        plan = self._sensible(plan) if plan.more % 5 else plan
        if plan.name in NEEDS_TICKET and not self._model.tickets:
            plan = plan._replace(name="issue")
        made: Order = getattr(self, f"_{plan.name}", self._plain)(plan)
        return made

    def _sensible(self, plan: Plan) -> Plan:
        """Return a plan if somebody is in the right state for it; else a way there."""
        states, model = STATES.get(plan.name), self._model
        live = [entry for entry in model.entries if entry.state in LIVE]
        if plan.name == "issue" and len(live) >= MANY:
            plan = plan._replace(name="call_next", actor=0)
        if plan.name == "call_next":
            states = ["waiting"]
        if states is None or any(e.state in states for e in model.entries):
            return plan
        if plan.name in ("undo", "undo_ticket") and self._fresh():
            return plan
        way = LEADS_TO.get(plan.name, "")
        if any(e.state in STATES.get(way, ()) for e in model.entries):
            return plan._replace(name=way)
        if not any(c.state == "open" for c in model.counters.values()):
            return plan._replace(name="open", actor=0)
        is_waiting = any(e.state == "waiting" for e in model.entries)
        return plan._replace(name="call_next" if is_waiting else "issue", actor=0)

    def opening(self, counter: int) -> Order:
        """Return the order with which a counter's own officer opens it."""
        return Order("open", self._officer(counter), {"counter_id": counter})

    def _plain(self, plan: Plan) -> Order:
        arguments: dict[str, object] = {}
        if plan.name in NEEDS_TICKET:
            arguments["ticket_id"] = self._ticket(plan)
        if plan.name in (*WITH_TICKET, *AT_COUNTER, "call_next", "serve_next", "undo"):
            arguments["counter_id"] = self._counter(plan)
            return Order(plan.name, self._at(plan), arguments)
        return Order(plan.name, self._staff(plan), arguments)

    def _issue(self, plan: Plan) -> Order:
        first = plan.counter
        services = [1 + (first + k) % self._services for k in range(1 + plan.actor % 3)]
        priority = "lansia" if plan.more % 4 == 0 else "regular"
        actor = RECEPTION if plan.more % 3 == 0 else KIOSK
        people = 1 + plan.ticket % 3
        arguments = {"services": services, "people": people, "priority": priority}
        return Order("issue", actor, arguments)

    def _open(self, plan: Plan) -> Order:
        return Order("open", self._at(plan), {"counter_id": self._counter(plan)})

    def _close(self, plan: Plan) -> Order:
        return Order("close", self._at(plan), {"counter_id": self._counter(plan)})

    def _pause(self, plan: Plan) -> Order:
        hand_to = 1 + plan.ticket % len(self._mall.counters)
        to = hand_to if plan.more % 2 else None
        arguments = {"counter_id": self._counter(plan), "hand_to": to}
        return Order("pause", self._at(plan), arguments)

    def _sign_out(self, plan: Plan) -> Order:
        return Order("sign_out", self._at(plan))

    def _run_timed(self, _plan: Plan) -> Order:
        return Order("run_timed", ADMIN)

    def _walk_up(self, plan: Plan) -> Order:
        counter = self._counter(plan)
        served = sorted(self._mall.counters[counter - 1])
        service = served[plan.more % len(served)]
        if plan.more % 9 == 8:
            service = 1 + plan.ticket % self._services
        arguments = {"counter_id": counter, "service_id": service}
        return Order("walk_up", self._at(plan), arguments)

    def _no_show(self, plan: Plan) -> Order:
        reason = "left" if plan.more % 2 else None
        arguments = {"counter_id": self._counter(plan), "reason": reason}
        return Order("no_show", self._at(plan), arguments)

    def _park(self, plan: Plan) -> Order:
        minutes = plan.more % 20 if plan.more % 2 else None
        arguments = {"counter_id": self._counter(plan), "remind_in": minutes}
        return Order("park", self._at(plan), arguments)

    def _transfer(self, plan: Plan) -> Order:
        arguments = {"counter_id": self._counter(plan), **self._target(plan)}
        return Order("transfer", self._at(plan), arguments)

    def _transfer_ticket(self, plan: Plan) -> Order:
        arguments = {"ticket_id": self._ticket(plan), **self._target(plan)}
        return Order("transfer_ticket", self._staff(plan), arguments)

    def _transfer_line(self, plan: Plan) -> Order:
        arguments = self._target(plan)
        del arguments["back"]
        arguments["service_id"] = 1 + plan.counter % self._services
        return Order("transfer_line", self._staff(plan), arguments)

    def _cancel_line(self, plan: Plan) -> Order:
        arguments = {"service_id": 1 + plan.counter % self._services}
        return Order("cancel_line", self._staff(plan), arguments)

    def _close_by_hand(self, plan: Plan) -> Order:
        arguments = {**self._scope(plan), "minutes": [None, 10, 90][plan.more % 3]}
        return Order("close_by_hand", self._staff(plan), arguments)

    def _lift_closure(self, plan: Plan) -> Order:
        return Order("lift_closure", self._staff(plan), self._scope(plan))

    def _book_in(self, plan: Plan) -> Order:
        services = [
            1 + (plan.counter + k) % self._services for k in (0, plan.actor % 2)
        ]
        arguments = {"drawn": 3 + plan.ticket % 6, "ago": plan.more // 2}
        services = services[: 1 + plan.actor % 3]
        return Order("book_in", RECEPTION, {"services": services, **arguments})

    def _reserve_roll(self, plan: Plan) -> Order:
        first = 3 + plan.ticket
        arguments = {"service_id": 1 + plan.counter % self._services, "first": first}
        return Order(
            "reserve_roll", ADMIN, {**arguments, "last": first + plan.more % 4 - 1}
        )

    def _invent_line(self, plan: Plan) -> Order:
        practice = sorted(self._mall.practice)
        counter = self._counter(plan)
        if practice and plan.more % 5:
            counter = practice[plan.counter % len(practice)]
        arguments = {"counter_id": counter, "visitors": 1 + plan.ticket % 3}
        return Order("invent_line", self._officer(counter), arguments)

    def _add(self, plan: Plan) -> Order:
        service = 1 + plan.more % self._services
        arguments = {"ticket_id": self._ticket(plan), "service_id": service}
        return Order("add", self._staff(plan), arguments)

    def _set_priority(self, plan: Plan) -> Order:
        priority = "regular" if plan.more % 3 == 0 else "lansia"
        arguments = {"ticket_id": self._ticket(plan), "priority": priority}
        return Order("set_priority", self._staff(plan), arguments)

    def _requeue_visitor(self, plan: Plan) -> Order:
        return Order("requeue", VISITOR, {"ticket_id": self._ticket(plan)})

    def _cancel_by_visitor(self, plan: Plan) -> Order:
        arguments = {"ticket_id": self._ticket(plan)}
        return Order("cancel_by_visitor", VISITOR, arguments)

    def _cancel(self, plan: Plan) -> Order:
        ticket = self._ticket(plan)
        entries = self._model.entries_of(ticket)
        named = entries[plan.more % len(entries)].id if plan.more % 2 else None
        arguments = {"ticket_id": ticket, "entry_id": named}
        return Order("cancel", self._staff(plan), arguments)

    def _target(self, plan: Plan) -> dict[str, object]:
        position = ("keep", "end", "next")[plan.more % 3]
        if plan.more % 5 == 0:
            to = ("counter", 1 + plan.ticket % len(self._mall.counters))
        else:
            to = ("service", 1 + plan.actor % self._services)
        return {"to": to, "position": position, "back": plan.more % 2 == 0}

    def _scope(self, plan: Plan) -> dict[str, object]:
        if plan.ticket % 2:
            return {"agency": None, "service": 1 + plan.counter % self._services}
        return {"agency": 1 + plan.counter % self._mall.agencies, "service": None}

    def _counter(self, plan: Plan) -> int:
        """Return a counter: mostly one where the command makes sense."""
        model, all_ids = self._model, list(self._model.counters)
        states = STATES.get(plan.name)
        if plan.name in AT_COUNTER or plan.name == "serve_next":
            active = [e for e in model.entries if e.state in ACTIVE]
            fit = sorted(e.counter_id or 0 for e in active if e.state in (states or ()))
        elif plan.name == "undo":
            fit = sorted(
                {event.counter or 0 for event in self._fresh() if event.counter}
            )
        elif plan.name == "open":
            fit = [c.id for c in model.counters.values() if c.state != "open"]
        else:
            opened = [c.id for c in model.counters.values() if c.state == "open"]
            fit = [c for c in opened if not model.require_active_entry(c)] or opened
        some = fit if fit and plan.counter % 4 else all_ids
        return some[plan.counter // 4 % len(some)]

    def _at(self, plan: Plan) -> Who:
        """Return who gives a command at a counter: mostly its holder."""
        counter = self._model.counters[self._counter(plan)]
        if plan.actor < 7:
            return self._officer(counter.holder_id or counter.id)
        if plan.actor == 7:
            return self._supervisor(min(self._mall.agencies_at(counter.id)))
        return ADMIN if plan.actor == 8 else self._officer(1 + plan.ticket % 4)

    def _staff(self, plan: Plan) -> Who:
        """Return who gives a command on a ticket or line."""
        if plan.actor < 4:
            return (RECEPTION, ADMIN)[plan.actor % 2]
        if plan.actor < 8:
            return self._supervisor(1 + plan.actor % self._mall.agencies)
        return self._officer(1 + plan.counter % 4)

    def _officer(self, number: int) -> Who:
        if number == ADMIN.id:
            return ADMIN
        if number > 5:
            return self._supervisor(number - 5)
        if number > len(self._mall.counters):
            return self._supervisor(1 + number % self._mall.agencies)
        agencies = frozenset(self._mall.agencies_at(number))
        return Who("staff", "officer", number, agencies)

    def _supervisor(self, agency: int) -> Who:
        return Who("staff", "supervisor", 5 + agency, frozenset({agency}))

    def _ticket(self, plan: Plan) -> int:
        """Return a ticket: mostly one whose state allows the command."""
        states = STATES.get(plan.name, [])
        fit = sorted({e.ticket_id for e in self._model.entries if e.state in states})
        if plan.name == "undo_ticket":
            fresh = self._fresh()
            as_one = [event for event in fresh if event.cause]
            fit = sorted({event.entry.ticket_id for event in as_one or fresh})
        if plan.name == "cancel_every_line":
            fit = self._in_lines(states) or fit
        if plan.name in ("call", "resume", "take"):
            fit = self._at_hand(self._counter(plan), states) or fit
        some = fit if fit and plan.more % 4 else [t.id for t in self._model.tickets]
        return some[plan.ticket % len(some)]

    def _in_lines(self, states: list[str]) -> list[int]:
        """Return the tickets with several entries in these states."""
        entries = [e.ticket_id for e in self._model.entries if e.state in states]
        return sorted({ticket for ticket in entries if entries.count(ticket) > 1})

    def _at_hand(self, counter: int, states: list[str]) -> list[int]:
        """Return the tickets in these states that a counter may serve now."""
        model = self._model
        found = {
            entry.ticket_id
            for entry in model.entries
            if entry.state in states
            and entry.service_id in model.counters[counter].serves
            and not model.is_active(entry.ticket_id)
            and model.ticket(entry).day == model.day
        }
        return sorted(found)

    def _fresh(self) -> list[Event]:
        """Return what could still be undone: nothing has happened to it since."""
        newest = {event.entry.id: event for event in self._model.events}
        return [
            event
            for event in newest.values()
            if event.name in UNDOABLE
            and self._model.ticket(event.entry).day == self._model.day
        ]
