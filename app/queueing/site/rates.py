"""How often somebody may do something: a burst, then one after each interval.

The generic cell rate algorithm (ITU-T I.371): one moment a name, kept in memory, by
a clock that nobody can set back. A refusal prolongs no wait.
"""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import NamedTuple

from app.errors import TooMany

MAX_NAMES = 10_000
"""Of how many names the last moments are kept; the oldest go first."""


class Rate(NamedTuple):
    """At most ``burst`` at once, and one more after each ``interval`` (seconds)."""

    burst: int
    interval: float


class Rates:
    """When each name would next be due if it kept to its interval exactly.

    Asked by the event loop and by the writer. ``seconds`` is the clock, from
    whatever beginning (``Clock.monotonic``).
    """

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._due: OrderedDict[str, float] = OrderedDict()
        self._lock = Lock()

    def require(self, name: str, rate: Rate) -> None:
        """Raise ``TooMany`` when one more is too many; counts nothing."""
        ahead = self._due.get(name, 0.0) - self._seconds()
        wait = ahead - (rate.burst - 1) * rate.interval
        # a millionth: what adding up intervals leaves over
        if wait > 1e-6:
            raise TooMany(retry_after_seconds=round(wait, 3))

    def count(self, name: str, rate: Rate) -> None:
        """Count one more."""
        now = self._seconds()
        with self._lock:
            self._due[name] = max(self._due.get(name, now), now) + rate.interval
            self._due.move_to_end(name)
            while len(self._due) > MAX_NAMES:
                self._due.popitem(last=False)

    def take_back(self, name: str, rate: Rate) -> None:
        """Forget one that was counted and came to nothing."""
        with self._lock:
            if name in self._due:
                self._due[name] -= rate.interval

    def take(self, name: str, rate: Rate) -> None:
        """Count one more; ``TooMany`` when it is too many."""
        self.require(name, rate)
        self.count(name, rate)
