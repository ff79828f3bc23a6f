"""One topic: its newest snapshot, serialised once, and the sockets that watch it."""

import json
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from app.clock import iso
from app.queueing.facts import Fact
from app.queueing.service_day import ledger_row
from app.realtime.announcements import (
    AnnouncementView,
    newest_announcement,
    recent_announcements,
)
from app.realtime.socket import Socket
from app.realtime.view import LiveView


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A topic's whole view at a revision, its data already JSON."""

    topic: str
    revision: int
    now: datetime
    data: str
    announcements: list[AnnouncementView]
    newest_announcement: int
    watches: frozenset[Fact]
    fresh_until: datetime | None = None
    texts: dict[int | None, str] = field(default_factory=dict)

    def text_after(self, announced_up_to: int | None) -> str:
        """Return the message for a socket that was sent all up to ``announced_up_to``.

        None: one that has just come; it gets what is not yet expired.
        Sockets at the same point share one text.
        """
        if announced_up_to not in self.texts:
            self.texts[announced_up_to] = self._compose(announced_up_to)
        return self.texts[announced_up_to]

    def _compose(self, announced_up_to: int | None) -> str:
        announcements = [
            announcement.model_dump_json()
            for announcement in self.announcements
            if (
                announcement.expires_at > self.now
                if announced_up_to is None
                else announcement.id > announced_up_to
            )
        ]
        return (
            # the name ends in a key from a stranger's address: it is quoted as any text
            f'{{"type":"snapshot","topic":{json.dumps(self.topic)},'
            f'"revision":{self.revision},"now":"{iso(self.now)}",'
            f'"newest_announcement":{self.newest_announcement},'
            f'"data":{self.data},"announcements":[{",".join(announcements)}]}}'
        )


# topics stand in sets, each for itself
@dataclass(eq=False, slots=True)
class Topic:
    """A topic that somebody watches."""

    name: str
    view: LiveView
    key: str
    sockets: set[Socket] = field(default_factory=set)
    snapshot: Snapshot | None = None

    def since(self) -> int | None:
        """Return the id after which some socket has yet to be sent announcements."""
        announced = [
            socket.announced_up_to
            for socket in self.sockets
            if socket.announced_up_to is not None
        ]
        return min(announced, default=None)


def take_snapshot(
    db: Connection, topic: Topic, now: datetime, since: int | None
) -> Snapshot:
    """Read a topic's view and the revision in one read transaction."""
    revision = ledger_row(db).revision
    rendering = topic.view.render(db, topic.key, now)
    zones = rendering.zone_ids
    return Snapshot(
        topic=topic.name,
        revision=revision,
        now=now,
        data=rendering.json,
        announcements=recent_announcements(db, zones, now=now, since=since),
        newest_announcement=newest_announcement(db, zones),
        watches=rendering.watches,
        fresh_until=rendering.fresh_until,
    )
