"""The live topics: who may watch each, what it shows, on what it depends."""

from collections.abc import Callable, Iterable
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import Connection

from app.api.live.lists import CountersTopic, PrintersTopic
from app.auth.access import COUNTER_STAFF, STAFF, first_with_role
from app.errors import Forbidden, NotFound
from app.models.states import DeviceKind, EntryState
from app.queueing import facts
from app.queueing.change import SYSTEM, Actor
from app.queueing.counters import counter_row, visible_counter
from app.queueing.facts import Fact
from app.queueing.line.ahead import lines_beside
from app.queueing.rows import entries_of, ticket_opened_by
from app.queueing.site.availability import AvailabilityRules
from app.queueing.site.pauses import read_pause_rules
from app.queueing.views.agencies import (
    AgencyView,
    agency_views,
    current_availability,
)
from app.queueing.views.board import Board, Boards, Zones, zones_of, zones_of_displays
from app.queueing.views.console import console
from app.queueing.views.counters import CounterView, visible_counters
from app.queueing.views.printers import LiveState
from app.queueing.views.tickets import TicketView
from app.queueing.views.visit import visit
from app.realtime import LiveView, LoneView, Renderer, Rendering


class OverviewView(BaseModel):
    """The mall at a glance, for its staff."""

    agencies: list[AgencyView]
    counters: list[CounterView]


class DisplayTopic:
    """``display:{id}``: that display, or staff."""

    def __init__(self, stale_after_seconds: int) -> None:
        self._stale_after_seconds = stale_after_seconds

    def authorise(self, db: Connection, key: str, actors: Iterable[Actor]) -> Actor:
        """Let the display itself and staff watch."""
        return may_see_display(db, id_of(key), actors)

    def at(self, db: Connection, now: datetime) -> Renderer:
        """Show boards; displays of the same zones share one rendering."""
        displays = zones_of_displays(db)
        every_zone = frozenset().union(*displays.values())
        stale_after = self._stale_after_seconds
        boards = Boards(db, now, every_zone, stale_after_seconds=stale_after)
        renderings: dict[Zones, Rendering] = {}

        def render(key: str) -> Rendering:
            zones = displays.get(id_of(key))
            if zones is None:
                raise NotFound
            if zones not in renderings:
                renderings[zones] = _rendering(boards.of(zones), zones)
            return renderings[zones]

        return render


class CounterTopic(LoneView):
    """``counter:{id}``: staff who may know of that counter."""

    def authorise(self, db: Connection, key: str, actors: Iterable[Actor]) -> Actor:
        """Let officers and supervisors of the counter's agencies watch."""
        actor = first_with_role(actors, COUNTER_STAFF)
        visible_counter(db, id_of(key), actor)
        return actor

    def render(self, db: Connection, key: str, now: datetime) -> Rendering:
        """Show the console; it depends on the counter and its lines."""
        counter = counter_row(db, id_of(key))
        view = console(db, counter.id, now)
        watched = {facts.service(line.service_id) for line in view.services}
        # one who waits here may be called elsewhere, in another line
        watched |= {facts.ticket(waiting.ticket_id) for waiting in view.line}
        if view.counter.ticket:
            watched |= _facts_of_visit(db, view.counter.ticket)
        # whoever closes the last counter of a line is shown that it is the last
        watched |= {facts.counter(counter.id), facts.COUNTERS, facts.SITE}
        return Rendering(view, frozenset(watched), fresh_until=view.fresh_until)


class TicketTopic:
    """``ticket:{token}``: whoever holds the token."""

    def authorise(self, db: Connection, key: str, actors: Iterable[Actor]) -> None:
        """Let the token open its ticket."""
        ticket_opened_by(db, key)

    def at(self, db: Connection, now: datetime) -> Renderer:
        """Show visits; what decides availability is read once for all of them."""
        rules = current_availability(db, now)
        return lambda key: self._render(db, key, now, rules)

    def _render(
        self, db: Connection, key: str, now: datetime, rules: AvailabilityRules
    ) -> Rendering:
        """Show a visit; it depends on the ticket and on who is ahead of it."""
        ticket_id = ticket_opened_by(db, key)
        view = visit(db, ticket_id, now=now, rules=rules)
        waits = [
            entry.service_id
            for entry in view.ticket.entries
            if entry.service_id is not None and entry.waiting_ahead is not None
        ]
        watched = {facts.ticket(ticket_id), facts.COUNTERS, facts.SITE, facts.CLOSURES}
        if waits:
            # its counters call from their other lines too
            watched |= {facts.service(each) for each in lines_beside(db, waits)}
        return Rendering(view, frozenset(watched), fresh_until=view.fresh_until)


class OverviewTopic(LoneView):
    """``overview``: staff who see the whole site."""

    def authorise(self, db: Connection, key: str, actors: Iterable[Actor]) -> Actor:
        """Let reception and admins watch."""
        actor = first_with_role(actors, STAFF)
        if not actor.sees_all:
            raise Forbidden
        return actor

    def render(self, db: Connection, key: str, now: datetime) -> Rendering:
        """Show every agency and counter."""
        view = OverviewView(
            agencies=agency_views(db, now),
            counters=visible_counters(db, SYSTEM, read_pause_rules(db, now)),
        )
        watched = {facts.SITE, facts.COUNTERS, facts.CLOSURES}
        watched |= {facts.agency(agency.id) for agency in view.agencies}
        return Rendering(
            view,
            frozenset(watched),
            fresh_until=current_availability(db, now).next_change(),
        )


def topics(
    stale_after_seconds: int, live_state: Callable[[], LiveState]
) -> dict[str, LiveView]:
    """Return every kind of topic by its name.

    ``live_state`` says what only this process knows of the printers, on any thread.
    """
    return {
        "display": DisplayTopic(stale_after_seconds),
        "counter": CounterTopic(),
        "counters": CountersTopic(),
        "ticket": TicketTopic(),
        "overview": OverviewTopic(),
        "printers": PrintersTopic(live_state),
    }


def _rendering(board: Board, zones: Zones) -> Rendering:
    # those of a whole sound space: a display of one of its zones may speak for all
    zones |= {zone for space in board.sound_spaces for zone in space.zone_ids}
    watched = {facts.zone(zone) for zone in zones}
    watched |= {facts.agency(agency.agency_id) for agency in board.waiting}
    watched |= {facts.sound_space(space.id) for space in board.sound_spaces}
    watched |= {facts.SITE, facts.CLOSURES, facts.QUIET}
    return Rendering(board, frozenset(watched), zones, board.fresh_until)


def _facts_of_visit(db: Connection, ticket: TicketView) -> set[Fact]:
    """Return on what a ticket at a counter depends: also who is ahead in its lines."""
    watched = {facts.ticket(ticket.id)}
    if any(entry.waiting_ahead is not None for entry in ticket.entries):
        # of another agency too, whose service the view does not name
        entries = entries_of(db, ticket.id)
        waits = [e.service_id for e in entries if e.state == EntryState.WAITING]
        watched |= {facts.service(each) for each in lines_beside(db, waits)}
    return watched


def may_see_display(db: Connection, display_id: int, actors: Iterable[Actor]) -> Actor:
    """Return the caller who may see a display's board: itself, or staff."""
    candidates = list(actors)
    for actor in candidates:
        if actor.role == DeviceKind.DISPLAY and actor.id == display_id:
            return actor
    actor = first_with_role(candidates, STAFF)
    zones_of(db, display_id)
    return actor


def id_of(key: str) -> int:
    """Read a topic's key as an id; ``NotFound`` for anything else."""
    # more digits than any id has: the driver fails on what 64 bits do not hold
    if not key.isascii() or not key.isdigit() or len(key) > 15:
        raise NotFound
    return int(key)
