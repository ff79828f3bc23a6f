"""Calls in two sound spaces, twelve displays, and everything that may fail.

By the movable clock, second by second, over the program's own rules, snapshots and
choice of speaking devices; only pages (``Screen``) and sockets are modelled.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, update

from app.api.live.topics import DisplayTopic
from app.errors import NotFound
from app.queueing import rows
from app.queueing.change import Actor, Change
from app.queueing.commands import calling, counter_states, serving
from app.queueing.commands.issuing import TicketRequest, issue
from app.queueing.facts import Fact
from app.queueing.hall.held import announce_held, is_any_held
from app.queueing.hall.quiet import begin_quiet, end_quiets, is_any_quiet_over
from app.queueing.hall.receipts import note_receipts
from app.queueing.hall.speakers import read_speakers, set_speakers
from app.queueing.rows import active_and
from app.queueing.site.rulebook import RULEBOOK_FACTS, Rulebook, read_rulebook
from app.realtime.announcements import Wanted
from app.realtime.displays import ConnectedDisplays
from app.realtime.speakers import SpeakerChoice
from app.realtime.topic import Snapshot, Topic, take_snapshots
from tests.simulation.hall.screens import Screen, Utterance
from tests.support.clock import MORNING, MovableClock
from tests.support.rules.custom_mall import open_database
from tests.support.rules.harness import KIOSK, custom_mall

SPACE_OF_ZONE = {1: 1, 2: 1, 3: 2, 4: 2}
ZONE_OF_COUNTER = {1: 1, 2: 1, 3: 2, 4: 2, 5: 3, 6: 3, 7: 4, 8: 4}
DISPLAYS = {
    10: [1], 11: [1, 2], 12: [2], 13: [1, 2], 14: [2], 15: [1],
    20: [3], 21: [3, 4], 22: [4], 23: [3, 4], 24: [4], 25: [3],
}  # fmt: skip
WITHDRAWN = 0.10
"""The share of visitors whose call is withdrawn, mostly before it is spoken."""
MOST_SECONDS_A_CALL = 20


@dataclass
class Call:
    """A call as the hall should meet it."""

    id: int
    zone_id: int
    called_at: datetime
    ends_at: datetime
    is_withdrawn: bool
    ended_at: datetime | None = None


@dataclass
class Result:
    """What happened: the calls, what was spoken, who painted what, and when."""

    calls: dict[int, Call] = field(default_factory=dict)
    spoken: list[Utterance] = field(default_factory=list)
    painted: dict[tuple[int, int], datetime] = field(default_factory=dict)
    could_paint: dict[tuple[int, int], datetime] = field(default_factory=dict)
    away: list[tuple[datetime, datetime]] = field(default_factory=list)
    """When the server was away, or it was quiet."""


class Day:
    """A morning of calls; ``failures`` is how often something fails a minute."""

    def __init__(self, folder: Path, seed: int, *, failures: float = 2.0) -> None:
        self.random = random.Random(seed)  # noqa: S311 (a simulation)
        self.failures = failures
        self.clock = MovableClock()
        mall = custom_mall(services=[(1, 1)], counters=[{1: 0}] * len(ZONE_OF_COUNTER))
        self.engine = open_database(folder / "hall.sqlite3", mall)
        with self.engine.begin() as db:
            _furnish(db)
        self.screens = [Screen(id_, zones) for id_, zones in DISPLAYS.items()]
        self.result = Result()
        self.touched: set[Fact] = set()
        self._rules: Rulebook | None = None
        self._views: dict[int, Snapshot] = {}
        self._server_back_at: datetime | None = None
        self._back: dict[int, datetime] = {}
        self._view = DisplayTopic(5)
        self._went_at = self.clock.moment
        self._active: dict[int, Call | None] = dict.fromkeys(ZONE_OF_COUNTER)
        self._begin_server()

    # -- the server ---------------------------------------------------------------
    def _begin_server(self) -> None:
        self.displays = ConnectedDisplays()
        self.choice = SpeakerChoice(self.displays)
        self._here: set[int] = set()
        self._views.clear()

    @property
    def is_served(self) -> bool:
        return self._server_back_at is None

    def do(self, action: Any, **arguments: Any) -> Any:
        """Run one command as the ledger does; its facts are shown in this second."""
        with self.engine.begin() as db:
            if self._rules is None:
                self._rules = read_rulebook(db)
            change = Change(self.clock.moment, MORNING.date(), self._rules)
            outcome = action(db, change, **arguments)
        if change.facts & RULEBOOK_FACTS:
            self._rules = None
        self.touched |= change.facts
        return outcome

    def see(self, view: Any, **arguments: Any) -> Any:
        with self.engine.begin() as db:
            return view(db, **arguments)

    # -- a second -----------------------------------------------------------------
    def run(self, calls: int) -> Result:
        """Let so many visitors be called; return what the hall met."""
        for counter_id in ZONE_OF_COUNTER:
            self.do(
                counter_states.open_, counter_id=counter_id, actor=_officer(counter_id)
            )
        for _ in range(calls * MOST_SECONDS_A_CALL):
            self._second(is_calling=len(self.result.calls) < calls)
            if len(self.result.calls) >= calls and not self._any_called():
                break
        return self.result

    def _second(self, *, is_calling: bool) -> None:
        self.clock.move(seconds=1)
        now = self.clock.moment
        self._fail(now)
        self._return(now)
        if self.is_served:
            self._work(now, is_calling=is_calling)
            self._link()
            self._look(now)
            self._show(now)
            self._report()
        for screen in self.screens:
            ended = screen.tick(now, is_served=self.is_served)
            if ended is not None:
                self.result.spoken.append(ended)
                self._let_come(ended.call_id)

    def _work(self, now: datetime, *, is_calling: bool) -> None:
        """Let officers call, and visitors come."""
        for counter_id, call in [*self._active.items()]:
            if call is None:
                if is_calling and self.random.random() < 0.06:
                    self._call(counter_id, now)
            elif now >= call.ends_at:
                self._come(counter_id, call, now)

    def _call(self, counter_id: int, now: datetime) -> None:
        actor = _officer(counter_id)
        self.do(issue, ticket_request=TicketRequest((1,)), actor=KIOSK)
        self.do(calling.call_next, counter_id=counter_id, actor=actor)
        call_id = self.see(_call_at, counter_id=counter_id)
        is_withdrawn = self.random.random() < WITHDRAWN
        # the others come once they have heard it
        stays = self.random.randint(1, 8) if is_withdrawn else 100_000
        call = Call(
            call_id,
            ZONE_OF_COUNTER[counter_id],
            now,
            now + timedelta(seconds=stays),
            is_withdrawn,
        )
        self.result.calls[call_id] = call
        self._active[counter_id] = call

    def _come(self, counter_id: int, call: Call, now: datetime) -> None:
        actor = _officer(counter_id)
        if call.is_withdrawn and self.random.random() < 0.5:
            self.do(calling.return_, counter_id=counter_id, actor=actor)
        else:
            self.do(serving.serve, counter_id=counter_id, actor=actor)
        call.ended_at = now
        self._active[counter_id] = None

    def _any_called(self) -> bool:
        return any(self._active.values())

    # -- sockets, reports, speaking devices ---------------------------------------
    def _link(self) -> None:
        for screen in self.screens:
            actor = Actor("device", "display", screen.id)
            if screen.is_here and screen.id not in self._here:
                self._here.add(screen.id)
                self.displays.add(actor)
                self._views.pop(screen.id, None)
            elif not screen.is_here and screen.id in self._here:
                self._here.discard(screen.id)
                self.displays.discard(actor)

    def _report(self) -> None:
        for screen in self.screens:
            if (
                screen.is_hung
                or not screen.is_here
                or not (screen.shown or screen.spoken)
            ):
                continue
            # one by one: a page drops alone what is refused
            for shown in screen.shown:
                self._keep(screen, [shown], [])
            for spoken in screen.spoken:
                self._keep(screen, [], [spoken])
            screen.shown, screen.spoken = [], []

    def _keep(self, screen: Screen, shown: Any, spoken: Any) -> None:
        actor = Actor("device", "display", screen.id)
        try:
            self.do(note_receipts, shown=shown, spoken=spoken, actor=actor)
        except NotFound:
            return
        for call_id, at in shown:
            self.result.painted.setdefault((screen.id, call_id), at)
        if spoken:
            self.displays.note_voice(screen.id)

    def _let_come(self, call_id: int) -> None:
        """Let the visitor come a while after the number was spoken."""
        call = self.result.calls[call_id]
        if not call.is_withdrawn and call.ended_at is None:
            pause = timedelta(seconds=self.random.randint(2, 12))
            call.ends_at = min(call.ends_at, self.clock.moment + pause)

    def _look(self, now: datetime) -> None:
        """Do what the server does by the clock: each second, and each five."""
        if self.displays.able():
            speakers = self.see(read_speakers, now=now)
            changes = self.choice.changes(speakers, self.clock.monotonic())
            if changes:
                self.do(set_speakers, speakers=changes)
        if round(self.clock.monotonic()) % 5 == 0:
            if self.see(is_any_quiet_over, now=now):
                self.do(end_quiets)
            self.do(announce_held)

    def _show(self, now: datetime) -> None:
        """Send each display that is here what it has not been sent."""
        stale = [
            screen
            for screen in self.screens
            if screen.id in self._here and self._is_stale(screen, now)
        ]
        requests = []
        for screen in stale:
            after = screen.announced_up_to
            wanted = Wanted(after, after is None)
            name = f"display:{screen.id}"
            requests.append((Topic(name, self._view, str(screen.id)), wanted))
        for screen, outcome in zip(
            stale, self.see(take_snapshots, topics=requests, now=now), strict=True
        ):
            assert isinstance(outcome, Snapshot)
            self._views[screen.id] = outcome
            text = outcome.text_after(screen.announced_up_to)
            screen.receive(text, now)
            for call in screen.board.get("calls", []):
                if not screen.is_hung:
                    self.result.could_paint.setdefault((screen.id, call["id"]), now)
        self.touched.clear()

    def _is_stale(self, screen: Screen, now: datetime) -> bool:
        view = self._views.get(screen.id)
        if view is None or not view.watches.isdisjoint(self.touched):
            return True
        return view.fresh_until is not None and view.fresh_until <= now

    # -- what fails ---------------------------------------------------------------
    def _fail(self, now: datetime) -> None:
        if self.random.random() >= self.failures / 60:
            return
        kind = self.random.choice(("blink", "cut", "power", "hang", "server", "quiet"))
        if kind in ("server", "quiet"):
            if self.is_served:
                self._fail_all(kind, now)
            return
        screen = self.random.choice(self.screens)
        if screen.is_here and not screen.is_hung:
            self._fail_one(kind, screen, now)

    def _fail_all(self, kind: str, now: datetime) -> None:
        if kind == "server":
            self._restart(now)
            return
        self.do(begin_quiet, space_id=self.random.choice((1, 2)), minutes=1)
        self.result.away.append((now, now + timedelta(seconds=66)))

    def _fail_one(self, kind: str, screen: Screen, now: datetime) -> None:
        seconds = 2 if kind == "blink" else self.random.randint(8, 40)
        # the line of a device that speaks fails with its power alone, and its power not
        # between an end and its report: whether it spoke nobody could tell
        if screen.spoken or (kind in ("cut", "hang") and screen.speaking is not None):
            return
        if kind == "power":
            screen.lose_power()
        elif kind == "hang":
            screen.is_hung = True
        else:
            screen.is_linked = False
        self._back[screen.id] = now + timedelta(seconds=seconds)

    def _restart(self, now: datetime) -> None:
        is_long = self.random.random() < 0.3
        seconds = 150 if is_long else self.random.randint(2, 8)
        self._server_back_at = now + timedelta(seconds=seconds)
        self._went_at = now
        self.result.away.append((now, self._server_back_at))

    def _return(self, now: datetime) -> None:
        for screen in self.screens:
            if self._back.get(screen.id, now + timedelta(1)) <= now:
                del self._back[screen.id]
                if screen.is_hung:
                    screen.lose_power()  # somebody has restarted it
                screen.is_on = screen.is_linked = True
        if self._server_back_at is not None and now >= self._server_back_at:
            self._server_back_at = None
            self._begin_server()
            self._rules = None
            change = self.see(self._change)
            since = self._went_at
            if self.see(is_any_held, change=change, lost_since=since):
                self.do(announce_held, lost_since=since)

    def _change(self, db: Connection) -> Change:
        return Change(self.clock.moment, MORNING.date(), read_rulebook(db))


def _officer(counter_id: int) -> Actor:
    return Actor("staff", "officer", counter_id, agency_ids=frozenset({1, 2}))


def _call_at(db: Connection, *, counter_id: int) -> int:
    column = rows.entry.c
    here = column.counter_id == counter_id, active_and(column.state, "called")
    return int(db.execute(select(column.call_id).where(*here)).scalar_one())


def _furnish(db: Connection) -> None:
    """Let there be two sound spaces of two zones each, and their displays."""
    db.execute(insert(rows.sound_space).values(id=2, code="L2", name="L2"))
    db.execute(update(rows.zone).values(is_practice=False))
    for zone_id in (3, 4):
        zone = {"id": zone_id, "code": f"Z{zone_id}", "name": "Z", "is_practice": False}
        db.execute(insert(rows.zone).values(**zone, sound_space_id=2))
    for counter_id, zone_id in ZONE_OF_COUNTER.items():
        of_counter = rows.counter.c.id == counter_id
        db.execute(update(rows.counter).where(of_counter).values(zone_id=zone_id))
    for id_, zone_ids in DISPLAYS.items():
        device = {"id": id_, "code": f"D{id_}", "kind": "display", "name": "D"}
        db.execute(insert(rows.device).values(device))
        for zone_id in zone_ids:
            link = {"device_id": id_, "zone_id": zone_id}
            db.execute(insert(rows.display_zone).values(link))
