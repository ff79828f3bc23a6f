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
        self._passed = 0.0

    def now(self) -> datetime:
        """Return the present moment."""
        self.move(milliseconds=1)
        return self._now

    @property
    def moment(self) -> datetime:
        """The present moment, without its passing."""
        return self._now

    def monotonic(self) -> float:
        """Return the seconds that have passed, whatever the clock was set to."""
        return self._passed

    def move(self, **step: float) -> None:
        """Let time pass: ``seconds``, ``minutes``, ``hours`` or ``days``."""
        passed = timedelta(**step)
        self._now += passed
        self._passed += passed.total_seconds()

    def set(self, moment: datetime) -> None:
        """Let time pass until a moment; an earlier one is a clock set back."""
        if moment > self._now:
            self._passed += (moment - self._now).total_seconds()
        self._now = moment

    def jump(self, **step: float) -> None:
        """Let the clock jump while no time passes."""
        self._now += timedelta(**step)
