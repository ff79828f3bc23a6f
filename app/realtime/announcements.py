"""The announcements that go with the snapshots of one moment."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import BaseModel
from sqlalchemy import Connection, Row, Select, bindparam, func, select

from app.queueing.hall.announcements import audio_url
from app.queueing.rows import announcement
from app.queueing.site.decisions import decisions_of

MAX_ANNOUNCEMENTS = 100


class AnnouncementView(BaseModel):
    """One chime-and-voice event.

    ``audio_url`` answers with what is spoken; None where the site has no voice.
    """

    id: int
    call_id: int
    zone_id: int
    text: str
    audio_url: str | None
    expires_at: datetime


class AnnouncementText(NamedTuple):
    """An announcement, already JSON."""

    id: int
    json: str


class Wanted(NamedTuple):
    """What some sockets have yet to be sent of their zones' announcements.

    All after ``since``, unless that is None; and, where ``unexpired``, whatever is not
    yet expired: for sockets that have just come.
    """

    since: int | None = None
    unexpired: bool = False


ALL = Wanted(since=0, unexpired=True)


@dataclass(frozen=True, slots=True)
class Announcements:
    """Some zones' announcements, as far as they were wanted; the oldest first.

    ``newest`` is the id of the newest of all, or 0.
    """

    newest: int = 0
    wanted: Wanted = ALL
    after_since: Sequence[AnnouncementText] = ()
    unexpired: Sequence[AnnouncementText] = ()

    def reach(self, announced_up_to: int | None) -> bool:
        """Tell whether they hold all that a socket has yet to be sent.

        It may have come, or have gone back, after it was decided what to read.
        """
        if announced_up_to is None:
            return self.wanted.unexpired
        since = self.wanted.since
        return announced_up_to >= self.newest or (
            since is not None and since <= announced_up_to
        )

    def after(self, announced_up_to: int | None) -> list[str]:
        """Return the JSON of what a socket has yet to be sent.

        None: it has just come, and is sent what is not yet expired.
        """
        if announced_up_to is None:
            return [each.json for each in self.unexpired]
        return [each.json for each in self.after_since if each.id > announced_up_to]


_of_zone = announcement.c.zone_id == bindparam("zone_id")
_OF_ZONE = (
    select(
        announcement.c.id,
        announcement.c.call_id,
        announcement.c.zone_id,
        announcement.c.text,
        announcement.c.expires_at,
    )
    .where(_of_zone)
    .order_by(announcement.c.id.desc())
    .limit(MAX_ANNOUNCEMENTS)
)
# apart: as one "or" it would read every announcement ever made
_UNEXPIRED = _OF_ZONE.where(announcement.c.expires_at > bindparam("now"))
_SINCE = _OF_ZONE.where(announcement.c.id > bindparam("since"))
_NEWEST = select(func.max(announcement.c.id)).where(_of_zone)
NONE = Announcements()


class AnnouncementReader:
    """Reads announcements in one transaction: each zone's once, for all topics."""

    def __init__(self, db: Connection, now: datetime, wanted: Wanted) -> None:
        self._db = db
        self._now = now
        self._wanted = wanted
        self._zones: dict[int, Announcements] = {}

    def of(self, zone_ids: Iterable[int]) -> Announcements:
        """Return the announcements of some zones together: at most the newest 100."""
        zones = [self._zone(zone_id) for zone_id in zone_ids]
        if not zones:
            return NONE
        return Announcements(
            max(zone.newest for zone in zones),
            self._wanted,
            _newest(each for zone in zones for each in zone.after_since),
            _newest(each for zone in zones for each in zone.unexpired),
        )

    def _zone(self, zone_id: int) -> Announcements:
        if zone_id not in self._zones:
            self._zones[zone_id] = self._read(zone_id)
        return self._zones[zone_id]

    def _read(self, zone_id: int) -> Announcements:
        of_zone: dict[str, Any] = {"zone_id": zone_id}
        newest = self._db.execute(_NEWEST, of_zone).scalar() or 0
        since, after_since, unexpired = self._wanted.since, [], []
        if since is not None and since < newest:
            after_since = self._texts(_SINCE, {**of_zone, "since": since})
        if self._wanted.unexpired and newest:
            unexpired = self._texts(_UNEXPIRED, {**of_zone, "now": self._now})
        return Announcements(newest, self._wanted, after_since, unexpired)

    def _texts(
        self, query: Select[Any], params: Mapping[str, Any]
    ) -> list[AnnouncementText]:
        is_voice_on = decisions_of(self._db).rules.policy.voice != "off"
        return [
            _announcement_text(row, is_voice_on=is_voice_on)
            for row in self._db.execute(query, params)
        ]


def _announcement_text(row: Row[Any], *, is_voice_on: bool) -> AnnouncementText:
    url = audio_url(row.id) if is_voice_on else None
    view = AnnouncementView(**row._asdict(), audio_url=url)
    return AnnouncementText(row.id, view.model_dump_json())


def _newest(announcements: Iterable[AnnouncementText]) -> list[AnnouncementText]:
    """Return the newest of some announcements, the oldest of them first."""
    return sorted(announcements)[-MAX_ANNOUNCEMENTS:]
