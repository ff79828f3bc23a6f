"""Which device speaks in a sound space, and who takes over when it cannot.

The device that the import file names, if it is there and may make sound; else one that
shows all zones of the space: whoever speaks already, or came first; else any
(hall.md#who-speaks).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from app.models import EntryState
from app.queueing import facts, rows
from app.queueing.change import Change
from app.queueing.hall.sound_spaces import SoundSpaces
from app.queueing.rows import active_and

_SET_SPEAKER = (
    update(rows.sound_space)
    .where(rows.sound_space.c.id == bindparam("of_id"))
    .values(
        speaker_id=bindparam("device_id"), announcement_id=None, announcement_since=None
    )
)
_UNSPOKEN = (
    select(rows.announcement.c.sound_space_id, rows.announcement.c.id)
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
)


class Speaker(NamedTuple):
    """Who speaks in a space, who else could, and whether a call waits for its voice.

    ``is_speaking``: nobody takes over in the middle of an announcement.
    """

    space_id: int
    device_id: int | None
    preferred_id: int | None
    display_ids: Sequence[int]
    is_speaking: bool
    is_waiting: bool
    covering_ids: frozenset[int] = frozenset()


def read_speakers(db: Connection, now: datetime) -> list[Speaker]:
    """Return who speaks in each space, as it stands at a moment."""
    spaces = SoundSpaces(db, now)
    waiting = _waiting(db, spaces, now)
    return [
        Speaker(
            space_id=id_,
            device_id=spaces.speaker_of(id_),
            preferred_id=row.preferred_speaker_id,
            display_ids=spaces.members_of(id_).display_ids,
            is_speaking=spaces.is_speaking(id_),
            is_waiting=id_ in waiting,
            covering_ids=spaces.members_of(id_).covering_ids,
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
    best = [each for each in candidates if each in speaker.covering_ids] or candidates
    return present if present in best else best[0]


def set_speakers(
    db: Connection, change: Change, *, speakers: Mapping[int, int]
) -> None:
    """Let these devices speak in these spaces, from what was not spoken to its end."""
    for space_id, device_id in speakers.items():
        db.execute(_SET_SPEAKER, {"of_id": space_id, "device_id": device_id})
        change.touch(facts.sound_space(space_id))


def _waiting(db: Connection, spaces: SoundSpaces, now: datetime) -> set[int]:
    """Return the spaces where nothing is spoken although something could be."""
    waiting = set[int]()
    for space_id, id_ in db.execute(_UNSPOKEN, {"now": now}):
        row = spaces.rows.get(space_id)
        if row is None or spaces.is_speaking(space_id) or spaces.quiet_until(space_id):
            continue
        if id_ > (row.last_announcement_id or 0):
            waiting.add(space_id)
    return waiting
