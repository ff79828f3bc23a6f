"""Quiet by hand: an anthem, a prayer, a speech. Calls are shown and not spoken.

By timetable it is a kind of hours; both end by themselves (hall.md#held).
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, select, update

from app.errors import NotFound
from app.queueing import facts, rows
from app.queueing.change import Change
from app.queueing.hall.held import announce_held

_space = rows.sound_space.c
_SPACE = select(_space.id, _space.quiet_since, _space.quiet_until).where(
    _space.id == bindparam("space_id"), _space.is_retired.is_(False)
)
_OVER = select(_space.id, _space.quiet_since).where(
    _space.quiet_until <= bindparam("now")
)
_SET_QUIET = (
    update(rows.sound_space)
    .where(_space.id == bindparam("of_id"))
    .values(quiet_since=bindparam("since"), quiet_until=bindparam("until"))
)


def begin_quiet(
    db: Connection, change: Change, *, space_id: int, minutes: int
) -> datetime:
    """Have nothing spoken in a sound space for so many minutes from now.

    Returns until when; what is quiet already ends at the new moment. Raises
    ``NotFound``.
    """
    row = db.execute(_SPACE, {"space_id": space_id}).first()
    if row is None:
        raise NotFound
    until = change.now + timedelta(minutes=minutes)
    is_on = row.quiet_until is not None and row.quiet_until > change.now
    since = row.quiet_since if is_on else change.now
    db.execute(_SET_QUIET, {"of_id": space_id, "since": since, "until": until})
    change.touch(facts.QUIET)
    return until


def end_quiet(db: Connection, change: Change, *, space_id: int) -> None:
    """Let a sound space be spoken in again; who is still called is spoken now.

    Nothing happens where nobody wanted quiet. Raises ``NotFound``.
    """
    row = db.execute(_SPACE, {"space_id": space_id}).first()
    if row is None:
        raise NotFound
    if row.quiet_until is not None:
        _end(db, change, space_id, row.quiet_since)


def is_any_quiet_over(db: Connection, now: datetime) -> bool:
    """Tell whether ``end_quiets`` has anything to do (reads only)."""
    return db.execute(_OVER, {"now": now}).first() is not None


def end_quiets(db: Connection, change: Change) -> None:
    """End whatever quiet by hand is over by the clock."""
    for space_id, since in db.execute(_OVER, {"now": change.now}).all():
        _end(db, change, space_id, since)


def _end(db: Connection, change: Change, space_id: int, since: datetime | None) -> None:
    db.execute(_SET_QUIET, {"of_id": space_id, "since": None, "until": None})
    change.touch(facts.QUIET)
    # the rules that this command was handed still say that it is quiet
    remaining = {k: v for k, v in change.rules.quiet_until.items() if k != space_id}
    change.rules = change.rules._replace(quiet_until=remaining)
    announce_held(db, change, lost_since=since, space_id=space_id)
