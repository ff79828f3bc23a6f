"""The mall as a whole, as anyone may know it."""

from datetime import date, datetime

from pydantic import BaseModel
from sqlalchemy import Connection

from app.queueing.service_day import ledger_row
from app.queueing.site.decisions import decisions_of
from app.queueing.site.policy import Policy


class SiteView(BaseModel):
    """The mall, as anyone may know it."""

    name: str
    timezone: str
    languages: list[str]
    service_day: date
    now: datetime
    policy: Policy
    is_sample: bool


def site_view(db: Connection, now: datetime) -> SiteView:
    """Return the mall, its service day and policy."""
    rules = decisions_of(db).rules
    site = rules.site
    return SiteView(
        name=site.name,
        timezone=site.timezone,
        languages=site.languages,
        service_day=ledger_row(db).service_day,
        now=now,
        policy=rules.policy,
        is_sample=site.is_sample,
    )
