"""What reception's pages show: services with where to wait, and the spare rolls."""

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from pydantic import BaseModel
from sqlalchemy import Connection
from sqlmodel import col, select

from app.errors import NotFound
from app.models import (
    Agency,
    Role,
    Series,
    Service,
)
from app.models.states import NOT_ENDED
from app.queueing.line.numbering import number_text
from app.queueing.site.decisions import decisions_of
from app.queueing.views.agencies import agency_views
from app.queueing.views.visit import read_zones
from app.web.button_states import state_words, states_of
from app.web.i18n import Language
from app.web.problems import problem_text

BUTTON_STATES = {
    **{
        name: states_of(name)
        for name in ("requeue", "transfer", "set_priority", "cancel", "undo")
    },
    "reprint": state_words(NOT_ENDED),
}
"""Command → the states of an entry in which the desk's button for it may be pressed."""


class DeskServiceView(BaseModel):
    """A service as reception offers it; ``closed`` says why it gives no numbers."""

    id: int
    agency: str
    name: str
    waiting: int
    closed: str | None
    zones: list[str]


class RollService(NamedTuple):
    """A service that may be booked in with a number of a roll."""

    id: int
    agency: str
    agency_en: str
    name: str
    name_en: str


class SpareRoll(NamedTuple):
    """The numbers of a series that are kept back, and whose they are."""

    series_id: int
    prefix: str
    first: int
    last: int
    services: list[RollService]

    @property
    def numbers(self) -> list[str]:
        """Return every number of the roll as it stands on its slip."""
        return [number_text(self.prefix, n) for n in range(self.first, self.last + 1)]

    @property
    def agency(self) -> tuple[str, str]:
        """Return whose it is, in both languages; ``("", "")`` if it is shared."""
        agencies = {(s.agency, s.agency_en) for s in self.services}
        return agencies.pop() if len(agencies) == 1 else ("", "")


_ROLLS = (
    select(Series.id, Series.prefix, Series.spare_from, Series.spare_to)
    .where(col(Series.spare_from).is_not(None))
    .order_by(Series.prefix)
)
_SERVICES = (
    select(Service.series_id, Service.id, Service.name, Service.name_en)
    .add_columns(
        col(Agency.name).label("agency"), col(Agency.name_en).label("agency_en")
    )
    .join(Agency)
    .where(col(Service.is_retired).is_(False))
    .order_by(col(Service.position), col(Service.id))
)


def desk_services(
    db: Connection, *, now: datetime, language: Language
) -> list[DeskServiceView]:
    """Return every service, open or why not for reception, and where to wait."""
    zones = decisions_of(db).read(db, read_zones)
    return [
        DeskServiceView(
            id=service.id,
            agency=agency.short_name,
            name=_localized(language, service.name, service.name_en),
            waiting=service.waiting,
            closed=None if service.open else _closed_text(service.reason, language),
            zones=[
                zone.in_language(language).text for zone in zones.get(service.id, [])
            ],
        )
        for agency in agency_views(db, now, Role.RECEPTION)
        for service in agency.services
    ]


def spare_rolls(db: Connection) -> list[SpareRoll]:
    """Return every spare roll, by prefix."""
    services: dict[int, list[RollService]] = defaultdict(list)
    for row in db.execute(_SERVICES):
        service = RollService(row.id, row.agency, row.agency_en, row.name, row.name_en)
        services[row.series_id].append(service)
    return [
        SpareRoll(row.id, row.prefix, row.spare_from, row.spare_to, services[row.id])
        for row in db.execute(_ROLLS)
    ]


def spare_roll(db: Connection, series_id: int) -> SpareRoll:
    """Return one series' spare roll; ``NotFound`` when it has none."""
    for roll in spare_rolls(db):
        if roll.series_id == series_id:
            return roll
    raise NotFound


def _closed_text(reason: str | None, language: Language) -> str:
    return problem_text(reason or "by-hand", language).title


def _localized(language: Language, name: str, name_en: str) -> str:
    return (language == "en" and name_en) or name
