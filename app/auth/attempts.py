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

FROM_ONE_PLACE = 5
OF_ONE_USER = 30
FROM_ONE_ADDRESS = 50
WINDOW = timedelta(minutes=1)
REMEMBERED = 10_000


class Attempts:
    """Those of the last minute; forgets the oldest names when there are many."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, deque[datetime]] = OrderedDict()

    def begin(self, username: str, address: str, now: datetime) -> None:
        """Count an attempt; ``TooManyAttempts`` when there were too many."""
        for name, allowed in _limits(username, address).items():
            failures = self._recent(name, now)
            if len(failures) >= allowed:
                left = failures[0] + WINDOW - now
                raise TooManyAttempts(retry_after_seconds=int(left.total_seconds()) + 1)
        for name, allowed in _limits(username, address).items():
            self._failures.setdefault(name, deque(maxlen=allowed)).append(now)
            self._failures.move_to_end(name)
        while len(self._failures) > REMEMBERED:
            self._failures.popitem(last=False)

    def take_back(self, username: str, address: str, begun: datetime) -> None:
        """Forget the attempt begun at that time: it was no failure."""
        for name in _limits(username, address):
            with suppress(KeyError, ValueError):  # forgotten meanwhile
                self._failures[name].remove(begun)

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
        f"place {user} {address}": FROM_ONE_PLACE,
        f"user {user}": OF_ONE_USER,
        f"address {address}": FROM_ONE_ADDRESS,
    }
