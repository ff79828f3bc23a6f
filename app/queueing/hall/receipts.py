"""What devices report of calls: painted here at, spoken here from, until.

All of a report is kept or none of it: what names a call that the device was not sent,
or an announcement that another speaks, is ``NotFound`` (contract.md#the-hall).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update

from app.db.prepared import known_rows, write_row
from app.errors import NotFound
from app.queueing import facts, rows
from app.queueing.change import Actor, Change
from app.queueing.hall.sound_spaces import SpaceMembers, read_members, speaker_of
from app.queueing.states import CALLS


class ShownCall(NamedTuple):
    """A display has painted a call."""

    call_id: int
    at: datetime


class SpokenAnnouncement(NamedTuple):
    """A device has spoken an announcement; without ``ends_at`` it has begun to."""

    announcement_id: int
    begins_at: datetime
    ends_at: datetime | None


class SpaceVoice(NamedTuple):
    """Who speaks in a sound space, and how far the voice has come."""

    id: int
    speaker_id: int | None
    preferred_speaker_id: int | None
    announcement_id: int | None
    last_announcement_id: int | None


_announced_at = rows.counter.alias("announced_at")
_now_at = rows.counter.alias("now_at")
_CALLS = (
    select(
        rows.event.c.id,
        rows.event.c.at,
        _announced_at.c.zone_id,
        _now_at.c.id.label("counter_id"),
        # who was taken over is shown where the visitor is expected by now
        _now_at.c.zone_id.label("present_zone_id"),
    )
    .select_from(
        rows.event.join(rows.entry, rows.entry.c.id == rows.event.c.entry_id)
        .join(_announced_at, _announced_at.c.id == rows.event.c.counter_id)
        .outerjoin(_now_at, _now_at.c.id == rows.entry.c.counter_id)
    )
    .where(
        rows.event.c.id.in_(bindparam("ids", expanding=True)),
        rows.event.c.name.in_(sorted(CALLS)),
    )
)
_ZONES = select(rows.display_zone.c.zone_id).where(
    rows.display_zone.c.device_id == bindparam("device_id")
)
_SHOWN = select(rows.display_receipt.c.call_id, rows.display_receipt.c.device_id).where(
    rows.display_receipt.c.call_id.in_(bindparam("ids", expanding=True))
)
_ADD_SHOWN = insert(rows.display_receipt)
_ANNOUNCEMENTS = select(
    rows.announcement.c.id,
    rows.announcement.c.sound_space_id,
    rows.announcement.c.counter_id,
    rows.announcement.c.said_at,
).where(rows.announcement.c.id.in_(bindparam("ids", expanding=True)))
_SPOKEN = select(rows.voice_receipt.c.announcement_id).where(
    rows.voice_receipt.c.announcement_id.in_(bindparam("ids", expanding=True)),
    rows.voice_receipt.c.device_id == bindparam("device_id"),
)
_ADD_SPOKEN = insert(rows.voice_receipt)
_END_SPOKEN = (
    update(rows.voice_receipt)
    .where(
        rows.voice_receipt.c.announcement_id == bindparam("of_id"),
        rows.voice_receipt.c.device_id == bindparam("of_device_id"),
    )
    .values(begins_at=bindparam("begins_at"), ends_at=bindparam("ends_at"))
)
_space = rows.sound_space.c
_SPACES = select(*(_space[name] for name in SpaceVoice._fields))
_SET_VOICE = (
    update(rows.sound_space)
    .where(_space.id == bindparam("of_id"))
    .values(
        announcement_id=bindparam("spoken_id"),
        announcement_since=bindparam("since"),
        last_announcement_id=bindparam("last_id"),
        voice_at=bindparam("at"),
    )
)
# a display that has just come is not sent what was spoken
_EXPIRE = (
    update(rows.announcement)
    .where(
        rows.announcement.c.id == bindparam("of_id"),
        rows.announcement.c.expires_at > bindparam("now"),
    )
    .values(expires_at=bindparam("now"))
)


def note_receipts(
    db: Connection,
    change: Change,
    *,
    shown: Sequence[ShownCall],
    spoken: Sequence[SpokenAnnouncement],
    actor: Actor,
) -> None:
    """Keep what a device reports; a repeat changes nothing.

    Raises ``NotFound`` for what it was not sent, or what another device speaks. A
    moment that lies before the call, or after now, is taken as that.
    """
    device_id = actor.device_id or 0
    # all that may refuse comes before the first row
    shown_rows = _shown_rows(db, shown, device_id)
    voice = _Voice(db, spoken, device_id)
    _keep_shown(db, change, shown, shown_rows, device_id)
    for report in spoken:
        voice.keep(db, change, report)


def _shown_rows(
    db: Connection, shown: Sequence[ShownCall], device_id: int
) -> dict[int, Any]:
    """Return the reported calls by their ids; each was sent to the device."""
    if not shown:
        return {}
    zones = set(db.execute(_ZONES, {"device_id": device_id}).scalars())
    ids = {report.call_id for report in shown}
    calls = {row.id: row for row in db.execute(_CALLS, {"ids": sorted(ids)})}
    for id_ in ids:
        row = calls.get(id_)
        if row is None or zones.isdisjoint((row.zone_id, row.present_zone_id)):
            raise NotFound
    return calls


def _keep_shown(
    db: Connection,
    change: Change,
    shown: Sequence[ShownCall],
    calls: dict[int, Any],
    device_id: int,
) -> None:
    if not shown:
        return
    kept = {tuple(row) for row in db.execute(_SHOWN, {"ids": sorted(calls)})}
    for call_id, at in shown:
        call = calls[call_id]
        if (call_id, device_id) in kept:
            continue
        if not any(of_call == call_id for of_call, _ in kept) and call.counter_id:
            # only the first display changes what the console says
            change.touch(facts.counter(call.counter_id))
        kept.add((call_id, device_id))
        moment = min(max(at, call.at), change.now)
        row = {"call_id": call_id, "device_id": device_id, "at": moment}
        write_row(db, _ADD_SHOWN, row)


class _Voice:
    """A device's reports of what it spoke, held against who speaks where."""

    def __init__(
        self, db: Connection, spoken: Sequence[SpokenAnnouncement], device_id: int
    ) -> None:
        """Read what is needed; raises ``NotFound``."""
        self._device_id = device_id
        ids = sorted({report.announcement_id for report in spoken})
        if not ids:
            return
        params = {"ids": ids, "device_id": device_id}
        self._begun = set(db.execute(_SPOKEN, params).scalars())
        found = db.execute(_ANNOUNCEMENTS, {"ids": ids})
        self._announcements = {row.id: row for row in found}
        spaces = map(SpaceVoice._make, db.execute(_SPACES))
        self._spaces = {space.id: space for space in spaces}
        members = _members(db)
        for id_ in ids:
            self._require_spoken_here(id_, members)

    def _require_spoken_here(self, id_: int, members: dict[int, SpaceMembers]) -> None:
        announcement = self._announcements.get(id_)
        if announcement is None:
            raise NotFound
        # who was replaced meanwhile may still say how it ended
        if id_ in self._begun:
            return
        space = self._spaces[announcement.sound_space_id]
        displays = members[space.id].display_ids if space.id in members else []
        if speaker_of(space, displays) != self._device_id:
            raise NotFound

    def keep(self, db: Connection, change: Change, report: SpokenAnnouncement) -> None:
        id_, begins_at, ends_at = report
        announcement = self._announcements[id_]
        begins_at = min(max(begins_at, announcement.said_at), change.now)
        if ends_at is not None:
            ends_at = min(max(ends_at, begins_at), change.now)
        if id_ not in self._begun:
            key = {"announcement_id": id_, "device_id": self._device_id}
            moments = {"begins_at": begins_at, "ends_at": ends_at}
            write_row(db, _ADD_SPOKEN, {**key, **moments})
            self._begun.add(id_)
        elif ends_at is None:
            return
        else:
            key = {"of_id": id_, "of_device_id": self._device_id}
            db.execute(_END_SPOKEN, {**key, "begins_at": begins_at, "ends_at": ends_at})
        self._set_voice(db, change, announcement, begins_at, ends_at)
        change.touch(
            facts.counter(announcement.counter_id),
            facts.sound_space(announcement.sound_space_id),
        )

    def _set_voice(
        self,
        db: Connection,
        change: Change,
        announcement: Any,
        begins_at: datetime,
        ends_at: datetime | None,
    ) -> None:
        space = self._spaces[announcement.sound_space_id]
        last, id_ = space.last_announcement_id or 0, announcement.id
        spoken_id, since = (id_, begins_at) if ends_at is None else (None, None)
        if ends_at is not None:
            last = max(last, id_)
            db.execute(_EXPIRE, {"of_id": id_, "now": change.now})
        elif id_ <= last:
            return
        values = {"spoken_id": spoken_id, "since": since, "last_id": last}
        at = ends_at or begins_at
        db.execute(_SET_VOICE, {"of_id": space.id, "at": at, **values})
        self._spaces[space.id] = space._replace(
            announcement_id=spoken_id, last_announcement_id=last
        )


def _members(db: Connection) -> dict[int, SpaceMembers]:
    known = known_rows(db, "zone", "display_zone", "device")
    if not known:
        known.update(read_members(db))
    return known
