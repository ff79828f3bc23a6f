"""The mall: site, agencies, services, series, zones, counters, hours, closures."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, UniqueConstraint, false
from sqlmodel import Field, SQLModel

from app.models.states import CounterState, HoursKind, one_of

MAX_QUERY_WORDS = 8
"""Of a query, and so of an alias: of more words a search reads no more."""


class Site(SQLModel, table=True):
    """The mall itself: one row.

    From ``evacuation_since`` until it is null again nobody is called and no number is
    given; ``evacuation_text`` is what the screens say then.
    """

    # one mall a database: no query says of which row
    __table_args__ = (CheckConstraint("id = 1", name="only_one_site"),)

    id: int = Field(default=1, primary_key=True)
    name: str
    timezone: str
    languages: list[str] = Field(sa_column=Column(JSON, nullable=False))
    public_url: str
    is_sample: bool = False
    always_open: bool = False
    # as JSON: a new figure needs no migration; app.queueing.site.policy checks it
    policy: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    evacuation_since: datetime | None = None
    evacuation_text: str | None = None


class Agency(SQLModel, table=True):
    """An organisation with counters in the mall (instansi).

    ``is_retired``, of services and counters too: since the service day ``retired_on``
    it is there for history alone (``app.queueing.site.retirement``).
    """

    # optional, as SQLModel wants it: the database gives the id
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    name: str
    name_en: str
    short_name: str
    symbol: str
    position: int
    retired_on: date | None = None
    is_retired: bool = Field(
        default=False, sa_column_kwargs={"server_default": false()}
    )


class Series(SQLModel, table=True):
    """A prefix and the number last drawn on ``day``; restarts each service day.

    ``spare_from`` to ``spare_to`` are on the spare roll, printed beforehand for
    an outage: they are never drawn, only booked in.
    """

    __table_args__ = (
        CheckConstraint("last_number >= 0", name="numbers_rise"),
        CheckConstraint(
            "spare_from IS NULL OR (spare_from >= 1 AND spare_to >= spare_from)",
            name="spare_roll_in_order",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    # two services may share a series, two series never a prefix (lesson 3)
    prefix: str = Field(unique=True)
    day: date | None = None
    last_number: int = 0
    spare_from: int | None = None
    spare_to: int | None = None


class Service(SQLModel, table=True):
    """What a visitor comes for (layanan).

    ``results`` are its own, besides those of every service: ``{code, name,
    name_en}`` each. ``aliases`` are what else visitors call it. A scarce one may
    be ``reception_only``, or have a cool-down at each kiosk.
    """

    # a code counts within its agency; the import file says AGENCY/SERVICE
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
    fee_en: str | None = None
    # SQLModel knows no list type of every database: JSON, as Column says it
    documents: list[str] | None = Field(default=None, sa_column=Column(JSON))
    documents_en: list[str] | None = Field(default=None, sa_column=Column(JSON))
    results: list[dict[str, str]] | None = Field(default=None, sa_column=Column(JSON))
    aliases: list[str] | None = Field(default=None, sa_column=Column(JSON))
    reception_only: bool = False
    kiosk_cooldown_seconds: int | None = None
    position: int
    retired_on: date | None = None
    is_retired: bool = Field(
        default=False, sa_column_kwargs={"server_default": false()}
    )


class SoundSpace(SQLModel, table=True):
    """Zones within earshot of each other: one announcement queue.

    ``preferred_speaker_id`` is the device that speaks there as the import file says,
    ``speaker_id`` the one that does so now. ``announcement_id`` is spoken since
    ``announcement_since``; ``last_announcement_id`` is the newest that was spoken to
    its end, ``voice_at`` when the voice last began or ended. Between ``quiet_since``
    and ``quiet_until`` somebody wants quiet.
    """

    __tablename__ = "sound_space"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    name: str
    # no foreign keys: a device goes from the file before the space is written, and what
    # retention removes was once announced
    preferred_speaker_id: int | None = None
    speaker_id: int | None = None
    announcement_id: int | None = None
    announcement_since: datetime | None = None
    last_announcement_id: int | None = None
    voice_at: datetime | None = None
    quiet_since: datetime | None = None
    quiet_until: datetime | None = None
    is_retired: bool = Field(
        default=False, sa_column_kwargs={"server_default": false()}
    )


class Zone(SQLModel, table=True):
    """A part of the hall: its counters and displays.

    In the practice zone nothing is announced, shown or counted.
    """

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    name: str
    name_en: str | None = None
    sound_space_id: int = Field(foreign_key="sound_space.id")
    is_practice: bool = False
    is_retired: bool = Field(
        default=False, sa_column_kwargs={"server_default": false()}
    )


class Counter(SQLModel, table=True):
    """Where one officer serves (loket).

    ``last_call_id`` is the event of this counter's newest call: an entry that
    was returned here after it is passed over once. ``open_since`` is when it was
    last opened or resumed, ``paused_since`` when it was paused; ``handed_to_id`` the
    counter whose officer may take over its visitor during a pause.
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
    paused_since: datetime | None = None
    # an event's id; declared, counter → event → entry → counter were a circle of tables
    last_call_id: int | None = None
    open_since: datetime | None = None
    handed_to_id: int | None = Field(default=None, foreign_key="counter.id")
    retired_on: date | None = None
    is_retired: bool = Field(
        default=False, sa_column_kwargs={"server_default": false()}
    )


class CounterService(SQLModel, table=True):
    """A counter serves a service; a preference is a head start in seconds."""

    __tablename__ = "counter_service"

    counter_id: int = Field(foreign_key="counter.id", primary_key=True)
    service_id: int = Field(foreign_key="service.id", primary_key=True, index=True)
    head_start_seconds: int = 0


class OpeningHours(SQLModel, table=True):
    """A time on a weekday (0 = Monday), as site-local ``HH:MM``.

    Of the site when neither agency nor service is named. ``last_ticket`` ends
    the giving of numbers before the serving ends.
    """

    __tablename__ = "opening_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_known"),
        # texts HH:MM sort as the times do
        CheckConstraint("opens < closes", name="opens_before_it_closes"),
        one_of("kind", HoursKind),
    )

    id: int | None = Field(default=None, primary_key=True)
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    service_id: int | None = Field(default=None, foreign_key="service.id")
    kind: str = HoursKind.SERVING
    weekday: int
    opens: str
    closes: str
    last_ticket: str | None = None


class SpecialHours(SQLModel, table=True):
    """An owner's hours of a kind on one date, in the place of the week's.

    ``periods`` are ``[from, until, last ticket or null]`` each, site-local ``HH:MM``;
    of none of them, nothing of that kind holds on that date. Of the site when neither
    agency nor service is named.
    """

    __tablename__ = "special_hours"
    __table_args__ = (one_of("kind", HoursKind),)

    id: int | None = Field(default=None, primary_key=True)
    day: date = Field(index=True)
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    service_id: int | None = Field(default=None, foreign_key="service.id")
    kind: str
    periods: list[list[str | None]] = Field(sa_column=Column(JSON, nullable=False))


class Holiday(SQLModel, table=True):
    """A day without service: of the site, or of one agency."""

    # not for the site's own: NULLs are never equal. The import sees to those
    __table_args__ = (UniqueConstraint("day", "agency_id"),)

    id: int | None = Field(default=None, primary_key=True)
    day: date
    name: str
    agency_id: int | None = Field(default=None, foreign_key="agency.id")


class Quota(SQLModel, table=True):
    """People a day for a service, released at ``opens`` (``HH:MM``); parts add up.

    ``channel`` is the role that issues (``kiosk``, ``reception``); "" is all.
    """

    __table_args__ = (
        UniqueConstraint("service_id", "channel", "opens"),
        CheckConstraint("people >= 0", name="some_people"),
    )

    id: int | None = Field(default=None, primary_key=True)
    service_id: int = Field(foreign_key="service.id", index=True)
    # "" and not NULL: to a unique constraint no NULL equals another
    channel: str = ""
    opens: str = "00:00"
    people: int


class QuotaUse(SQLModel, table=True):
    """People who have taken of a service's quota on a service day."""

    __tablename__ = "quota_use"
    # a seat given back twice is a fault of ours, and must fail
    __table_args__ = (CheckConstraint("used >= 0", name="never_below_zero"),)

    service_id: int = Field(foreign_key="service.id", primary_key=True)
    # for the same reason, and because a primary key has no NULL
    channel: str = Field(default="", primary_key=True)
    service_day: date = Field(primary_key=True)
    used: int = 0


class Closure(SQLModel, table=True):
    """Closed by hand from a moment until another, or until it is lifted.

    ``reason`` is an availability code (contract.md#availability).
    Closing stops issuing and drops nobody.
    """

    id: int | None = Field(default=None, primary_key=True)
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    service_id: int | None = Field(default=None, foreign_key="service.id")
    reason: str
    note: str | None = None
    since: datetime
    until: datetime | None = None
    # kept when lifted: who closed what, and when, is asked afterwards
    lifted_at: datetime | None = None
    closed_by_id: int | None = Field(default=None, foreign_key="staff.id")
