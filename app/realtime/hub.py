"""From facts to screens: which topics changed, one rendering for all sockets.

Runs on the event loop; views are read on the readers' threads.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Connection

from app.clock import Now, iso
from app.db.engines import Readers
from app.errors import AntreanError, NotFound
from app.process import descriptor_limit
from app.queueing import facts
from app.queueing.change import Actor
from app.realtime.places import SocketLimits, SocketPlaces
from app.realtime.socket import GONE, REVOKED, Socket
from app.realtime.topic import Snapshot, Topic, take_snapshot
from app.realtime.view import LiveView

logger = logging.getLogger(__name__)

# two may be lost before a screen says, after 5 s, that it is stale (lesson 7)
HEARTBEAT_SECONDS = 2
RETRY_SECONDS = 1.0

VISITORS_PREFIX = "ticket:"
"""Topics that may wait until those of staff and devices are read."""
VISITORS_IN_A_READING = 20
"""Tickets' pages read as one, some 20 ms of a thread: then others have their turn."""
VISITORS_BESIDE_OTHERS = 4
BEATS_IN_A_TURN = 100
"""Sockets that are sent to in one turn of the event loop, some 2 ms."""
COUNTER_PREFIX = "counter:"
"""Topics of which the hub remembers when their last watcher left."""
Outcome = Snapshot | Exception
"""A topic as it was read, or why it could not be."""


class Hub:
    """Keeps every watched topic's sockets at its newest snapshot."""

    def __init__(
        self,
        readers: Readers,
        clock: Now,
        views: Mapping[str, LiveView],
        is_valid: Callable[[str, Actor | None], bool],
    ) -> None:
        self._readers = readers
        self._clock = clock
        self._views = views
        self._is_valid = is_valid
        self._topics: dict[str, Topic] = {}
        self.places = SocketPlaces(SocketLimits.within(descriptor_limit()))
        self._started_at = clock.now()
        self._unwatched_since: dict[str, datetime] = {}
        # in the order in which they became so: none is passed over for long
        self._stale: dict[Topic, None] = {}
        self._broken: set[Topic] = set()
        # only while views are read
        self._facts_while_reading: set[facts.Fact] | None = None
        self._work = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._closings: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Start refreshing and beating, on the running loop."""
        self._tasks = [
            asyncio.create_task(self._refresh(), name="hub"),
            asyncio.create_task(self._beat(), name="heartbeat"),
            asyncio.create_task(self._retry(), name="broken views"),
        ]

    async def stop(self) -> None:
        """Stop; sockets are closed by the server."""
        for task in self._tasks:
            task.cancel()
        # their CancelledError is what was asked for
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def publish(self, changed: frozenset[facts.Fact]) -> None:
        """Note what a durable batch touched."""
        if self._facts_while_reading is not None:
            self._facts_while_reading |= changed
        for topic in self._topics.values():
            # one not read yet: nobody knows on what it depends
            if topic.snapshot is None or topic.snapshot.watches & changed:
                self._stale[topic] = None
        if self._stale:
            self._work.set()
        if facts.CREDENTIALS in changed:
            self._close_revoked()

    def view(self, name: str) -> tuple[LiveView, str]:
        """Return the view and key of a topic's name; ``NotFound`` if none."""
        kind, _, key = name.partition(":")
        view = self._views.get(kind)
        if view is None:
            raise NotFound
        return view, key

    def join(self, name: str, socket: Socket) -> None:
        """Let a socket watch a topic, once it is ``ready``.

        Raises ``Busy`` or ``TooMany`` where it has no place (``app.realtime.places``).
        """
        topic = self._topics.get(name) or Topic(name, *self.view(name))
        self.places.take(socket, len(topic.sockets))
        self._topics[name] = topic
        self._unwatched_since.pop(name, None)
        topic.sockets.add(socket)

    def ready(self, name: str, socket: Socket) -> None:
        """Send an accepted socket the topic as it stands."""
        topic = self._topics.get(name)
        if topic is not None and socket in topic.sockets:
            self._stale[topic] = None
            self._work.set()

    def leave(self, name: str, socket: Socket) -> None:
        """Forget a socket; a topic that nobody watches is forgotten too."""
        socket.drop()
        topic = self._topics.get(name)
        if topic is None or socket not in topic.sockets:
            return
        topic.sockets.discard(socket)
        self.places.leave(socket)
        if not topic.sockets:
            del self._topics[name]
            if topic.name.startswith(COUNTER_PREFIX):
                self._unwatched_since[name] = self._clock.now()
            self._stale.pop(topic, None)
            self._broken.discard(topic)

    def unwatched_since(self, name: str) -> datetime | None:
        """Return since when no socket watches a counter's topic; None: one does.

        Of one that was not watched yet: since the server started.
        """
        return (
            None
            if name in self._topics
            else self._unwatched_since.get(name, self._started_at)
        )

    def count(self) -> int:
        """Return how many sockets watch."""
        return self.places.count

    async def _refresh(self) -> None:
        while True:
            await self._work.wait()
            self._work.clear()
            topics = self._take_stale()
            # what is published from here on, this reading may just have missed
            self._facts_while_reading = set()
            outcomes = await self._read(topics)
            facts_while_reading, self._facts_while_reading = (
                self._facts_while_reading,
                None,
            )
            for topic, outcome in zip(topics, outcomes, strict=True):
                try:
                    self._deliver(topic, outcome, facts_while_reading)
                except Exception as error:  # one topic's trouble ends no other's
                    self._note_broken(topic, error)

    def _take_stale(self) -> list[Topic]:
        """Return what is read next: staff's and devices' topics, and some tickets'."""
        visitors = [t for t in self._stale if t.name.startswith(VISITORS_PREFIX)]
        others = [t for t in self._stale if not t.name.startswith(VISITORS_PREFIX)]
        share = VISITORS_BESIDE_OTHERS if others else VISITORS_IN_A_READING
        topics = others + visitors[:share]
        for topic in topics:
            del self._stale[topic]
        if self._stale:
            self._work.set()
        return topics

    async def _read(self, topics: list[Topic]) -> list[Outcome]:
        try:
            return await self._readers.read(self._snapshot_reader(topics))
        except Exception as error:
            # none was read, so all are tried again
            return [error] * len(topics)

    def _snapshot_reader(
        self, topics: list[Topic]
    ) -> Callable[[Connection], list[Outcome]]:
        requests = [(topic, topic.since()) for topic in topics]
        now = self._clock.now()

        def take(db: Connection) -> list[Outcome]:
            return [
                _snapshot_or_error(db, topic, now, since) for topic, since in requests
            ]

        return take

    def _deliver(
        self, topic: Topic, outcome: Outcome, facts_while_reading: set[facts.Fact]
    ) -> None:
        if isinstance(outcome, Snapshot):
            self._send(topic, outcome, facts_while_reading)
        # what the server itself lacks makes no topic unknown
        elif isinstance(outcome, AntreanError) and outcome.status_code < 500:
            for socket in list(topic.sockets):
                self._close(socket, GONE)
        else:
            self._note_broken(topic, outcome)

    def _note_broken(self, topic: Topic, error: Exception) -> None:
        if topic in self._broken or not topic.sockets:
            return
        kind = topic.name.partition(":")[0]
        logger.error("a view could not be told topic=%s", kind, exc_info=error)
        self._broken.add(topic)

    def _send(
        self, topic: Topic, snapshot: Snapshot, facts_while_reading: set[facts.Fact]
    ) -> None:
        topic.snapshot = snapshot
        self._broken.discard(topic)
        if snapshot.watches & facts_while_reading:
            # it came to depend on a fact that changed while it was read
            self._stale[topic] = None
            self._work.set()
        for socket in list(topic.sockets):
            socket.send(snapshot)

    async def _retry(self) -> None:
        while True:
            await asyncio.sleep(RETRY_SECONDS)
            if self._broken:
                self._stale |= dict.fromkeys(self._broken)
                self._work.set()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            moment = self._clock.now()
            self._note_outdated(moment)
            await self._beat_all(iso(moment))
            # a sign-in that runs out touches no fact
            self._close_revoked()

    async def _beat_all(self, now: str) -> None:
        sent = 0
        for topic in list(self._topics.values()):
            for socket in list(topic.sockets):
                # looked at each time: between two turns it may be read anew, or break
                if topic.snapshot is None or topic in self._broken:
                    break  # silence lets its screens say that they are stale
                revision = topic.snapshot.revision
                text = f'{{"type":"heartbeat","revision":{revision},"now":"{now}"}}'
                socket.beat(text)
                sent += 1
                if sent % BEATS_IN_A_TURN == 0:
                    await asyncio.sleep(0)

    def _note_outdated(self, moment: datetime) -> None:
        """Have those views read anew which the clock alone has changed."""
        for topic in self._topics.values():
            snapshot = topic.snapshot
            if snapshot and snapshot.fresh_until and snapshot.fresh_until <= moment:
                self._stale[topic] = None
        if self._stale:
            self._work.set()

    def _close_revoked(self) -> None:
        for topic in list(self._topics.values()):
            for socket in list(topic.sockets):
                if socket.secret is not None and not self._is_valid(
                    socket.secret, socket.actor
                ):
                    self._close(socket, REVOKED)

    def _close(self, socket: Socket, code: int) -> None:
        # a task: a publishing batch must not wait for the other end's farewell.
        # And kept: the loop itself holds tasks by weak references
        closing = asyncio.create_task(socket.close(code))
        self._closings.add(closing)
        closing.add_done_callback(self._closings.discard)


def _snapshot_or_error(
    db: Connection, topic: Topic, now: datetime, since: int | None
) -> Outcome:
    try:
        return take_snapshot(db, topic, now, since)
    except Exception as error:
        return error  # one broken view keeps no other from its screens
