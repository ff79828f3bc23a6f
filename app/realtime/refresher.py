"""Topics that have to be read anew: all that are stale in one reading, then the next.

Views are read on a reader's thread; everything else runs on the event loop.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from app.clock import Now
from app.db.engines import Readers
from app.queueing.facts import Fact
from app.realtime.topic import Outcome, Snapshot, Topic, take_snapshots

VISITORS_IN_A_READING = 20
"""Tickets' pages read as one, some 20 ms of a thread: then others have their turn."""
VISITORS_BESIDE_OTHERS = 4
Deliver = Callable[[Topic, Outcome], Awaitable[None]]


class Refresher:
    """Reads topics anew, and has what came of it delivered, each in its turn."""

    def __init__(self, readers: Readers, clock: Now, deliver: Deliver) -> None:
        self._readers = readers
        self._clock = clock
        self._deliver = deliver
        self._topics: set[Topic] = set()
        # in the order in which they became so: none is passed over for long
        self._stale: dict[Topic, None] = {}
        # only from the beginning of a reading until all of it is delivered
        self._facts_while_reading: set[Fact] | None = None
        self._work = asyncio.Event()

    def watch(self, topic: Topic) -> None:
        """Keep a topic at its newest from now on."""
        self._topics.add(topic)

    def forget(self, topic: Topic) -> None:
        """Read a topic no more: nobody watches it."""
        self._topics.discard(topic)
        self._stale.pop(topic, None)

    def add(self, topic: Topic) -> None:
        """Have a topic read anew."""
        self._stale[topic] = None
        if topic.stale_since is None:
            topic.stale_since = asyncio.get_running_loop().time()
        self._work.set()

    def publish(self, changed: frozenset[Fact]) -> None:
        """Have those topics read anew that show what changed."""
        if self._facts_while_reading is not None:
            # the reading under way may just have missed it
            self._facts_while_reading |= changed
        for topic in self._topics:
            # one not read yet: nobody knows on what it depends
            if topic.snapshot is None or not topic.snapshot.watches.isdisjoint(changed):
                self.add(topic)

    def renew_outdated(self, moment: datetime) -> None:
        """Have those topics read anew which the clock alone has changed."""
        for topic in self._topics:
            snapshot = topic.snapshot
            if snapshot and snapshot.fresh_until and snapshot.fresh_until <= moment:
                self.add(topic)

    async def run(self) -> None:
        """Read what becomes stale, for ever."""
        while True:
            await self._work.wait()
            self._work.clear()
            topics = self._take_stale()
            if topics:
                self._facts_while_reading = set()
                await self._refresh(topics, self._facts_while_reading)
                self._facts_while_reading = None

    async def _refresh(
        self, topics: list[Topic], facts_while_reading: set[Fact]
    ) -> None:
        outcomes = await self._read(topics)
        for topic, outcome in zip(topics, outcomes, strict=True):
            if isinstance(outcome, Snapshot) and topic in self._topics:
                topic.snapshot, topic.stale_since = outcome, None
                if not outcome.watches.isdisjoint(facts_while_reading):
                    # it came to depend on a fact that changed while it was read
                    self.add(topic)
            await self._deliver(topic, outcome)

    def _take_stale(self) -> list[Topic]:
        """Return what is read next: staff's and devices' topics, and some tickets'."""
        visitors = [topic for topic in self._stale if topic.is_visitors]
        others = [topic for topic in self._stale if not topic.is_visitors]
        share = VISITORS_BESIDE_OTHERS if others else VISITORS_IN_A_READING
        topics = others + visitors[:share]
        for topic in topics:
            del self._stale[topic]
        if self._stale:
            self._work.set()
        return topics

    async def _read(self, topics: list[Topic]) -> list[Outcome]:
        requests = [(topic, topic.wanted()) for topic in topics]
        now = self._clock.now()
        try:
            return await self._readers.read(
                lambda db: take_snapshots(db, requests, now)
            )
        except Exception as error:
            # none was read, so all are tried again
            return [error] * len(topics)
