"""Tickets, their entries and events, and what the ledger itself keeps."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

from app.models.states import EntryState, Priority, one_of

_ACTIVE = text("state IN ('called', 'serving')")
_WAITING = text("state = 'waiting'")
_BY_DEVICE = text("device_id IS NOT NULL")


def _partial(name: str, *columns: str, where: Any, unique: bool = False) -> Index:
    # the same for both: a keyword of the other database is passed over
    return Index(
        name, *columns, unique=unique, sqlite_where=where, postgresql_where=where
    )


class Ticket(SQLModel, table=True):
    """A visit and its number (nomor antrean)."""

    __table_args__ = (
        # what numbering promises, the database enforces too (lesson 3)
        UniqueConstraint("series_id", "service_day", "drawn", name="number_unique"),
        CheckConstraint("drawn >= 1", name="no_zero"),
        CheckConstraint("people >= 1", name="somebody"),
    )

    id: int | None = Field(default=None, primary_key=True)
    service_day: date
    series_id: int = Field(foreign_key="series.id")
    drawn: int
    number: str
    people: int
    channel: str
    version: int = 1
    issued_at: datetime


class TicketPrivate(SQLModel, table=True):
    """What retention drops without touching events: token, class, phone."""

    __tablename__ = "ticket_private"
    __table_args__ = (one_of("priority", Priority),)

    # apart from the ticket, so that forgetting leaves the figures whole (lesson 14)
    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True)
    token: str = Field(unique=True)
    priority: str = Priority.REGULAR
    assistance: bool = False
    language: str
    phone: str | None = None


class HandoverNote(SQLModel, table=True):
    """What a sender wrote for whoever serves the entry that a transfer began.

    Retention drops it too.
    """

    __tablename__ = "handover_note"

    entry_id: int = Field(foreign_key="entry.id", primary_key=True)
    text: str


class Entry(SQLModel, table=True):
    """One wait of a ticket at one service, and what came of it.

    ``rank`` is milliseconds since the epoch: arrival less head start. The
    ``tied``, ``back`` and ``parked`` columns serve transfers and parking;
    ``quota_people`` are the seats that it holds of its service's quota;
    ``set_aside_at`` is when it was parked or marked a no-show, ``due_at`` when a
    requeued entry is first whatever the number before it.
    """

    __table_args__ = (
        one_of("state", EntryState),
        # two officers took one visitor elsewhere for twenty years (lesson 1)
        _partial("one_active_per_counter", "counter_id", where=_ACTIVE, unique=True),
        _partial("one_active_per_ticket", "ticket_id", where=_ACTIVE, unique=True),
        # as a line is read: by rank, and of equal ranks the older entry
        _partial("line", "service_id", "rank", "id", where=_WAITING),
        # what a counter did on a day; who was set aside at a service on a day
        Index("at_counter", "counter_id", "arrived_at"),
        _partial(
            "aside",
            "service_id",
            "set_aside_at",
            where=text("state IN ('parked', 'no_show')"),
        ),
        _partial(
            "due",
            "due_at",
            where=text("state = 'waiting' AND due_at IS NOT NULL"),
        ),
        # who is tied to a counter, and so not ahead of anybody at another
        _partial(
            "tied",
            "tied_counter_id",
            where=text("state = 'waiting' AND tied_counter_id IS NOT NULL"),
        ),
        _partial(
            "reminders",
            "remind_at",
            where=text("state = 'parked' AND remind_at IS NOT NULL"),
        ),
        _partial(
            "not_ended",
            "id",
            where=text(
                "state IN ('reserved', 'waiting', 'called', 'serving', "
                "'parked', 'no_show')"
            ),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    service_id: int = Field(foreign_key="service.id")
    agency_id: int = Field(foreign_key="agency.id")
    state: str
    arrived_at: datetime
    # milliseconds since 1970 are too many for the INTEGER of other databases
    rank: int = Field(sa_type=BigInteger)
    counter_id: int | None = Field(default=None, foreign_key="counter.id")
    call_id: int | None = None
    call_count: int = 0
    # the first call: a recall moves the next column (lesson 4), and only a call that
    # should not have been is cleared (decision 0004)
    called_at: datetime | None = None
    last_called_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    result: str | None = None
    returned_id: int | None = None
    returned_by_counter_id: int | None = None
    tied_counter_id: int | None = Field(default=None, foreign_key="counter.id")
    back_counter_id: int | None = Field(default=None, foreign_key="counter.id")
    from_entry_id: int | None = Field(default=None, foreign_key="entry.id")
    tied_at: datetime | None = None
    back_service_id: int | None = Field(default=None, foreign_key="service.id")
    parked_at: datetime | None = None
    parked_seconds: int = 0
    parked_by_counter_id: int | None = Field(default=None, foreign_key="counter.id")
    remind_at: datetime | None = None
    set_aside_at: datetime | None = None
    requeue_count: int = 0
    quota_people: int = 0
    due_at: datetime | None = None


class TicketEvent(SQLModel, table=True):
    """One change of an entry, in the order of ``id``; state is rebuilt from these.

    ``data`` holds the columns that the change set, besides the state;
    ``cause_id`` the event with which it came as one (serve next, transfer).
    """

    __tablename__ = "ticket_event"
    __table_args__ = (
        Index("events_at_counter", "counter_id", "id"),
        # what a kiosk gave a short while ago (its cool-down)
        _partial("events_of_device", "device_id", "at", where=_BY_DEVICE),
    )

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    entry_id: int = Field(foreign_key="entry.id")
    name: str
    from_state: str | None = None
    to_state: str
    at: datetime
    actor: str
    # no foreign keys: an event outlives whom it names (app.importing.removal)
    staff_id: int | None = None
    device_id: int | None = None
    counter_id: int | None = None
    reason: str | None = None
    request_key: str | None = None
    cause_id: int | None = Field(default=None, index=True)
    data: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class Announcement(SQLModel, table=True):
    """One chime-and-voice event in a sound space, for one call or recall."""

    __table_args__ = (
        Index("announcements_of", "sound_space_id", "id"),
        Index("announcements_in", "zone_id", "id"),
        Index("announcements_valid", "zone_id", "expires_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    sound_space_id: int = Field(foreign_key="sound_space.id")
    zone_id: int = Field(foreign_key="zone.id")
    entry_id: int = Field(foreign_key="entry.id", index=True)
    call_id: int
    counter_id: int = Field(foreign_key="counter.id")
    # as it was spoken: a name that changes later changes no announcement
    text: str
    said_at: datetime
    expires_at: datetime


class DisplayReceipt(SQLModel, table=True):
    """A display's report that it painted a call; the first counts."""

    __tablename__ = "display_receipt"

    # the id of the call's event, without a foreign key: receipts go by themselves
    call_id: int = Field(primary_key=True)
    device_id: int = Field(primary_key=True)
    at: datetime


class VoiceReceipt(SQLModel, table=True):
    """A device's report that it spoke an announcement, from when to when.

    ``ends_at`` is None while it speaks, and where it never said that it had ended.
    """

    __tablename__ = "voice_receipt"

    announcement_id: int = Field(primary_key=True)
    device_id: int = Field(primary_key=True)
    begins_at: datetime
    ends_at: datetime | None = None


class LedgerState(SQLModel, table=True):
    """What never falls: the revision, the service day, the last moment used."""

    __tablename__ = "ledger_state"
    __table_args__ = (CheckConstraint("id = 1", name="only_one_ledger"),)

    id: int = Field(default=1, primary_key=True)
    revision: int = 0
    # stored, not taken from the clock: a clock set back opens no day (decision 0007)
    service_day: date
    last_moment: datetime


class RequestRecord(SQLModel, table=True):
    """The first success under an Idempotency-Key, to answer a repeat with."""

    __tablename__ = "request_record"
    # two credentials may choose the same key
    __table_args__ = (UniqueConstraint("scope", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    scope: str
    key: str
    # tells a repeat from another request under the same key (contract.md#keys)
    body_sha256: str
    status: int
    answer: str
    service_day: date = Field(index=True)
