"""The mall: site, agencies, services, series, zones, counters, hours, closures."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.states import CounterState, one_of


class Site(SQLModel, table=True):
    """The mall itself: one row."""

    __table_args__ = (CheckConstraint("id = 1", name="only_one_site"),)

    id: int = Field(default=1, primary_key=True)
    name: str
    timezone: str
    languages: list[str] = Field(sa_column=Column(JSON, nullable=False))
    public_url: str
    is_sample: bool = False
    always_open: bool = False
    policy: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class Agency(SQLModel, table=True):
    """An organisation with counters in the mall (instansi)."""

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    name: str
    name_en: str
    short_name: str
    symbol: str
    position: int


class Series(SQLModel, table=True):
    """A prefix and the number last drawn on ``day``; restarts each service day."""

    __table_args__ = (CheckConstraint("last_number >= 0", name="numbers_rise"),)

    id: int | None = Field(default=None, primary_key=True)
    prefix: str = Field(unique=True)
    day: date | None = None
    last_number: int = 0


class Service(SQLModel, table=True):
    """What a visitor comes for (layanan)."""

    __table_args__ = (UniqueConstraint("agency_id", "code"),)

    id: int | None = Field(default=None, primary_key=True)
    agency_id: int = Field(foreign_key="agency.id", index=True)
    series_id: int = Field(foreign_key="series.id")
    code: str
    name: str
    name_en: str
    typical_minutes: int
    standard_minutes: int | None = None
    fee: str | None = None
    documents: list[str] | None = Field(default=None, sa_column=Column(JSON))
    position: int


class SoundSpace(SQLModel, table=True):
    """Zones within earshot of each other: one announcement queue."""

    __tablename__ = "sound_space"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    name: str


class Zone(SQLModel, table=True):
    """A part of the hall: its counters and displays."""

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    name: str
    sound_space_id: int = Field(foreign_key="sound_space.id")


class Counter(SQLModel, table=True):
    """A place where one officer serves (loket).

    ``last_call_id`` is the event of this counter's newest call: an entry that
    was returned here after it is passed over once.
    """

    __table_args__ = (one_of("state", CounterState),)

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    name: str
    zone_id: int = Field(foreign_key="zone.id", index=True)
    state: str = CounterState.CLOSED
    holder_id: int | None = Field(default=None, foreign_key="staff.id")
    opened_at: datetime | None = None
    paused_reason: str | None = None
    last_call_id: int | None = None


class CounterService(SQLModel, table=True):
    """A counter serves a service; a preference is a head start in seconds."""

    __tablename__ = "counter_service"

    counter_id: int = Field(foreign_key="counter.id", primary_key=True)
    service_id: int = Field(foreign_key="service.id", primary_key=True, index=True)
    head_start_seconds: int = 0


class OpeningHours(SQLModel, table=True):
    """When numbers are given on a weekday (0 = Monday), as site-local ``HH:MM``.

    Of the site when neither agency nor service is named.
    """

    __tablename__ = "opening_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_known"),
        CheckConstraint("opens < closes", name="opens_before_it_closes"),
    )

    id: int | None = Field(default=None, primary_key=True)
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    service_id: int | None = Field(default=None, foreign_key="service.id")
    weekday: int
    opens: str
    closes: str


class Closure(SQLModel, table=True):
    """Closed by hand from a moment until another, or until it is lifted.

    ``reason`` is an availability code (design §5). Closing stops issuing and
    drops nobody.
    """

    id: int | None = Field(default=None, primary_key=True)
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    service_id: int | None = Field(default=None, foreign_key="service.id")
    reason: str
    note: str | None = None
    since: datetime
    until: datetime | None = None
    lifted_at: datetime | None = None
    closed_by_id: int | None = Field(default=None, foreign_key="staff.id")
