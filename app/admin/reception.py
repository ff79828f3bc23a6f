"""What reception's pages show: services with where to wait, and the spare rolls."""

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from pydantic import BaseModel
from sqlalchemy import Connection, select

from app.errors import NotFound
from app.models import Role
from app.models.states import NOT_ENDED
from app.queueing import rows
from app.queueing.line.numbering import number_text
from app.queueing.views.agencies import agency_views
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


_ZONES = (
    select(rows.counter_service.c.service_id, rows.zone.c.name)
    .distinct()
    .select_from(
        rows.counter_service.join(
            rows.counter, rows.counter.c.id == rows.counter_service.c.counter_id
        ).join(rows.zone, rows.zone.c.id == rows.counter.c.zone_id)
    )
    .order_by(rows.zone.c.name)
)
_ROLLS = (
    select(
        rows.series.c.id,
        rows.series.c.prefix,
        rows.series.c.spare_from,
        rows.series.c.spare_to,
    )
    .where(rows.series.c.spare_from.is_not(None))
    .order_by(rows.series.c.prefix)
)
_SERVICES = (
    select(
        rows.service.c.series_id,
        rows.service.c.id,
        rows.agency.c.name.label("agency"),
        rows.agency.c.name_en.label("agency_en"),
        rows.service.c.name,
        rows.service.c.name_en,
    )
    .select_from(rows.service.join(rows.agency))
    .order_by(rows.service.c.position, rows.service.c.id)
)


def desk_services(
    db: Connection, *, now: datetime, language: Language
) -> list[DeskServiceView]:
    """Return every service, open or why not for reception, and where to wait."""
    zones: dict[int, list[str]] = defaultdict(list)
    for service_id, zone in db.execute(_ZONES):
        zones[service_id].append(zone)
    return [
        DeskServiceView(
            id=service.id,
            agency=agency.short_name,
            name=_localized(language, service.name, service.name_en),
            waiting=service.waiting,
            closed=None if service.open else _closed_text(service.reason, language),
            zones=zones[service.id],
        )
        for agency in agency_views(db, now, Role.RECEPTION)
        for service in agency.services
    ]


def spare_rolls(db: Connection) -> list[SpareRoll]:
    """Return every spare roll, by prefix."""
    services: dict[int, list[RollService]] = defaultdict(list)
    for row in db.execute(_SERVICES):
        services[row.series_id].append(RollService(*row[1:]))
    return [SpareRoll(*row, services[row.id]) for row in db.execute(_ROLLS)]


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
