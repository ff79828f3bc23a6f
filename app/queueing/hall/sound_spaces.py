"""Sound spaces as they stand: who speaks, what is spoken, until when it is quiet.

One announcement queue each: what has an id up to ``last_announcement_id`` was spoken
or left out, whichever device takes over (hall.md#one-queue).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from pydantic import BaseModel
from sqlalchemy import Connection, select

from app.models.states import DeviceKind, EntryState, HoursKind
from app.queueing import rows
from app.queueing.rows import active_and
from app.queueing.site.decisions import decisions_of
from app.queueing.site.hours import SITE, Hours

LONGEST_SPEECH = timedelta(seconds=30)
"""A device that has not ended by then will not say that it has."""


class SpeakingView(BaseModel):
    """What is spoken now; ``text`` is its caption."""

    announcement_id: int
    call_id: int
    text: str


class SoundSpaceView(BaseModel):
    """A sound space; ``speaker_device_id`` is None where no display shows its zones.

    Until ``quiet_until`` nothing is spoken. ``last_announcement_id`` is the newest that
    was spoken: whoever takes over begins behind it. ``call_ids`` are all calls that
    stand in it, those too that a display of one of its zones does not show.
    """

    id: int
    name: str
    zone_ids: list[int]
    call_ids: list[int]
    speaker_device_id: int | None
    quiet_until: datetime | None
    speaking: SpeakingView | None
    last_announcement_id: int


class SpaceMembers(NamedTuple):
    """The zones of a sound space, and the displays that show one of them.

    Those that show all of its zones come first: who listens there sees the call too.
    """

    zone_ids: list[int]
    display_ids: list[int]
    covering_ids: frozenset[int] = frozenset()


_columns = rows.sound_space.c
_SPACES = (
    select(
        _columns.id,
        _columns.name,
        _columns.preferred_speaker_id,
        _columns.speaker_id,
        _columns.announcement_id,
        _columns.announcement_since,
        _columns.last_announcement_id,
        _columns.voice_at,
        _columns.quiet_until,
        rows.announcement.c.call_id,
        rows.announcement.c.text,
    )
    .select_from(
        rows.sound_space.outerjoin(
            rows.announcement, rows.announcement.c.id == _columns.announcement_id
        )
    )
    .where(_columns.is_retired.is_(False))
    .order_by(_columns.id)
)
_CALLS = (
    select(rows.entry.c.call_id, rows.zone.c.sound_space_id)
    .select_from(
        rows.entry.join(
            rows.counter, rows.counter.c.id == rows.entry.c.counter_id
        ).join(rows.zone, rows.zone.c.id == rows.counter.c.zone_id)
    )
    .where(active_and(rows.entry.c.state, EntryState.CALLED))
)
_ZONES = (
    select(rows.zone.c.id, rows.zone.c.sound_space_id)
    .where(rows.zone.c.is_retired.is_(False), rows.zone.c.is_practice.is_(False))
    .order_by(rows.zone.c.id)
)
_DISPLAYS = (
    select(rows.display_zone.c.zone_id, rows.device.c.id)
    .select_from(rows.display_zone.join(rows.device))
    .where(
        rows.device.c.kind == DeviceKind.DISPLAY, rows.device.c.is_retired.is_(False)
    )
    .order_by(rows.device.c.id)
)


class SoundSpaces:
    """All sound spaces at one moment, read once for whoever shows some of them."""

    def __init__(self, db: Connection, now: datetime) -> None:
        """Read them in the transaction of ``db``."""
        self._now = now
        decisions = decisions_of(db)
        self.members = decisions.read(db, read_members)
        self.timetable = quiet_by_timetable(decisions.rules.hours, now)
        self.rows = {row.id: row for row in db.execute(_SPACES)}
        self._call_ids: defaultdict[int, list[int]] = defaultdict(list)
        for call_id, space_id in db.execute(_CALLS):
            self._call_ids[space_id].append(call_id)

    def views(self, zones: Iterable[int] | None = None) -> list[SoundSpaceView]:
        """Return the spaces of some zones, or all."""
        wanted = None if zones is None else frozenset(zones)
        return [
            self._view(row, self.members_of(id_))
            for id_, row in self.rows.items()
            if wanted is None or not wanted.isdisjoint(self.members_of(id_).zone_ids)
        ]

    def members_of(self, space_id: int) -> SpaceMembers:
        """Return a space's zones and displays."""
        return self.members.get(space_id, _NOBODY)

    def speaker_of(self, space_id: int) -> int | None:
        """Return the device that speaks in a space."""
        return speaker_of(self.rows[space_id], self.members_of(space_id).display_ids)

    def is_speaking(self, space_id: int) -> bool:
        """Tell whether something is spoken in a space, as far as is known."""
        return _is_speaking(self.rows[space_id], self._now)

    def quiet_until(self, space_id: int) -> datetime | None:
        """Return until when it is quiet in a space; None: it is not."""
        moments = [self.timetable, self.rows[space_id].quiet_until]
        return max(
            (m for m in moments if m is not None and m > self._now), default=None
        )

    def next_change(self) -> datetime | None:
        """Return when the clock next changes something of them, hours apart."""
        moments = [row.quiet_until for row in self.rows.values()]
        moments += [
            row.announcement_since + LONGEST_SPEECH
            for row in self.rows.values()
            if row.announcement_since is not None
        ]
        coming = (m for m in moments if m is not None and m > self._now)
        return min(coming, default=None)

    def _view(self, row: Any, members: SpaceMembers) -> SoundSpaceView:
        speaking = None
        if _is_speaking(row, self._now) and row.call_id is not None:
            speaking = SpeakingView(
                announcement_id=row.announcement_id, call_id=row.call_id, text=row.text
            )
        return SoundSpaceView(
            id=row.id,
            name=row.name,
            zone_ids=members.zone_ids,
            call_ids=sorted(self._call_ids[row.id]),
            speaker_device_id=speaker_of(row, members.display_ids),
            quiet_until=self.quiet_until(row.id),
            speaking=speaking,
            last_announcement_id=row.last_announcement_id or 0,
        )


_NOBODY = SpaceMembers([], [])


def speaker_of(row: Any, display_ids: list[int]) -> int | None:
    """Return who speaks: whoever was chosen, else the file's, else the first display.

    So a mall that has just started has one before anybody has come.
    """
    if row.speaker_id in display_ids:
        return int(row.speaker_id)
    if row.preferred_speaker_id in display_ids:
        return int(row.preferred_speaker_id)
    return display_ids[0] if display_ids else None


def read_members(db: Connection) -> Mapping[int, SpaceMembers]:
    """Return the zones and displays of each space, by its id."""
    space_of = {row.id: row.sound_space_id for row in db.execute(_ZONES)}
    zone_ids: defaultdict[int, list[int]] = defaultdict(list)
    for zone_id, space_id in space_of.items():
        zone_ids[space_id].append(zone_id)
    shown: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for zone_id, display_id in db.execute(_DISPLAYS):
        if zone_id in space_of:
            shown[space_of[zone_id]][display_id] += 1
    return {
        space_id: _members(zones, shown[space_id])
        for space_id, zones in zone_ids.items()
    }


def _members(zone_ids: list[int], shown: Mapping[int, int]) -> SpaceMembers:
    covering = frozenset(id_ for id_, zones in shown.items() if zones == len(zone_ids))
    display_ids = sorted(shown, key=lambda id_: (id_ not in covering, id_))
    return SpaceMembers(zone_ids, display_ids, covering)


def quiet_by_timetable(hours: Hours, at: datetime) -> datetime | None:
    """Return until when the site's own hours ask for quiet; None: they do not."""
    if hours.is_always_open:
        return None
    period = hours.period_at(SITE, HoursKind.QUIET, at)
    return None if period is None else period.on(hours.day_of(at), hours.zone).end


def _is_speaking(row: Any, now: datetime) -> bool:
    since = row.announcement_since
    return since is not None and now < since + LONGEST_SPEECH
