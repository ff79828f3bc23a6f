"""The live topics: who may watch each, what it shows, on what it depends."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import Connection

from app.auth.access import COUNTER_STAFF, STAFF, first_of
from app.errors import Forbidden, NotFound
from app.models.states import DeviceKind
from app.queueing.board import agencies_in, board, zones_of
from app.queueing.change import SYSTEM, Actor
from app.queueing.console import console
from app.queueing.counter_views import known_counters
from app.queueing.counters import counter_row, known_counter
from app.queueing.day import ledger_row
from app.queueing.lists import AgencyView, agency_views
from app.queueing.rows import ticket_id_of
from app.queueing.views import CounterView
from app.queueing.visit import visit
from app.realtime import LiveView, Painted


class Overview(BaseModel):
    """The mall at a glance, for its staff."""

    agencies: list[AgencyView]
    counters: list[CounterView]


class DisplayTopic:
    """``display:{id}``: that display, or staff."""

    def __init__(self, stale_after_seconds: int) -> None:
        self._stale_after_seconds = stale_after_seconds
        self._seen: tuple[int, datetime] | None = None
        self._painted: dict[frozenset[int], Painted] = {}

    def authorise(self, db: Connection, key: str, who: Iterable[Actor]) -> Actor:
        """Let the display itself and staff watch."""
        return may_see_display(db, id_of(key), who)

    def paint(self, db: Connection, key: str, now: datetime) -> Painted:
        """Show the board; displays of the same zones share one painting."""
        display_id = id_of(key)
        zones = zones_of(db, display_id)
        seen = (ledger_row(db).revision, now)
        if seen != self._seen:
            self._seen, self._painted = seen, {}
        shown = frozenset(zones)
        if shown not in self._painted:
            self._painted[shown] = self._paint(db, display_id, zones, now)
        return self._painted[shown]

    def _paint(
        self, db: Connection, display_id: int, zones: dict[int, int], now: datetime
    ) -> Painted:
        facts = {f"zone:{zone}" for zone in zones}
        facts |= {f"agency:{agency.id}" for agency in agencies_in(db, zones)}
        shown = board(
            db,
            display_id,
            now=now,
            stale_after_seconds=self._stale_after_seconds,
        )
        return Painted(shown, frozenset(facts | {"site"}), frozenset(zones))


class CounterTopic:
    """``counter:{id}``: staff who may know of that counter."""

    def authorise(self, db: Connection, key: str, who: Iterable[Actor]) -> Actor:
        """Let officers and supervisors of the counter's agencies watch."""
        actor = first_of(who, COUNTER_STAFF)
        known_counter(db, id_of(key), actor)
        return actor

    def paint(self, db: Connection, key: str, now: datetime) -> Painted:
        """Show the console; it depends on the counter and its lines."""
        counter = counter_row(db, id_of(key))
        shown = console(db, counter.id, now)
        facts = {f"service:{line.service_id}" for line in shown.services}
        # one who waits here may be called elsewhere, in another line
        facts |= {f"ticket:{waiting.ticket_id}" for waiting in shown.line}
        if shown.counter.ticket:
            facts.add(f"ticket:{shown.counter.ticket.id}")
        return Painted(shown, frozenset(facts | {f"counter:{counter.id}", "site"}))


class TicketTopic:
    """``ticket:{token}``: whoever holds the token."""

    def authorise(self, db: Connection, key: str, who: Iterable[Actor]) -> None:
        """Let the token open its ticket."""
        if ticket_id_of(db, key) is None:
            raise NotFound

    def paint(self, db: Connection, key: str, now: datetime) -> Painted:
        """Show the visit; it depends on the ticket and the lines it waits in."""
        ticket_id = ticket_id_of(db, key)
        if ticket_id is None:
            raise NotFound
        shown = visit(db, ticket_id, now=now)
        facts = {f"ticket:{ticket_id}"}
        facts |= {
            f"service:{entry.service_id}"
            for entry in shown.ticket.entries
            if entry.waiting_ahead is not None
        }
        return Painted(shown, frozenset(facts))


class OverviewTopic:
    """``overview``: staff who see the whole site."""

    def authorise(self, db: Connection, key: str, who: Iterable[Actor]) -> Actor:
        """Let reception and admins watch."""
        actor = first_of(who, STAFF)
        if not actor.sees_all:
            raise Forbidden
        return actor

    def paint(self, db: Connection, key: str, now: datetime) -> Painted:
        """Show every agency and counter."""
        shown = Overview(
            agencies=agency_views(db, now), counters=known_counters(db, SYSTEM)
        )
        facts = {"site", "counters", "closures"}
        facts |= {f"agency:{agency.id}" for agency in shown.agencies}
        return Painted(shown, frozenset(facts))


def topics(stale_after_seconds: int) -> dict[str, LiveView]:
    """Return every kind of topic by its name."""
    return {
        "display": DisplayTopic(stale_after_seconds),
        "counter": CounterTopic(),
        "ticket": TicketTopic(),
        "overview": OverviewTopic(),
    }


def may_see_display(db: Connection, display_id: int, who: Iterable[Actor]) -> Actor:
    """Return the caller who may see a display's board: itself, or staff."""
    known = list(who)
    for actor in known:
        if actor.role == DeviceKind.DISPLAY and actor.id == display_id:
            return actor
    actor = first_of(known, STAFF)
    zones_of(db, display_id)
    return actor


def id_of(key: str) -> int:
    """Read a topic's key as an id; ``NotFound`` for anything else."""
    if not key.isascii() or not key.isdigit() or len(key) > 15:
        raise NotFound
    return int(key)
