"""The announcements that go with a snapshot."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import Connection, bindparam, func, select

from app.queueing.rows import announcement

MAX_ANNOUNCEMENTS = 100


class AnnouncementView(BaseModel):
    """One chime-and-voice event; ``audio_url`` is None while there is no voice."""

    id: int
    call_id: int
    zone_id: int
    text: str
    audio_url: str | None
    expires_at: datetime


_OF_ZONES = (
    select(
        announcement.c.id,
        announcement.c.call_id,
        announcement.c.zone_id,
        announcement.c.text,
        announcement.c.expires_at,
    )
    .where(announcement.c.zone_id.in_(bindparam("zones", expanding=True)))
    .order_by(announcement.c.id.desc())
    .limit(MAX_ANNOUNCEMENTS)
)
# apart: as one "or" it would read every announcement ever made
_UNEXPIRED = _OF_ZONES.where(announcement.c.expires_at > bindparam("now"))
_SINCE = _OF_ZONES.where(announcement.c.id > bindparam("since"))
_NEWEST = select(func.max(announcement.c.id)).where(
    announcement.c.zone_id.in_(bindparam("zones", expanding=True))
)


def recent_announcements(
    db: Connection, zones: Iterable[int], *, now: datetime, since: int | None
) -> list[AnnouncementView]:
    """Return what is not yet expired, and all after ``since``; oldest first."""
    params = {"zones": list(zones), "now": now, "since": since}
    if not params["zones"]:
        return []
    rows_by_id = {row.id: row for row in db.execute(_UNEXPIRED, params)}
    if since is not None:
        rows_by_id |= {row.id: row for row in db.execute(_SINCE, params)}
    return [
        AnnouncementView(
            id=row.id,
            call_id=row.call_id,
            zone_id=row.zone_id,
            text=row.text,
            audio_url=None,
            expires_at=row.expires_at,
        )
        for _, row in sorted(rows_by_id.items())[-MAX_ANNOUNCEMENTS:]
    ]


def newest_announcement(db: Connection, zones: Iterable[int]) -> int:
    """Return the id of the newest announcement, or 0."""
    zone_ids = list(zones)
    if not zone_ids:
        return 0
    return int(db.execute(_NEWEST, {"zones": zone_ids}).scalar() or 0)
