"""Failed sign-ins are slowed down, by user name and by address."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta

from app.errors import TooManyAttempts

ALLOWED = 5
WINDOW = timedelta(minutes=1)
REMEMBERED = 10_000


class Attempts:
    """Failures of the last minute; forgets the oldest names when there are many."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, deque[datetime]] = OrderedDict()

    def check(self, names: tuple[str, ...], now: datetime) -> None:
        """Raise ``TooManyAttempts`` when one of the names has failed too often."""
        for name in names:
            failures = self._recent(name, now)
            if len(failures) >= ALLOWED:
                left = failures[0] + WINDOW - now
                raise TooManyAttempts(retry_after_seconds=int(left.total_seconds()) + 1)

    def failed(self, names: tuple[str, ...], now: datetime) -> None:
        """Note a failure under each name."""
        for name in names:
            self._failures.setdefault(name, deque(maxlen=ALLOWED)).append(now)
            self._failures.move_to_end(name)
        while len(self._failures) > REMEMBERED:
            self._failures.popitem(last=False)

    def _recent(self, name: str, now: datetime) -> deque[datetime]:
        failures = self._failures.get(name, deque())
        while failures and failures[0] + WINDOW <= now:
            failures.popleft()
        if not failures:
            self._failures.pop(name, None)
        return failures
