"""Failed sign-ins are slowed down.

An attempt counts from its beginning, so that many at once are no way round; one
that succeeds is taken back. Narrowly for one user at one address; widely for a
user (so that nobody can lock an officer out by guessing) and for an address
(many may share one).
"""

from collections import OrderedDict, deque
from contextlib import suppress
from datetime import datetime, timedelta

from app.errors import TooManyAttempts

MAX_BY_USER_AND_ADDRESS = 5
MAX_BY_USER = 30
MAX_BY_ADDRESS = 50
WINDOW = timedelta(minutes=1)
MAX_NAMES = 10_000


class Attempts:
    """Those of the last minute; forgets the oldest names when there are many."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, deque[datetime]] = OrderedDict()

    def begin(self, username: str, address: str, now: datetime) -> None:
        """Count an attempt; ``TooManyAttempts`` when there were too many."""
        # all limits before any count: a refused attempt prolongs no wait
        for name, limit in _limits(username, address).items():
            failures = self._recent(name, now)
            if len(failures) >= limit:
                remaining = failures[0] + WINDOW - now
                raise TooManyAttempts(
                    retry_after_seconds=int(remaining.total_seconds()) + 1
                )
        for name, limit in _limits(username, address).items():
            self._failures.setdefault(name, deque(maxlen=limit)).append(now)
            self._failures.move_to_end(name)
        # whoever invents names must not fill the memory: the oldest go
        while len(self._failures) > MAX_NAMES:
            self._failures.popitem(last=False)

    def take_back(self, username: str, address: str, begun_at: datetime) -> None:
        """Forget the attempt begun at that time: it was no failure."""
        for name in _limits(username, address):
            with suppress(KeyError, ValueError):  # forgotten meanwhile
                self._failures[name].remove(begun_at)

    def _recent(self, name: str, now: datetime) -> deque[datetime]:
        failures = self._failures.get(name, deque())
        while failures and failures[0] + WINDOW <= now:
            failures.popleft()
        if not failures:
            self._failures.pop(name, None)
        return failures


def _limits(username: str, address: str) -> dict[str, int]:
    user = username.lower()
    return {
        f"both {user} {address}": MAX_BY_USER_AND_ADDRESS,
        f"user {user}": MAX_BY_USER,
        f"address {address}": MAX_BY_ADDRESS,
    }
