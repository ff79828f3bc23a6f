"""One number in three lines: never called twice at a time, and sooner at home."""

import random
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from tests.simulation.errands import (
    CASE,
    FIRST_DAY,
    FULL_VISITS,
    PLAN,
    SEED,
    Case,
    compare,
)
from tests.simulation.mall import simulated
from tests.simulation.running import Day, Visit
from tests.simulation.visitors import visitors_of

PLAIN_VISITS = 120
PLAIN_DAYS = 12
MOST_OF_ONE_BY_ONE = 0.65
MOST_GROWTH = 0.05
DAYS = 3
MANY = Case(several=0.2)


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> list[list[Visit]]:
    """Return some days on which a fifth of all visitors have three errands."""
    dice = random.Random(SEED)  # noqa: S311 (no secret)
    with simulated(tmp_path_factory.mktemp("errands") / "a.sqlite3", PLAN) as mall:
        return [
            Day(mall, together=True).run(
                visitors_of(FIRST_DAY + timedelta(days=number), MANY.habits, dice)
            )
            for number in range(DAYS)
        ]


def test_serves_every_errand_of_every_visitor_once(days: list[list[Visit]]) -> None:
    for visits in days:
        assert len(visits) > 200
        for visit in visits:
            wanted = sorted(errand.service for errand in visit.visitor.errands)
            assert sorted(entry.service for entry in visit.entries) == wanted
            assert all(entry.done for entry in visit.entries)


def test_calls_nobody_to_two_counters_at_a_time(days: list[list[Visit]]) -> None:
    several = [visit for visits in days for visit in visits if len(visit.entries) > 1]

    assert len(several) > 100
    for visit in several:
        for before, after in pairwise(visit.entries):
            assert before.done is not None
            assert after.called is not None
            assert before.done <= after.called


def test_calls_nobody_to_a_counter_that_is_busy(days: list[list[Visit]]) -> None:
    for visits in days:
        entries = [entry for visit in visits for entry in visit.entries]
        for counter in range(PLAN.agencies * PLAN.counters_each):
            here = [
                (entry.called, entry.done)
                for entry in entries
                if entry.counter == counter and entry.called and entry.done
            ]
            assert here
            for (_, done), (called, _) in pairwise(sorted(here)):
                assert done <= called


def test_passes_nobody_over_who_is_free(days: list[list[Visit]]) -> None:
    passed_over = 0
    for visits in days:
        by_line = [(entry, visit) for visit in visits for entry in visit.entries]
        for entry, _ in by_line:
            assert entry.called is not None
            for other, visit in by_line:
                if other.service != entry.service or other.joined >= entry.joined:
                    continue
                if other.called is not None and other.called > entry.called:
                    passed_over += 1
                    assert visit.is_served_at(entry.called)

    assert passed_over > 10


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_is_sooner_at_home_and_harms_the_others_little(tmp_path: Path) -> None:
    found = compare(CASE, PLAIN_VISITS, tmp_path, PLAIN_DAYS)

    assert len(found.together.building) >= PLAIN_VISITS
    assert found.building_ratio <= MOST_OF_ONE_BY_ONE
    assert found.others_growth <= MOST_GROWTH


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_is_so_over_ten_thousand_visits(tmp_path: Path) -> None:
    found = compare(CASE, FULL_VISITS, tmp_path)

    assert len(found.together.building) >= FULL_VISITS
    assert found.building_ratio <= MOST_OF_ONE_BY_ONE
    assert found.others_growth <= MOST_GROWTH
