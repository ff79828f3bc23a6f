"""The site's own row, and what of it the rules need at every step."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from app.queueing import rows
from app.queueing.site.policy import Policy


class SiteRow(NamedTuple):
    """The site as its row says."""

    name: str
    timezone: str
    languages: list[str]
    public_url: str
    is_sample: bool
    always_open: bool
    policy: dict[str, object]
    evacuation_since: datetime | None
    evacuation_text: str | None

    @property
    def zone(self) -> ZoneInfo:
        """Return the site's time zone."""
        return ZoneInfo(self.timezone)

    def rules(self) -> Policy:
        """Return the site's policy, read and checked."""
        return Policy.model_validate(self.policy)


_SITE = select(*(rows.site.c[name] for name in SiteRow._fields))


def site_row(db: Connection) -> SiteRow:
    """Return the site's row."""
    return SiteRow._make(db.execute(_SITE).one())
