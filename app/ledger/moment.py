"""The writer's own time: it never goes back, and opens no day on a clock in doubt.

A clock may jump: an hour by hand, to 2010 after a dead battery, years ahead.
The writer's time goes on steadily instead of back; and where following the
clock would begin another service day after an unlikely jump, a person has to
confirm the date first.
"""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.clock import Clock, local_date
from app.errors import Invalid

LIKELY_JUMP = timedelta(hours=2)


class Moment(NamedTuple):
    """A moment as the writer takes it, and whether the clock is in doubt."""

    now: datetime
    day: date
    is_in_doubt: bool


class WriterTime:
    """Reads the clock, and judges it by what was written last."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._zone = ZoneInfo("UTC")
        self._longest_rest = timedelta()
        self._last = datetime.min.replace(tzinfo=UTC)
        self._at = 0.0
        self._day = date.min
        self._is_anchored = False

    def begin(
        self, *, last: datetime, day: date, zone: ZoneInfo, longest_rest: timedelta
    ) -> None:
        """Start from what the database says; ``longest_rest`` is a likely time off."""
        self._zone, self._longest_rest = zone, longest_rest
        if last > self._last:
            self._last, self._at = last, self._clock.monotonic()
        self._day = max(day, self._day)

    def read(self) -> Moment:
        """Return the present moment; the time that it was read is remembered."""
        clock_says, steady = self._clock.now(), self._steady()
        if clock_says < self._last:
            if self._is_anchored:  # we have counted the seconds ourselves
                return self._note(steady, self._later(steady), False)
            return self._note(steady, self._day, self._is_behind(clock_says, steady))
        day = local_date(clock_says, self._zone)
        if day > self._day and self._is_unlikely(clock_says, steady):
            return self._note(steady, self._day, True)
        self._is_anchored = True
        return self._note(clock_says, max(day, self._day), False)

    def now(self) -> datetime:
        """Return the present moment as the next command would take it.

        What a person does by the clock (a sign-in that ends) must follow this
        one: by a clock in doubt nobody could sign in to confirm the date.
        """
        clock_says, steady = self._clock.now(), self._steady()
        if self._day == date.min:
            return clock_says
        if clock_says < self._last:
            return steady
        is_new = local_date(clock_says, self._zone) > self._day
        return (
            steady if is_new and self._is_unlikely(clock_says, steady) else clock_says
        )

    def clock_says(self) -> datetime:
        """Return what the clock shows, unjudged."""
        return self._clock.now()

    def day_is_over(self) -> bool:
        """Tell whether a later date than the service day has come."""
        clock_says = self._clock.now()
        if clock_says < self._last and self._is_anchored:
            clock_says = self._steady()
        return local_date(clock_says, self._zone) > self._day

    def is_in_doubt(self) -> bool:
        """Tell whether a person has to confirm the date (changes nothing)."""
        clock_says, steady = self._clock.now(), self._steady()
        if clock_says < self._last:
            return not self._is_anchored and self._is_behind(clock_says, steady)
        is_new = local_date(clock_says, self._zone) > self._day
        return is_new and self._is_unlikely(clock_says, steady)

    def confirm(self, day: date) -> None:
        """Take a person's word that today is ``day``.

        Either the clock is right and a later day begins; or the clock is
        behind, and the service day goes on. Raises ``Invalid`` for another
        date.
        """
        clock_says = self._clock.now()
        if clock_says >= self._last and local_date(clock_says, self._zone) == day:
            self._last, self._at = clock_says, self._clock.monotonic()
            self._is_anchored = True
        elif clock_says < self._last and day == self._day:
            self._is_anchored = True
        elif day == self._day:
            raise Invalid("The clock is ahead of that date: set it right.", field="day")
        else:
            raise Invalid("Neither the clock nor the service day is that date.")

    def _note(self, now: datetime, day: date, doubt: bool) -> Moment:
        self._last, self._at, self._day = now, self._clock.monotonic(), day
        return Moment(now, day, doubt)

    def _later(self, moment: datetime) -> date:
        return max(self._day, local_date(moment, self._zone))

    def _steady(self) -> datetime:
        passed = self._clock.monotonic() - self._at
        return self._last + timedelta(seconds=max(0.0, passed))

    def _is_behind(self, clock_says: datetime, steady: datetime) -> bool:
        is_earlier = local_date(clock_says, self._zone) < self._day
        return is_earlier and steady - clock_says > LIKELY_JUMP

    def _is_unlikely(self, clock_says: datetime, steady: datetime) -> bool:
        """Judge a jump ahead: narrowly while running, widely after a time off."""
        likely = LIKELY_JUMP if self._is_anchored else self._longest_rest
        return clock_says - steady > likely
