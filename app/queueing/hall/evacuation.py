"""Evacuation: the hall says it, calling and issuing stop; it ends where it stopped.

It is stored with the site, and so with its rules: a restart ends nothing, and to ask
costs no statement.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, update

from app.errors import Evacuation
from app.queueing import facts, rows
from app.queueing.change import Change
from app.queueing.site.site_row import SiteRow

# the hall's language and English beside it, as it is spoken: no text of a page
INSTRUCTION = (
    "Harap tinggalkan gedung sekarang melalui pintu keluar terdekat. "
    "Please leave the building now by the nearest exit."
)


class EvacuationRow(NamedTuple):
    """Since when the building is being left, and what the screens say."""

    since: datetime
    text: str


def evacuation_of(site: SiteRow) -> EvacuationRow | None:
    """Return the evacuation under way, or None."""
    if site.evacuation_since is None:
        return None
    return EvacuationRow(site.evacuation_since, site.evacuation_text or INSTRUCTION)


def require_no_evacuation(change: Change) -> None:
    """Refuse whatever would bring anybody to a counter: ``Evacuation``."""
    if change.rules.site.evacuation_since is not None:
        raise Evacuation


def begin_evacuation(
    db: Connection, change: Change, *, text: str | None = None
) -> EvacuationRow:
    """Stop calling and issuing; a repeat may change the text, not the moment."""
    site = change.rules.site
    since = site.evacuation_since or change.now
    text = text or site.evacuation_text
    _write(db, change, since, text)
    return EvacuationRow(since, text or INSTRUCTION)


def end_evacuation(db: Connection, change: Change) -> None:
    """Go on where it stopped; nothing happens where there is none."""
    if change.rules.site.evacuation_since is not None:
        _write(db, change, None, None)


def _write(
    db: Connection, change: Change, since: datetime | None, text: str | None
) -> None:
    values = {"evacuation_since": since, "evacuation_text": text}
    db.execute(update(rows.site).values(values))
    change.touch(facts.CLOSURES, facts.COUNTERS)
