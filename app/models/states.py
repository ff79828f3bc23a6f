"""The words for states, roles and classes: one enum each, kept by check constraints."""

from enum import StrEnum

from sqlalchemy import CheckConstraint


class EntryState(StrEnum):
    """Where an entry is (states.md)."""

    RESERVED = "reserved"
    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PARKED = "parked"
    NO_SHOW = "no_show"
    SERVED = "served"
    TRANSFERRED = "transferred"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


ACTIVE = (EntryState.CALLED, EntryState.SERVING)
ENDED = (
    EntryState.SERVED,
    EntryState.TRANSFERRED,
    EntryState.CANCELLED,
    EntryState.EXPIRED,
)


# in the order of the index `not_ended`: SQLite uses a partial index only where a
# query holds the very predicate
NOT_ENDED = (
    EntryState.RESERVED,
    EntryState.WAITING,
    EntryState.CALLED,
    EntryState.SERVING,
    EntryState.PARKED,
    EntryState.NO_SHOW,
)


class CounterState(StrEnum):
    """Whether a counter serves."""

    CLOSED = "closed"
    OPEN = "open"
    PAUSED = "paused"


class PasswordState(StrEnum):
    """What a password is good for.

    ``one_time``: made by a reset, for one sign-in; ``spent``: after that one, until
    its owner has chosen another.
    """

    CHOSEN = "chosen"
    ONE_TIME = "one_time"
    SPENT = "spent"


class HoursKind(StrEnum):
    """What a line of opening hours says.

    Numbers are given while ``serving`` unless there are ``issuing`` hours of
    their own. In a ``break`` nobody is served; in a ``quiet`` time nothing is
    announced and timers stand still.
    """

    SERVING = "serving"
    ISSUING = "issuing"
    BREAK = "break"
    QUIET = "quiet"


class Role(StrEnum):
    """What a member of staff may do."""

    OFFICER = "officer"
    RECEPTION = "reception"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class Priority(StrEnum):
    """Priority classes; never shown or spoken in the hall."""

    REGULAR = "regular"
    LANSIA = "lansia"
    DISABILITAS = "disabilitas"
    HAMIL = "hamil"
    MENYUSUI = "menyusui"
    ANAK = "anak"


class DeviceKind(StrEnum):
    """What a paired device is."""

    KIOSK = "kiosk"
    DISPLAY = "display"
    PRINT_AGENT = "print_agent"


class DisplayLayout(StrEnum):
    """How a display's page is laid out (displays.md#layouts)."""

    ZONE = "zone"
    HALL = "hall"
    COUNTER = "counter"
    TEXT = "text"


class PrintState(StrEnum):
    """Where a print job is (changes.md#printing)."""

    QUEUED = "queued"
    SENDING = "sending"
    PRINTED = "printed"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


class PrintReason(StrEnum):
    """Why a print job ended, where the printer was not asked.

    The printer's own reasons are ``printer.delivery.REASONS``.
    """

    SERVER_RESTART = "server-restart"
    AGENT_RESTART = "agent-restart"
    TOO_LATE = "too-late"
    NOT_RENDERED = "not-rendered"
    NO_TICKET = "no-ticket"
    BAD_ADDRESS = "bad-address"
    INTERNAL = "internal"


class Result(StrEnum):
    """How the work at a counter ended."""

    DONE = "done"
    PAPERS_MISSING = "papers_missing"
    MUST_RETURN = "must_return"
    SYSTEM_DOWN = "system_down"
    VISITOR_LEFT = "visitor_left"


class CancelReason(StrEnum):
    """Why an entry was cancelled."""

    VISITOR = "visitor"
    DUPLICATE = "duplicate"
    WRONG_SERVICE = "wrong_service"
    UNPRINTED = "unprinted"
    CLOSED = "closed"


MAX_ID = 2**53
"""The largest id that is taken: what JavaScript still holds exactly."""


def one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    """Return the constraint that a column holds one of an enum's values."""
    # text and a check, not SQLAlchemy's Enum: that stores the members' names
    allowed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({allowed})", name=f"{column}_known")
