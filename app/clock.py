"""The one source of time: aware UTC, and the site's own calendar."""

import time
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Now(Protocol):
    """Whatever tells the present moment."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...


class Clock(Now, Protocol):
    """A clock of the machine; tests hand in one that they move."""

    def monotonic(self) -> float:
        """Return seconds that only ever grow, whatever people do to the clock."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds since the machine started, its sleep included if known."""
        # time.monotonic() stands still on Linux while the machine sleeps
        if hasattr(time, "CLOCK_BOOTTIME"):
            return time.clock_gettime(time.CLOCK_BOOTTIME)
        return time.monotonic()


def local_date(moment: datetime, zone: ZoneInfo) -> date:
    """Return the site's calendar date at a moment: never a UTC midnight."""
    # UTC's date changes at 07:00 in Jakarta, with the doors open (lesson 3)
    return moment.astimezone(zone).date()


def iso(moment: datetime) -> str:
    """Write a moment as ISO 8601 in UTC with ``Z``, milliseconds kept."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
