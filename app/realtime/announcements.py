"""The announcements that go with a snapshot."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import Connection, bindparam, func, select

from app.queueing.rows import announcement

MOST = 100


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
    .limit(MOST)
)
# apart: as one "or" it would read all that was ever said
_UNEXPIRED = _OF_ZONES.where(announcement.c.expires_at > bindparam("now"))
_SINCE = _OF_ZONES.where(announcement.c.id > bindparam("since"))
_NEWEST = select(func.max(announcement.c.id)).where(
    announcement.c.zone_id.in_(bindparam("zones", expanding=True))
)


def recent_announcements(
    db: Connection, zones: Iterable[int], *, now: datetime, since: int | None
) -> list[AnnouncementView]:
    """Return what is not yet expired, and all after ``since``; oldest first."""
    asked = {"zones": list(zones), "now": now, "since": since}
    if not asked["zones"]:
        return []
    found = {row.id: row for row in db.execute(_UNEXPIRED, asked)}
    if since is not None:
        found |= {row.id: row for row in db.execute(_SINCE, asked)}
    return [
        AnnouncementView(
            id=row.id,
            call_id=row.call_id,
            zone_id=row.zone_id,
            text=row.text,
            audio_url=None,
            expires_at=row.expires_at,
        )
        for _, row in sorted(found.items())[-MOST:]
    ]


def newest_announcement(db: Connection, zones: Iterable[int]) -> int:
    """Return the id of the newest announcement, or 0."""
    asked = list(zones)
    if not asked:
        return 0
    return int(db.execute(_NEWEST, {"zones": asked}).scalar() or 0)
