"""Which device speaks in a sound space, and who takes over when it cannot.

The device that the import file names, if it is there and may make sound; else whoever
speaks already, else the display that came first (hall.md#who-speaks).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from app.models import EntryState
from app.queueing import facts, rows
from app.queueing.change import Change
from app.queueing.hall.sound_spaces import SoundSpaces
from app.queueing.rows import active_and

SILENT_AFTER = timedelta(seconds=3)
"""For so long a device may leave lie what it could speak."""

_SET_SPEAKER = (
    update(rows.sound_space)
    .where(rows.sound_space.c.id == bindparam("of_id"))
    .values(
        speaker_id=bindparam("device_id"), announcement_id=None, announcement_since=None
    )
)
_UNSPOKEN = (
    select(
        rows.announcement.c.sound_space_id,
        rows.announcement.c.id,
        rows.announcement.c.said_at,
    )
    .select_from(
        rows.entry.join(
            rows.announcement, rows.announcement.c.entry_id == rows.entry.c.id
        )
    )
    .where(
        active_and(rows.entry.c.state, EntryState.CALLED),
        rows.announcement.c.call_id == rows.entry.c.call_id,
        rows.announcement.c.expires_at > bindparam("now"),
    )
    # sorted here, it would walk through all announcements in the order of their ids
)


class Speaker(NamedTuple):
    """Who speaks in a space, who else could, and whether it lets calls lie.

    ``is_speaking``: nobody takes over in the middle of an announcement.
    """

    space_id: int
    device_id: int | None
    preferred_id: int | None
    display_ids: Sequence[int]
    is_speaking: bool
    is_silent: bool


def read_speakers(db: Connection, now: datetime) -> list[Speaker]:
    """Return who speaks in each space, as it stands at a moment."""
    spaces = SoundSpaces(db, now)
    waiting = _oldest_waiting(db, spaces, now)
    return [
        Speaker(
            space_id=id_,
            device_id=spaces.speaker_of(id_),
            preferred_id=row.preferred_speaker_id,
            display_ids=spaces.members_of(id_).display_ids,
            is_speaking=spaces.is_speaking(id_),
            is_silent=id_ in waiting and waiting[id_] + SILENT_AFTER <= now,
        )
        for id_, row in spaces.rows.items()
    ]


def chosen_speaker(speaker: Speaker, able: Sequence[int]) -> int | None:
    """Return who speaks from now on; ``able``: who is there and can, as they came.

    Where nobody can, all stays as it is.
    """
    candidates = [each for each in able if each in speaker.display_ids]
    present = speaker.device_id
    if not candidates or (present in candidates and speaker.is_speaking):
        return present
    if speaker.preferred_id in candidates:
        return speaker.preferred_id
    return present if present in candidates else candidates[0]


def set_speakers(
    db: Connection, change: Change, *, speakers: Mapping[int, int]
) -> None:
    """Let these devices speak in these spaces, from what was not spoken to its end."""
    for space_id, device_id in speakers.items():
        db.execute(_SET_SPEAKER, {"of_id": space_id, "device_id": device_id})
        change.touch(facts.sound_space(space_id))


def _oldest_waiting(
    db: Connection, spaces: SoundSpaces, now: datetime
) -> dict[int, datetime]:
    """Return since when each idle, not quiet space lets an announcement lie."""
    waiting: dict[int, datetime] = {}
    unspoken = db.execute(_UNSPOKEN, {"now": now}).all()
    for space_id, id_, at in sorted(unspoken, key=lambda each: each.id):
        row = spaces.rows.get(space_id)
        if row is None or spaces.is_speaking(space_id) or spaces.quiet_until(space_id):
            continue
        if id_ > (row.last_announcement_id or 0):
            since = at if row.voice_at is None else max(at, row.voice_at)
            waiting.setdefault(space_id, since)
    return waiting
