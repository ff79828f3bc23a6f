"""Topics, and the snapshots of them: serialised once for all that show the same."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from app.clock import iso
from app.queueing.facts import Fact
from app.queueing.service_day import ledger_row
from app.realtime.announcements import AnnouncementReader, Announcements, Wanted
from app.realtime.frames import text_frame
from app.realtime.socket import Socket
from app.realtime.view import LiveView, Renderer, Rendering

VISITORS_PREFIX = "ticket:"
"""Topics that may wait until those of staff and devices are read."""


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A whole view at a revision, its data already JSON; topics may share it."""

    revision: int
    now: datetime
    data: str
    announcements: Announcements
    watches: frozenset[Fact]
    fresh_until: datetime | None = None
    _texts: dict[int | None, bytes] = field(default_factory=dict)

    def text_after(self, announced_up_to: int | None) -> bytes:
        """Return the message, but for its topic, in UTF-8.

        For a socket that was sent all announcements up to ``announced_up_to``; None:
        it has just come. Sockets at the same point share one text.
        """
        if announced_up_to not in self._texts:
            self._texts[announced_up_to] = self._compose(announced_up_to).encode()
        return self._texts[announced_up_to]

    def _compose(self, announced_up_to: int | None) -> str:
        announcements = self.announcements.after(announced_up_to)
        return (
            f'"revision":{self.revision},"now":"{iso(self.now)}",'
            f'"newest_announcement":{self.announcements.newest},'
            f'"data":{self.data},"announcements":[{",".join(announcements)}]}}'
        )


@dataclass(frozen=True, slots=True, eq=False)
class TopicSnapshot:
    """A snapshot under the name of one of the topics that it shows."""

    topic: str
    snapshot: Snapshot
    _frames: dict[int | None, bytes] = field(default_factory=dict)

    @property
    def revision(self) -> int:
        """The revision at which it was read."""
        return self.snapshot.revision

    @property
    def fresh_until(self) -> datetime | None:
        """The moment from which the clock may have changed the view."""
        return self.snapshot.fresh_until

    @property
    def announcements(self) -> Announcements:
        """What its zones announced."""
        return self.snapshot.announcements

    def frame_after(self, announced_up_to: int | None) -> bytes:
        """Return the frame for a socket that was sent all up to ``announced_up_to``."""
        if announced_up_to not in self._frames:
            # the name ends in a key from a stranger's address: it is quoted as any text
            head = f'{{"type":"snapshot","topic":{json.dumps(self.topic)},'
            text = self.snapshot.text_after(announced_up_to)
            self._frames[announced_up_to] = text_frame(head.encode() + text)
        return self._frames[announced_up_to]


# topics stand in sets, each for itself
@dataclass(eq=False, slots=True)
class Topic:
    """A topic that somebody watches."""

    name: str
    view: LiveView
    key: str
    sockets: set[Socket] = field(default_factory=set)
    snapshot: Snapshot | None = None
    stale_since: float | None = None
    """Since when what changed has not been read, in seconds of the event loop."""
    is_visitors: bool = field(init=False)

    def __post_init__(self) -> None:
        self.is_visitors = self.name.startswith(VISITORS_PREFIX)

    def wanted(self) -> Wanted:
        """Return what its sockets have yet to be sent of announcements."""
        announced = {socket.announced_up_to for socket in self.sockets}
        since = min((each for each in announced if each is not None), default=None)
        return Wanted(since, None in announced)


Outcome = Snapshot | Exception
"""A topic as it was read, or why it could not be."""


def take_snapshots(
    db: Connection, topics: Sequence[tuple[Topic, Wanted]], now: datetime
) -> list[Outcome]:
    """Read topics in one read transaction, each with the revision.

    What shows the same is one snapshot. A topic that breaks keeps no other from its
    screens.
    """
    revision = ledger_row(db).revision
    renderers: dict[LiveView, Renderer | Exception] = {}
    outcomes = [_render(db, topic, now, renderers) for topic, _ in topics]
    wanted = [
        of_topic
        for (_, of_topic), rendering in zip(topics, outcomes, strict=True)
        if isinstance(rendering, Rendering) and rendering.zone_ids
    ]
    announcements = AnnouncementReader(db, now, _all_of(wanted))
    snapshots: dict[Rendering, Outcome] = {}
    for rendering in outcomes:
        if isinstance(rendering, Rendering) and rendering not in snapshots:
            snapshots[rendering] = _snapshot(rendering, revision, now, announcements)
    return [
        snapshots[outcome] if isinstance(outcome, Rendering) else outcome
        for outcome in outcomes
    ]


def _render(
    db: Connection,
    topic: Topic,
    now: datetime,
    renderers: dict[LiveView, Renderer | Exception],
) -> Rendering | Exception:
    if topic.view not in renderers:
        renderers[topic.view] = _renderer(db, topic.view, now)
    renderer = renderers[topic.view]
    if isinstance(renderer, Exception):
        return renderer
    try:
        return renderer(topic.key)
    except Exception as error:
        return error


def _renderer(db: Connection, view: LiveView, now: datetime) -> Renderer | Exception:
    """Return what shows topics of a view, or why none is shown: tried once for all."""
    try:
        return view.at(db, now)
    except Exception as error:
        return error


def _snapshot(
    rendering: Rendering, revision: int, now: datetime, reader: AnnouncementReader
) -> Outcome:
    try:
        return Snapshot(
            revision=revision,
            now=now,
            data=rendering.data.model_dump_json(),
            announcements=reader.of(rendering.zone_ids),
            watches=rendering.watches,
            fresh_until=rendering.fresh_until,
        )
    except Exception as error:
        return error


def _all_of(wanted: Sequence[Wanted]) -> Wanted:
    since = min((each.since for each in wanted if each.since is not None), default=None)
    return Wanted(since, any(each.unexpired for each in wanted))
