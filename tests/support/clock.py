"""A clock that a test moves."""

from datetime import UTC, datetime, timedelta

# a Tuesday, 09:00 in Jambi: the mall is open
MORNING = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


class MovableClock:
    """Stands still until it is moved; each reading is a millisecond later.

    A clock that really stood still would give two arrivals one rank.
    """

    def __init__(self, start: datetime = MORNING) -> None:
        self._now = start

    def now(self) -> datetime:
        """Return the present moment."""
        self._now += timedelta(milliseconds=1)
        return self._now

    def move(self, **step: float) -> None:
        """Move it by ``seconds``, ``minutes``, ``hours`` or ``days``."""
        self._now += timedelta(**step)

    def set(self, moment: datetime) -> None:
        """Set it, also back."""
        self._now = moment
