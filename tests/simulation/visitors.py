"""Who comes to a simulated mall, when, and for how long: plain values from a seed."""

import math
import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

OPENS_UTC_HOUR = 1  # 08:00 in Jambi
HALF_HOURS = (6, 8, 10, 11, 11, 10, 8, 6, 4, 5, 7, 6, 4)
"""Shares of the day's arrivals from 08:00 to 14:30: a peak in the morning."""
CLASSES = ("lansia", "disabilitas", "hamil", "menyusui", "anak")
SPREAD = 0.6
"""Standard deviation of serving times over their mean (lognormal)."""


class Errand(NamedTuple):
    """A service, by its number in the mall, and how long it will take."""

    service: int
    minutes: float


class Visitor(NamedTuple):
    """Somebody who comes for one or several errands."""

    arrives: datetime
    errands: tuple[Errand, ...]
    priority: str = "regular"


class Habits(NamedTuple):
    """What is known of a mall's visitors.

    ``a_day`` arrive on average; ``several`` of them have ``errands`` errands at
    different agencies, ``priority`` of them a priority class. ``profile`` are the
    shares of the day's arrivals in each half hour.
    """

    a_day: float
    services: int
    minutes: float
    priority: float = 0.0
    several: float = 0.0
    errands: int = 3
    profile: Sequence[int] = HALF_HOURS


def visitors_of(day: datetime, habits: Habits, dice: random.Random) -> list[Visitor]:
    """Return a day's visitors in the order of their arrival; ``day`` is its start."""
    return [_visitor(at, habits, dice) for at in _arrivals(day, habits, dice)]


def _arrivals(day: datetime, habits: Habits, dice: random.Random) -> Iterator[datetime]:
    """Yield arrivals of a Poisson process whose rate changes every half hour."""
    opens = day.replace(hour=OPENS_UTC_HOUR)
    for half_hour, share in enumerate(habits.profile):
        rate = habits.a_day * share / sum(habits.profile) / 30  # a minute
        begins = opens + timedelta(minutes=30 * half_hour)
        minute = dice.expovariate(rate)
        while minute < 30:
            yield begins + timedelta(minutes=minute)
            minute += dice.expovariate(rate)


def _visitor(at: datetime, habits: Habits, dice: random.Random) -> Visitor:
    number = habits.errands if dice.random() < habits.several else 1
    services: Sequence[int] = dice.sample(range(habits.services), number)
    errands = tuple(
        Errand(service, _minutes(habits.minutes, dice)) for service in services
    )
    is_first = dice.random() < habits.priority
    return Visitor(at, errands, dice.choice(CLASSES) if is_first else "regular")


def _minutes(mean: float, dice: random.Random) -> float:
    variance = math.log(1 + SPREAD**2)
    return dice.lognormvariate(math.log(mean) - variance / 2, math.sqrt(variance))
