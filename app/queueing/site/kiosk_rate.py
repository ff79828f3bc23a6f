"""How often one kiosk may give a number: a stolen token does not fill the hall."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.errors import NotDurable, TooMany
from app.queueing.site.rates import Rate, Rates

ALERT_SECONDS = 60.0
"""Between two lines of the log about one kiosk."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KioskRate:
    """The rate of the kiosk that gives a number.

    Only numbers given count: not a refusal, not the repeat of a request.
    """

    rates: Rates
    rate: Rate
    kiosk_id: int

    def require(self) -> None:
        """Raise ``TooMany`` when one more is too many, and tell operations."""
        try:
            self.rates.require(self._name, self.rate)
        except TooMany:
            self._alert()
            raise

    def count(self) -> None:
        """Count a number given."""
        self.rates.count(self._name, self.rate)

    def take_back(self) -> None:
        """Forget a number that was counted and never reached the disk."""
        self.rates.take_back(self._name, self.rate)

    def _alert(self) -> None:
        """Write one line a minute: the log may not be flooded either."""
        try:
            self.rates.take(f"alert of {self._name}", Rate(1, ALERT_SECONDS))
        except TooMany:
            return
        logger.warning(
            "a kiosk gives numbers faster than its rate kiosk=%d: if nobody stands"
            " there, revoke its pairing under Devices",
            self.kiosk_id,
        )

    @property
    def _name(self) -> str:
        return f"kiosk {self.kiosk_id}"


@dataclass(slots=True)
class RateUse:
    """What one request for a number counts for, once its command has run."""

    rates: Rates
    counted: KioskRate | None = None

    @contextmanager
    def durable_only(self) -> Iterator[None]:
        """Let a number that never reached the disk count for nothing.

        It is counted before the commit: a batch may hold many of one kiosk.
        """
        try:
            yield
        except NotDurable:
            self.take_back()
            raise

    def count(self, kiosk_rate: KioskRate) -> None:
        """Count a number that this kiosk has given."""
        kiosk_rate.count()
        self.counted = kiosk_rate

    def take_back(self) -> None:
        """Forget the number that was counted, if one was."""
        if self.counted is not None:
            self.counted.take_back()
            self.counted = None
