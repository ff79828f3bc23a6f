"""The live lists by which staff look after things: counters, printers."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta

from pydantic import BaseModel
from sqlalchemy import Connection

from app.auth.access import CLOSERS, STAFF, first_with_role
from app.errors import NotFound
from app.models.states import Role
from app.queueing import facts
from app.queueing.change import SYSTEM, Actor
from app.queueing.site.pauses import next_change, read_pause_rules
from app.queueing.views.counters import (
    EVERY_COUNTER,
    CounterView,
    visible_counters,
)
from app.queueing.views.printers import LiveState, printers_view
from app.realtime import LoneView, Rendering

MAX_AGENCIES = 200
LOOK_AGAIN = timedelta(seconds=10)


class CountersView(BaseModel):
    """The counters that somebody may know of."""

    counters: list[CounterView]


class CountersTopic(LoneView):
    """``counters:all``, or ``counters:1.4`` by agencies: who sees all of those."""

    def authorise(
        self,
        db: Connection,  # noqa: ARG002 (as of every topic)
        key: str,
        actors: Iterable[Actor],
    ) -> Actor:
        """Let staff watch the counters of the agencies that they see."""
        actor = first_with_role(actors, STAFF)
        if key == EVERY_COUNTER:
            if not actor.sees_all:
                raise NotFound
        elif not all(actor.sees(agency_id) for agency_id in _agency_ids(key)):
            raise NotFound
        return actor

    def render(self, db: Connection, key: str, now: datetime) -> Rendering:
        """Show each counter: its state, its pause, and what is due there."""
        actor = SYSTEM if key == EVERY_COUNTER else _supervisor_of(_agency_ids(key))
        rules = read_pause_rules(db, now)
        view = CountersView(counters=visible_counters(db, actor, rules))
        watched = {facts.counter(counter.id) for counter in view.counters}
        watched |= {facts.COUNTERS, facts.SITE}
        paused_since = [each.pause.since for each in view.counters if each.pause]
        return Rendering(
            view,
            frozenset(watched),
            fresh_until=next_change(rules, *paused_since),
        )


class PrintersTopic(LoneView):
    """``printers``: whoever may do something about one."""

    def __init__(self, live_state: Callable[[], LiveState]) -> None:
        self._live_state = live_state

    def authorise(
        self,
        db: Connection,  # noqa: ARG002 (as of every topic)
        key: str,
        actors: Iterable[Actor],
    ) -> Actor:
        """Let supervisors, reception and admins watch."""
        actor = first_with_role(actors, CLOSERS)
        if key:
            raise NotFound
        return actor

    def render(self, db: Connection, key: str, now: datetime) -> Rendering:  # noqa: ARG002
        """Show how every printer stands, and the slips that did not come out."""
        view = printers_view(db, live=self._live_state(), now=now)
        watched = {facts.PRINTERS, facts.SITE}
        # a slip whose visitor has come up is not wanted any more
        watched |= {facts.ticket(slip.ticket_id) for slip in view.lost_slips}
        # what only this process knows (last answers, agents) touches no fact
        return Rendering(view, frozenset(watched), fresh_until=now + LOOK_AGAIN)


def _supervisor_of(agency_ids: Collection[int]) -> Actor:
    return Actor(kind="staff", role=Role.SUPERVISOR, agency_ids=frozenset(agency_ids))


def _agency_ids(key: str) -> list[int]:
    parts = key.split(".")
    # more digits than any id has: the driver fails on what 64 bits do not hold
    if len(parts) > MAX_AGENCIES or not all(
        part.isascii() and part.isdigit() and len(part) <= 15 for part in parts
    ):
        raise NotFound
    return [int(part) for part in parts]
