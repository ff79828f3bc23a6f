"""The writer's clock: it never goes back, and opens no day on a clock in doubt.

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

MAX_LIKELY_JUMP = timedelta(hours=2)


class Moment(NamedTuple):
    """A moment as the writer takes it, and whether the clock is in doubt."""

    now: datetime
    day: date
    is_in_doubt: bool


class _ClockState(NamedTuple):
    """What the clock is judged by, replaced as one: other threads read it too.

    ``monotonic_at_last`` are the machine's seconds at ``last``; ``is_anchored``: the
    clock has shown the right time since the start.
    """

    last: datetime = datetime.min.replace(tzinfo=UTC)
    monotonic_at_last: float = 0.0
    day: date = date.min
    is_anchored: bool = False

    def steady_time(self, monotonic: float) -> datetime:
        """Return the last moment and the seconds counted since."""
        return self.last + timedelta(
            seconds=max(0.0, monotonic - self.monotonic_at_last)
        )


class WriterClock:
    """Reads the clock, and judges it by what was written last."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._zone = ZoneInfo("UTC")
        self._max_time_off = timedelta()
        self._state = _ClockState()

    def begin(
        self, *, last: datetime, day: date, zone: ZoneInfo, max_time_off: timedelta
    ) -> None:
        """Start from what the database says; no longer time off is likely."""
        self._zone, self._max_time_off = zone, max_time_off
        state = self._state
        # the writer begins anew whenever it reopens: what was counted since stands
        if last > state.last:
            state = state._replace(last=last, monotonic_at_last=self._clock.monotonic())
        self._state = state._replace(day=max(day, state.day))

    def read(self) -> Moment:
        """Return the present moment; the time that it was read is remembered."""
        state, machine_time, steady = self._read_clocks()
        if machine_time < state.last:
            if state.is_anchored:  # we have counted the seconds ourselves
                day = max(state.day, local_date(steady, self._zone))
                return self._set_state(steady, day, state.is_anchored)
            # a little behind, it endangers no number: the day stays, and the clock
            # catches up
            is_in_doubt = self._is_behind(state, machine_time, steady)
            return self._set_state(steady, state.day, False, is_in_doubt=is_in_doubt)
        day = local_date(machine_time, self._zone)
        if day > state.day and self._is_unlikely(state, machine_time, steady):
            return self._set_state(
                steady, state.day, state.is_anchored, is_in_doubt=True
            )
        return self._set_state(machine_time, max(day, state.day), True)

    def now(self) -> datetime:
        """Return the present moment as the next command would take it.

        What a person does by the clock (a sign-in that ends) must follow this
        one: by a clock in doubt nobody could sign in to confirm the date.
        """
        state, machine_time, steady = self._read_clocks()
        if state.day == date.min:
            return machine_time
        if machine_time < state.last:
            return steady
        is_new = local_date(machine_time, self._zone) > state.day
        is_unlikely = is_new and self._is_unlikely(state, machine_time, steady)
        return steady if is_unlikely else machine_time

    def machine_time(self) -> datetime:
        """Return what the clock shows, unjudged."""
        return self._clock.now()

    def day_is_over(self, day: date) -> bool:
        """Tell whether a later date than a service day has come."""
        state, machine_time, steady = self._read_clocks()
        is_counted = machine_time < state.last and state.is_anchored
        return local_date(steady if is_counted else machine_time, self._zone) > day

    def is_in_doubt(self) -> bool:
        """Tell whether a person has to confirm the date (changes nothing)."""
        state, machine_time, steady = self._read_clocks()
        if machine_time < state.last:
            is_behind = self._is_behind(state, machine_time, steady)
            return not state.is_anchored and is_behind
        is_new = local_date(machine_time, self._zone) > state.day
        return is_new and self._is_unlikely(state, machine_time, steady)

    def confirm(self, day: date) -> None:
        """Accept from a person that today is ``day``.

        Either the clock is right and a later day begins; or the clock is
        behind, and the service day goes on. Raises ``Invalid`` for another
        date.
        """
        state, machine_time, _ = self._read_clocks()
        if machine_time >= state.last and local_date(machine_time, self._zone) == day:
            now = self._clock.monotonic()
            # the day is left: the next reading finds it likely now, and begins it
            self._state = _ClockState(machine_time, now, state.day, is_anchored=True)
        elif machine_time < state.last and day == state.day:
            self._state = state._replace(is_anchored=True)
        elif day == state.day:
            raise Invalid("The clock is ahead of that date: set it right.", field="day")
        else:
            raise Invalid("Neither the clock nor the service day is that date.")

    def _read_clocks(self) -> tuple[_ClockState, datetime, datetime]:
        """Return the state, the machine's time, and the time that we have counted."""
        state = self._state
        return state, self._clock.now(), state.steady_time(self._clock.monotonic())

    def _set_state(
        self, now: datetime, day: date, is_anchored: bool, *, is_in_doubt: bool = False
    ) -> Moment:
        self._state = _ClockState(now, self._clock.monotonic(), day, is_anchored)
        return Moment(now, day, is_in_doubt)

    def _is_behind(
        self, state: _ClockState, machine_time: datetime, steady: datetime
    ) -> bool:
        is_earlier = local_date(machine_time, self._zone) < state.day
        return is_earlier and steady - machine_time > MAX_LIKELY_JUMP

    def _is_unlikely(
        self, state: _ClockState, machine_time: datetime, steady: datetime
    ) -> bool:
        """Judge a jump ahead: narrowly while running, widely after a time off."""
        max_jump = MAX_LIKELY_JUMP if state.is_anchored else self._max_time_off
        return machine_time - steady > max_jump
