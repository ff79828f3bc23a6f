"""From facts to screens: which topics changed, and what is sent to their sockets.

Runs on the event loop; views are read on the readers' threads (``refresher``).
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from app.clock import Now, iso
from app.db.engines import Readers
from app.errors import AntreanError, NotFound
from app.process import descriptor_limit
from app.queueing import facts
from app.queueing.change import Actor
from app.realtime.displays import ConnectedDisplays
from app.realtime.frames import text_frame
from app.realtime.places import SocketLimits, SocketPlaces
from app.realtime.refresher import Refresher
from app.realtime.socket import GONE, REVOKED, Socket
from app.realtime.topic import Outcome, Snapshot, Topic, TopicSnapshot
from app.realtime.view import LiveView

logger = logging.getLogger(__name__)

# two may be lost before a screen says, after 5 s, that it is stale (lesson 7)
HEARTBEAT_SECONDS = 2
RETRY_SECONDS = 1.0
MAX_STALE_SECONDS = 3.0
"""No screen whose reading takes longer is told that what it shows is true."""

SENT_IN_A_TURN = 100
"""Sockets that are sent to in one turn of the event loop, some 2 ms."""
DISPLAYS_PREFIX = "display:"
"""Topics that the whole hall looks at: they wait for no other's reading."""
COUNTER_PREFIX = "counter:"
"""Topics of which the hub remembers when their last watcher left."""


class Hub:
    """Keeps every watched topic's sockets at its newest snapshot."""

    def __init__(
        self,
        readers: Readers,
        clock: Now,
        views: Mapping[str, LiveView],
        is_valid: Callable[[str, Actor | None], bool],
    ) -> None:
        self._clock = clock
        self._views = views
        self._is_valid = is_valid
        self._topics: dict[str, Topic] = {}
        self.places = SocketPlaces(SocketLimits.within(descriptor_limit()))
        self.displays = ConnectedDisplays()
        self._started_at = clock.now()
        self._unwatched_since: dict[str, datetime] = {}
        self._displays = Refresher(readers, clock, self._deliver)
        self._others = Refresher(readers, clock, self._deliver)
        self._broken: set[Topic] = set()
        self._sent = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._closings: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Start refreshing and beating, on the running loop."""
        self._tasks = [
            asyncio.create_task(self._displays.run(), name="displays"),
            asyncio.create_task(self._others.run(), name="hub"),
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
        for refresher in (self._displays, self._others):
            refresher.publish(changed)
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
        if name not in self._topics:
            self._topics[name] = topic
            self._refresher(name).watch(topic)
        self._unwatched_since.pop(name, None)
        topic.sockets.add(socket)

    def ready(self, name: str, socket: Socket) -> None:
        """Send an accepted socket the topic as it stands."""
        topic = self._topics.get(name)
        if topic is not None and socket in topic.sockets:
            self._refresher(name).add(topic)
            self.displays.add(socket.actor)

    def leave(self, name: str, socket: Socket) -> None:
        """Forget a socket; a topic that nobody watches is forgotten too."""
        socket.drop()
        topic = self._topics.get(name)
        if topic is None or socket not in topic.sockets:
            return
        topic.sockets.discard(socket)
        self.places.leave(socket)
        self.displays.discard(socket.actor)
        if not topic.sockets:
            del self._topics[name]
            if topic.name.startswith(COUNTER_PREFIX):
                self._unwatched_since[name] = self._clock.now()
            self._refresher(name).forget(topic)
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

    def _refresher(self, name: str) -> Refresher:
        is_display = name.startswith(DISPLAYS_PREFIX)
        return self._displays if is_display else self._others

    async def _deliver(self, topic: Topic, outcome: Outcome) -> None:
        try:
            await self._show(topic, outcome)
        except Exception as error:  # one topic's trouble ends no other's
            self._note_broken(topic, error)

    async def _show(self, topic: Topic, outcome: Outcome) -> None:
        if isinstance(outcome, Snapshot):
            self._broken.discard(topic)
            await self._send(topic, TopicSnapshot(topic.name, outcome))
        # what the server itself lacks makes no topic unknown
        elif isinstance(outcome, AntreanError) and outcome.status_code < 500:
            for socket in list(topic.sockets):
                self._close(socket, GONE)
        else:
            self._note_broken(topic, outcome)

    async def _send(self, topic: Topic, snapshot: TopicSnapshot) -> None:
        for socket in list(topic.sockets):
            if socket.send(snapshot) and self._has_sent_enough():
                await asyncio.sleep(0)

    def _has_sent_enough(self) -> bool:
        """Count a socket that was sent to; tell whether others have their turn now."""
        self._sent += 1
        return self._sent % SENT_IN_A_TURN == 0

    def _note_broken(self, topic: Topic, error: Exception) -> None:
        if topic in self._broken or not topic.sockets:
            return
        kind = topic.name.partition(":")[0]
        logger.error("a view could not be told topic=%s", kind, exc_info=error)
        self._broken.add(topic)

    async def _retry(self) -> None:
        while True:
            await asyncio.sleep(RETRY_SECONDS)
            for topic in self._broken:
                self._refresher(topic.name).add(topic)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            moment = self._clock.now()
            for refresher in (self._displays, self._others):
                refresher.renew_outdated(moment)
            await self._beat_all(iso(moment))
            # a sign-in that runs out touches no fact
            self._close_revoked()

    async def _beat_all(self, now: str) -> None:
        frames: dict[int, bytes] = {}
        for topic in list(self._topics.values()):
            for socket in list(topic.sockets):
                # looked at each time: between two turns it may be read anew, or break
                if topic.snapshot is None or self._is_in_doubt(topic):
                    break  # silence lets its screens say that they are stale
                revision = topic.snapshot.revision
                if revision not in frames:
                    text = f'{{"type":"heartbeat","revision":{revision},"now":"{now}"}}'
                    frames[revision] = text_frame(text.encode())
                socket.beat(frames[revision])
                if self._has_sent_enough():
                    await asyncio.sleep(0)

    def _is_in_doubt(self, topic: Topic) -> bool:
        """Tell whether a topic cannot be read, or has waited long to be."""
        since = topic.stale_since
        is_late = (
            since is not None
            and asyncio.get_running_loop().time() - since > MAX_STALE_SECONDS
        )
        return is_late or topic in self._broken

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
