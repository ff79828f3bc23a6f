"""The writer's time: an hour's jump harms nothing, an unlikely date opens no day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.errors import Invalid
from app.ledger.writer_clock import WriterClock
from tests.properties.driver import Clock

NINE = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)
HOUR = 3600
DAY = 24 * HOUR


@pytest.fixture
def clock() -> Clock:
    return Clock(NINE)


@pytest.fixture
def time(clock: Clock) -> WriterClock:
    """Return the time of a server that runs since some commands ago."""
    time = started(clock)
    time.read()
    return time


def started(clock: Clock, last: datetime = NINE, day: date = TUESDAY) -> WriterClock:
    """Return the time of a server that has just started."""
    time = WriterClock(clock)
    zone = ZoneInfo("Asia/Jakarta")
    time.begin(last=last, day=day, zone=zone, max_time_off=timedelta(days=14))
    return time


def test_it_follows_the_clock(clock: Clock, time: WriterClock) -> None:
    clock.wait(HOUR)

    assert time.read() == (NINE + timedelta(hours=1), TUESDAY, False)
    assert not time.is_in_doubt()


@pytest.mark.parametrize("jump", [-61, -HOUR])
def test_set_back_it_goes_on_steadily(
    clock: Clock, time: WriterClock, jump: float
) -> None:
    clock.wait(60)
    before = time.read().now
    clock.jump(jump)
    clock.wait(60)

    moment = time.read()

    assert moment == (before + timedelta(seconds=60), TUESDAY, False)


def test_it_meets_the_clock_again(clock: Clock, time: WriterClock) -> None:
    clock.jump(-HOUR)
    time.read()
    clock.wait(2 * HOUR)

    assert time.read().now == clock.now() == NINE + timedelta(hours=1)


def test_an_hour_ahead_is_followed(clock: Clock, time: WriterClock) -> None:
    clock.jump(HOUR)

    assert time.read() == (NINE + timedelta(hours=1), TUESDAY, False)


def test_midnight_opens_a_day_at_the_sites_date(
    clock: Clock, time: WriterClock
) -> None:
    clock.wait(15 * HOUR - 1)
    assert time.read().day == TUESDAY
    assert not time.day_is_over(TUESDAY)

    clock.wait(1)

    assert time.day_is_over(TUESDAY)
    assert time.read() == (NINE + timedelta(hours=15), WEDNESDAY, False)


def test_an_hours_jump_over_midnight_opens_it_too(
    clock: Clock, time: WriterClock
) -> None:
    clock.wait(14.5 * HOUR)
    time.read()
    clock.jump(HOUR)

    assert time.read().day == WEDNESDAY


@pytest.mark.parametrize("jump", [20 * HOUR, 400 * DAY])
def test_far_ahead_opens_no_day_until_a_person_confirms(
    clock: Clock, time: WriterClock, jump: float
) -> None:
    clock.jump(jump)
    clock.wait(30)

    moment = time.read()
    assert moment == (NINE + timedelta(seconds=30), TUESDAY, True)
    assert time.is_in_doubt()

    machine_date = (clock.now() + timedelta(hours=7)).date()
    time.confirm(machine_date)
    assert not time.is_in_doubt()
    assert time.read() == (clock.now(), machine_date, False)


def test_a_clock_of_2010_opens_no_day_and_gives_no_numbers(clock: Clock) -> None:
    clock.jump(-16 * 365 * DAY)
    time = started(clock)

    assert time.is_in_doubt()
    assert time.read() == (NINE, TUESDAY, True)

    time.confirm(TUESDAY)
    clock.wait(60)
    assert not time.is_in_doubt()
    assert time.read() == (NINE + timedelta(seconds=60), TUESDAY, False)


def test_once_the_clock_is_right_again_its_word_counts(clock: Clock) -> None:
    clock.jump(-16 * 365 * DAY)
    time = started(clock)
    time.confirm(TUESDAY)
    clock.jump(16 * 365 * DAY + 60)

    assert time.read() == (NINE + timedelta(seconds=60), TUESDAY, False)


def test_a_running_server_counts_itself_when_the_clock_falls_to_2010(
    clock: Clock, time: WriterClock
) -> None:
    clock.jump(-16 * 365 * DAY)
    clock.wait(14 * HOUR)
    assert time.read() == (NINE + timedelta(hours=14), TUESDAY, False)
    assert not time.is_in_doubt()
    assert not time.day_is_over(TUESDAY)

    clock.wait(HOUR)

    assert time.day_is_over(TUESDAY)
    assert time.read() == (NINE + timedelta(hours=15), WEDNESDAY, False)


@pytest.mark.parametrize("day", [WEDNESDAY, date(2010, 1, 1)])
def test_no_other_date_is_confirmed(clock: Clock, time: WriterClock, day: date) -> None:
    with pytest.raises(Invalid):
        time.confirm(day)
    clock.jump(-16 * 365 * DAY)
    with pytest.raises(Invalid):
        time.confirm(day)


def test_a_clock_ahead_has_to_be_set_right_first(
    clock: Clock, time: WriterClock
) -> None:
    clock.jump(30 * DAY)

    with pytest.raises(Invalid, match="set it right"):
        time.confirm(TUESDAY)


@pytest.mark.parametrize(("days", "doubt"), [(3, False), (14, False), (15, True)])
def test_after_a_time_off_a_later_day_is_likely(
    clock: Clock, days: int, doubt: bool
) -> None:
    clock.jump(days * DAY)

    time = started(clock)

    assert time.is_in_doubt() is doubt
    moment = time.read()
    assert moment.is_in_doubt is doubt
    assert moment.day == TUESDAY + timedelta(days=0 if doubt else days)


def test_started_again_it_remembers_the_later(clock: Clock, time: WriterClock) -> None:
    zone, rest = ZoneInfo("Asia/Jakarta"), timedelta(days=14)
    clock.wait(HOUR)
    later = time.read()

    time.begin(last=NINE, day=date(2026, 11, 1), zone=zone, max_time_off=rest)

    assert time.read() == later


def test_before_the_database_has_spoken_the_clock_is_believed(clock: Clock) -> None:
    assert WriterClock(clock).now() == NINE
