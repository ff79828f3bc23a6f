"""Failed sign-ins are slowed down.

An attempt counts from its beginning, so that many at once are no way round; one
that succeeds is taken back. Narrowly for one user at one address; widely for a
user and for an address (many may share one). A browser in which this user has
signed in before is counted by itself, so that no stranger can lock an officer out
of his own PC by guessing (OWASP, "Slow Down Online Guessing Attacks with Device
Cookies").
"""

from collections import OrderedDict, deque
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.errors import TooManyAttempts

MAX_BY_USER_AND_ADDRESS = 5
MAX_BY_USER_AND_BROWSER = 5
MAX_BY_USER = 30
MAX_BY_ADDRESS = 50
WINDOW = timedelta(minutes=1)
MAX_NAMES = 10_000


@dataclass(frozen=True, slots=True)
class Origin:
    """Whence an attempt comes: who it is for, an address, a browser known to them.

    ``username`` is folded; ``browser`` is the digest of its cookie, None where
    this user has never signed in there.
    """

    username: str
    address: str
    browser: str | None = None

    def limits(self) -> dict[str, int]:
        """Return how many attempts may be failed, by what they are counted under."""
        if self.browser is not None:
            return {f"browser {self.username} {self.browser}": MAX_BY_USER_AND_BROWSER}
        return {
            f"both {self.username} {self.address}": MAX_BY_USER_AND_ADDRESS,
            f"user {self.username}": MAX_BY_USER,
            f"address {self.address}": MAX_BY_ADDRESS,
        }


class Attempts:
    """Those of the last minute; forgets the oldest names when there are many."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, deque[datetime]] = OrderedDict()

    def begin(self, origin: Origin, now: datetime) -> None:
        """Count an attempt; ``TooManyAttempts`` when there were too many."""
        # all limits before any count: a refused attempt prolongs no wait
        for name, limit in origin.limits().items():
            failures = self._recent(name, now)
            if len(failures) >= limit:
                remaining = failures[0] + WINDOW - now
                raise TooManyAttempts(
                    retry_after_seconds=int(remaining.total_seconds()) + 1
                )
        for name, limit in origin.limits().items():
            self._failures.setdefault(name, deque(maxlen=limit)).append(now)
            self._failures.move_to_end(name)
        # whoever invents names must not fill the memory: the oldest go
        while len(self._failures) > MAX_NAMES:
            self._failures.popitem(last=False)

    def take_back(self, origin: Origin, begun_at: datetime) -> None:
        """Forget the attempt begun at that time: it was no failure."""
        for name in origin.limits():
            with suppress(KeyError, ValueError):  # forgotten meanwhile
                self._failures[name].remove(begun_at)

    def _recent(self, name: str, now: datetime) -> deque[datetime]:
        failures = self._failures.get(name, deque())
        while failures and failures[0] + WINDOW <= now:
            failures.popleft()
        if not failures:
            self._failures.pop(name, None)
        return failures
