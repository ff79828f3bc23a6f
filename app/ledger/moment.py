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


class _Known(NamedTuple):
    """What the clock is judged by, replaced as one: other threads read it too.

    ``at`` are the machine's seconds at ``last``; anchored is who has seen the
    clock tell the right time since the start.
    """

    last: datetime = datetime.min.replace(tzinfo=UTC)
    at: float = 0.0
    day: date = date.min
    is_anchored: bool = False

    def steady(self, monotonic: float) -> datetime:
        """Return the last moment and the seconds counted since."""
        return self.last + timedelta(seconds=max(0.0, monotonic - self.at))


class WriterTime:
    """Reads the clock, and judges it by what was written last."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._zone = ZoneInfo("UTC")
        self._longest_rest = timedelta()
        self._known = _Known()

    def begin(
        self, *, last: datetime, day: date, zone: ZoneInfo, longest_rest: timedelta
    ) -> None:
        """Start from what the database says; ``longest_rest`` is a likely time off."""
        self._zone, self._longest_rest = zone, longest_rest
        known = self._known
        if last > known.last:
            known = known._replace(last=last, at=self._clock.monotonic())
        self._known = known._replace(day=max(day, known.day))

    def read(self) -> Moment:
        """Return the present moment; the time that it was read is remembered."""
        known, clock_says, steady = self._look()
        if clock_says < known.last:
            if known.is_anchored:  # we have counted the seconds ourselves
                day = max(known.day, local_date(steady, self._zone))
                return self._note(steady, day, known.is_anchored)
            doubt = self._is_behind(known, clock_says, steady)
            return self._note(steady, known.day, False, doubt=doubt)
        day = local_date(clock_says, self._zone)
        if day > known.day and self._is_unlikely(known, clock_says, steady):
            return self._note(steady, known.day, known.is_anchored, doubt=True)
        return self._note(clock_says, max(day, known.day), True)

    def now(self) -> datetime:
        """Return the present moment as the next command would take it.

        What a person does by the clock (a sign-in that ends) must follow this
        one: by a clock in doubt nobody could sign in to confirm the date.
        """
        known, clock_says, steady = self._look()
        if known.day == date.min:
            return clock_says
        if clock_says < known.last:
            return steady
        is_new = local_date(clock_says, self._zone) > known.day
        is_unlikely = is_new and self._is_unlikely(known, clock_says, steady)
        return steady if is_unlikely else clock_says

    def clock_says(self) -> datetime:
        """Return what the clock shows, unjudged."""
        return self._clock.now()

    def day_is_over(self) -> bool:
        """Tell whether a later date than the service day has come."""
        known, clock_says, steady = self._look()
        is_counted = clock_says < known.last and known.is_anchored
        return local_date(steady if is_counted else clock_says, self._zone) > known.day

    def is_in_doubt(self) -> bool:
        """Tell whether a person has to confirm the date (changes nothing)."""
        known, clock_says, steady = self._look()
        if clock_says < known.last:
            is_behind = self._is_behind(known, clock_says, steady)
            return not known.is_anchored and is_behind
        is_new = local_date(clock_says, self._zone) > known.day
        return is_new and self._is_unlikely(known, clock_says, steady)

    def confirm(self, day: date) -> None:
        """Take a person's word that today is ``day``.

        Either the clock is right and a later day begins; or the clock is
        behind, and the service day goes on. Raises ``Invalid`` for another
        date.
        """
        known, clock_says, _ = self._look()
        if clock_says >= known.last and local_date(clock_says, self._zone) == day:
            now = self._clock.monotonic()
            self._known = _Known(clock_says, now, known.day, is_anchored=True)
        elif clock_says < known.last and day == known.day:
            self._known = known._replace(is_anchored=True)
        elif day == known.day:
            raise Invalid("The clock is ahead of that date: set it right.", field="day")
        else:
            raise Invalid("Neither the clock nor the service day is that date.")

    def _look(self) -> tuple[_Known, datetime, datetime]:
        """Return what is known, what the clock says, and what we have counted."""
        known = self._known
        return known, self._clock.now(), known.steady(self._clock.monotonic())

    def _note(
        self, now: datetime, day: date, is_anchored: bool, *, doubt: bool = False
    ) -> Moment:
        self._known = _Known(now, self._clock.monotonic(), day, is_anchored)
        return Moment(now, day, doubt)

    def _is_behind(self, known: _Known, clock_says: datetime, steady: datetime) -> bool:
        is_earlier = local_date(clock_says, self._zone) < known.day
        return is_earlier and steady - clock_says > LIKELY_JUMP

    def _is_unlikely(
        self, known: _Known, clock_says: datetime, steady: datetime
    ) -> bool:
        """Judge a jump ahead: narrowly while running, widely after a time off."""
        likely = LIKELY_JUMP if known.is_anchored else self._longest_rest
        return clock_says - steady > likely
