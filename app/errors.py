"""What may be refused: noun phrases with a stable code, a status and their details.

``code`` is contract (contract.md#errors); the words for people come from the
catalogue by that code (``app/web/locale/*/errors.po``).
"""

from collections.abc import Mapping
from typing import Any


class AntreanError(Exception):
    """A refusal that a caller may show; never a programming mistake."""

    status_code = 400
    code = "refused"

    def __init__(self, detail: str = "", **details: Any) -> None:
        super().__init__(detail or self.meaning())
        self.details: Mapping[str, Any] = details

    @classmethod
    def meaning(cls) -> str:
        """Return what it says where nobody says more: its first clause."""
        first_line = (cls.__doc__ or cls.code).partition("\n")[0]
        return f"{first_line.partition(';')[0].rstrip('.')}."

    @property
    def wording(self) -> str:
        """Under what a person's words for it are found: the code, mostly."""
        return self.code


class QueueError(AntreanError):
    """The queue's rules refuse this.

    The ledger adds to ``details`` how things stand, where its caller says how to
    read that (``Ledger.do``).
    """

    status_code = 409


class Unauthenticated(AntreanError):
    """Nobody who may ask has signed in."""

    status_code = 401
    code = "unauthenticated"


class BadCredentials(AntreanError):
    """The user name or the password is wrong."""

    status_code = 401
    code = "bad-credentials"


class Forbidden(AntreanError):
    """The caller may not do this."""

    status_code = 403
    code = "forbidden"


class CrossSite(AntreanError):
    """Another site's page sent this with our cookie."""

    status_code = 403
    code = "cross-site"


class NotFound(AntreanError):
    """There is nothing here that the caller may know of."""

    status_code = 404
    code = "not-found"


class Invalid(AntreanError):
    """The request is not of the documented form."""

    status_code = 422
    code = "invalid"


class TooLarge(AntreanError):
    """The body is larger than 64 KiB; ``max_bytes`` where another limit holds."""

    status_code = 413
    code = "too-large"

    def __init__(self, max_bytes: int | None = None) -> None:
        megabytes = (max_bytes or 0) // 1024**2
        super().__init__(
            f"The body is larger than {megabytes} MB." if megabytes else ""
        )


class NotJson(AntreanError):
    """The body is of a media type that this route does not read."""

    status_code = 415
    code = "unsupported-media-type"


class KeyRequired(AntreanError):
    """This request needs an Idempotency-Key."""

    status_code = 400
    code = "key-required"


class KeyReused(AntreanError):
    """This Idempotency-Key was used with another body."""

    status_code = 422
    code = "key-reused"


class TooManyAttempts(AntreanError):
    """Too many failed attempts; the detail ``retry_after_seconds`` says how long."""

    status_code = 429
    code = "too-many-attempts"


class TooMany(AntreanError):
    """More than the caller's rate; ``retry_after_seconds`` says for how long."""

    status_code = 429
    code = "too-many"


class Busy(AntreanError):
    """More is asked than the server can take just now; ask again."""

    status_code = 503
    code = "busy"


class NotDurable(AntreanError):
    """It could not be written to disk, so it did not happen; ask again."""

    status_code = 503
    code = "not-durable"


class DatabaseDamaged(AntreanError):
    """The database file is damaged; nothing is taken until it is restored."""

    status_code = 503
    code = "database-damaged"


class Stale(QueueError):
    """The thing has changed since the version that the caller named."""

    code = "stale"


class ConfigChanged(AntreanError):
    """The mall is not as the caller has seen it; ``If-Match`` named an older one."""

    status_code = 412
    code = "config-changed"


class WrongState(QueueError):
    """The ticket is not in a state that allows this."""

    code = "wrong-state"


class TooEarly(QueueError):
    """This is too early; the detail ``retry_after_seconds`` says by how much."""

    code = "too-early"


class CounterBusy(QueueError):
    """The counter has a visitor called or being served."""

    code = "counter-busy"


class CounterTaken(QueueError):
    """Somebody else holds the counter."""

    code = "counter-taken"


class CounterNotOpen(QueueError):
    """The counter is closed or paused."""

    code = "counter-not-open"

    @property
    def wording(self) -> str:
        """Tell a paused counter from a closed one."""
        return "counter-paused" if self.details.get("state") == "paused" else self.code


class TicketBusy(QueueError):
    """The ticket is called or served at another counter."""

    code = "ticket-busy"


class NoActiveEntry(QueueError):
    """Nobody is called or served at this counter."""

    code = "wrong-state"


class NoCounter(QueueError):
    """No counter could ever call this."""

    code = "no-counter"


class AlreadyWaiting(QueueError):
    """The ticket waits in that line already."""

    code = "already-waiting"


class NoPrinter(QueueError):
    """There is no printer on which this could come out."""

    code = "no-printer"


class StillPrinting(QueueError):
    """A slip of this ticket is on its way to a printer."""

    code = "still-printing"


class UndoBlocked(QueueError):
    """What was done cannot be taken back any more."""

    code = "undo-blocked"


class Evacuation(QueueError):
    """The building is being left; nobody is called and no number is given."""

    code = "evacuation"


class ClockInDoubt(QueueError):
    """The clock cannot be right; a person has to confirm the date."""

    status_code = 503
    code = "clock-in-doubt"


class Unavailable(QueueError):
    """A service gives no numbers now; ``code`` is the availability reason.

    The contract's reasons are closed: that reception gives the number is
    ``by-hand`` too, but a person is told so (decision 0013).
    """

    def __init__(self, reason: str, **details: Any) -> None:
        detail = f"No numbers are given: {reason}."
        if details.get("reception_only"):
            detail = "This number is given at the reception only."
        super().__init__(detail, **details)
        self.code = reason

    @property
    def wording(self) -> str:
        """Tell what is given at reception apart from what is closed."""
        return "at-reception" if self.details.get("reception_only") else self.code
