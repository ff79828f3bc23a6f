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
from app.errors import AntreanError, Busy, NotFound
from app.queueing import facts
from app.queueing.change import Actor
from app.realtime.socket import GONE, REVOKED, Socket
from app.realtime.topic import Snapshot, Topic, take_snapshot
from app.realtime.view import LiveView

logger = logging.getLogger(__name__)

# two may be lost before a screen says, after 5 s, that it is stale (lesson 7)
HEARTBEAT_SECONDS = 2
MAX_SOCKETS = 5_000
RETRY_SECONDS = 1.0

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
        self._started_at = clock.now()
        self._unwatched_since: dict[str, datetime] = {}
        self._stale: set[Topic] = set()
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
                self._stale.add(topic)
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
        """Let a socket watch a topic, once it is ``ready``; ``Busy`` when full."""
        if self.count() >= MAX_SOCKETS:
            raise Busy(retry_after_seconds=5)
        topic = self._topics.get(name)
        if topic is None:
            view, key = self.view(name)
            topic = self._topics[name] = Topic(name, view, key)
            self._unwatched_since.pop(name, None)
        topic.sockets.add(socket)

    def ready(self, name: str, socket: Socket) -> None:
        """Send an accepted socket the topic as it stands."""
        topic = self._topics.get(name)
        if topic is not None and socket in topic.sockets:
            self._stale.add(topic)
            self._work.set()

    def leave(self, name: str, socket: Socket) -> None:
        """Forget a socket; a topic that nobody watches is forgotten too."""
        socket.drop()
        topic = self._topics.get(name)
        if topic is None:
            return
        topic.sockets.discard(socket)
        if not topic.sockets:
            del self._topics[name]
            if topic.name.startswith(COUNTER_PREFIX):
                self._unwatched_since[name] = self._clock.now()
            self._stale.discard(topic)
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
        return sum(len(topic.sockets) for topic in self._topics.values())

    async def _refresh(self) -> None:
        while True:
            await self._work.wait()
            self._work.clear()
            topics, self._stale = list(self._stale), set()
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
        elif isinstance(outcome, AntreanError):
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
            self._stale.add(topic)
            self._work.set()
        for socket in list(topic.sockets):
            socket.send(snapshot)

    async def _retry(self) -> None:
        while True:
            await asyncio.sleep(RETRY_SECONDS)
            if self._broken:
                self._stale |= self._broken
                self._work.set()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            moment = self._clock.now()
            self._note_outdated(moment)
            now = iso(moment)
            for topic in list(self._topics.values()):
                if topic.snapshot is None or topic in self._broken:
                    continue  # silence lets its screens say that they are stale
                revision = topic.snapshot.revision
                text = f'{{"type":"heartbeat","revision":{revision},"now":"{now}"}}'
                for socket in list(topic.sockets):
                    socket.beat(text)
            # a sign-in that runs out touches no fact
            self._close_revoked()

    def _note_outdated(self, moment: datetime) -> None:
        """Have those views read anew which the clock alone has changed."""
        for topic in self._topics.values():
            snapshot = topic.snapshot
            if snapshot and snapshot.fresh_until and snapshot.fresh_until <= moment:
                self._stale.add(topic)
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
