"""Kiosks, displays, printers, how they are paired, and what they print."""

from datetime import datetime

from sqlalchemy import Index, false, text
from sqlmodel import Field, SQLModel

from app.models.states import DeviceKind, PrintState, one_of


class Printer(SQLModel, table=True):
    """A ticket printer: its address, its paper, and whether it tells status.

    ``address`` is empty where a print agent drives it. ``state`` is how it was
    when it last reported: ``ready``, ``cannot-tell`` or a reason
    (``printer.delivery.REASONS``); None: not yet. ``roll_touched``: since it was
    last well, its paper was out or its cover open. ``slips_on_roll`` counts those
    since ``roll_since``, when a new roll was noticed. ``tells_near_end``: it once
    said so, hence it has a sensor for it, and slips need not be counted.
    """

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    name: str
    # not unique: the addresses of two agents' printers are both empty
    address: str
    paper: str = "80mm"
    reports_status: bool = True
    sibling_id: int | None = Field(default=None, foreign_key="printer.id")
    state: str | None = None
    state_since: datetime | None = None
    near_end_since: datetime | None = None
    tells_near_end: bool = False
    roll_touched: bool = False
    roll_since: datetime | None = None
    slips_on_roll: int = 0
    # the import took it away: it is there for history alone (app.importing.removal)
    is_retired: bool = Field(
        default=False, sa_column_kwargs={"server_default": false()}
    )


class Device(SQLModel, table=True):
    """A kiosk, display or print agent: its post, whatever box stands there.

    Of a display: its layout, the one counter that it shows (``counter``), and from how
    far a screen of how many inches is read.
    """

    __table_args__ = (one_of("kind", DeviceKind),)

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    # kept on the row for good: a device of another kind is another device
    kind: str
    name: str
    printer_id: int | None = Field(default=None, foreign_key="printer.id")
    is_retired: bool = Field(
        default=False, sa_column_kwargs={"server_default": false()}
    )
    # no check and no foreign key: the columns were added to a table that stands (0012)
    layout: str | None = None
    counter_id: int | None = None
    screen_inches: int | None = None
    viewing_metres: int | None = None


class DisplayZone(SQLModel, table=True):
    """A display shows a zone."""

    __tablename__ = "display_zone"

    device_id: int = Field(foreign_key="device.id", primary_key=True)
    zone_id: int = Field(foreign_key="zone.id", primary_key=True, index=True)


class DeviceToken(SQLModel, table=True):
    """The secret of a paired device, as SHA-256; revocable alone.

    A browser that became the device holds ``cookie_of``'s child: a token of
    its own that falls with the one it was made from.
    """

    __tablename__ = "device_token"

    id: int | None = Field(default=None, primary_key=True)
    device_id: int = Field(foreign_key="device.id", index=True)
    secret_sha256: str = Field(unique=True)
    # one step deep: app.auth.devices hangs a cookie's cookie on the first token
    cookie_of_id: int | None = Field(default=None, foreign_key="device_token.id")
    created_at: datetime
    revoked_at: datetime | None = None


class Pairing(SQLModel, table=True):
    """A code on a screen that waits for an admin to say which device it is."""

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    kind: str
    claim_sha256: str = Field(unique=True)
    created_at: datetime
    # a code on a screen is easily read: it lives for minutes
    expires_at: datetime
    device_id: int | None = Field(default=None, foreign_key="device.id")
    approved_by_id: int | None = Field(default=None, foreign_key="staff.id")
    claimed_at: datetime | None = None


class PrintJob(SQLModel, table=True):
    """One request to print a slip; never silently "ok" (changes.md#printing).

    ``attempts`` are those that ended without a byte sent. A sibling's job
    stands ``instead_of`` the one that its printer could not do; a copy names
    the member of staff who asked for it.
    """

    __tablename__ = "print_job"
    __table_args__ = (
        one_of("state", PrintState),
        Index(
            # the jobs of years lie here, and the next one is looked for all day
            "print_job_to_do",
            "printer_id",
            "id",
            sqlite_where=text("state IN ('queued', 'sending')"),
            postgresql_where=text("state IN ('queued', 'sending')"),
        ),
        Index("print_jobs_of_a_printer", "printer_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    printer_id: int = Field(foreign_key="printer.id")
    is_copy: bool = False
    attempts: int = 0
    instead_of_id: int | None = Field(default=None, foreign_key="print_job.id")
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    ahead: int | None = None
    # written with the ticket, in its transaction (lesson 6)
    state: str = PrintState.QUEUED
    reason: str | None = None
    created_at: datetime
    sent_at: datetime | None = None
    ended_at: datetime | None = None
