"""Nobody starves: only those who came within the head start pass a regular visitor."""

from datetime import timedelta

import pytest

from tests.simulation.fairness import (
    HEAD_STARTS,
    SHARES,
    Result,
    passed_by,
    simulate,
    waits,
)
from tests.simulation.figures import mean

DAYS = 3
pytestmark = pytest.mark.timeout(60)


@pytest.fixture(scope="module", params=SHARES)
def results(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[int, Result]:
    folder = tmp_path_factory.mktemp("fairness")
    return {h: simulate(request.param, h, DAYS, folder) for h in HEAD_STARTS}


def test_lets_only_those_pass_who_came_within_the_head_start(
    results: dict[int, Result],
) -> None:
    for result in results.values():
        for visit, later in passed_by(result.visits):
            for visitor in later:
                assert visitor.priority != "regular"
                assert visitor.arrives - visit.visitor.arrives <= result.head_start


def test_lets_no_more_pass_than_came_within_the_head_start(
    results: dict[int, Result],
) -> None:
    for result in results.values():
        arrivals = [visit.visitor.arrives for visit in result.visits]
        for visit, later in passed_by(result.visits):
            came = visit.visitor.arrives
            inside = [at for at in arrivals if came < at <= came + result.head_start]
            assert len(later) <= len(inside)


def test_lets_somebody_pass_at_all(results: dict[int, Result]) -> None:
    passed = [later for _, later in passed_by(results[30].visits) if later]

    assert passed
    assert not any(later for _, later in passed_by(results[0].visits))


def test_shortens_the_wait_of_those_with_priority_the_more_the_longer_it_is(
    results: dict[int, Result],
) -> None:
    means = [mean(waits(results[h].visits, regular=False)) for h in HEAD_STARTS]

    assert means == sorted(means, reverse=True)
    assert means[0] > means[-1]


def test_makes_the_same_visitors_come_whatever_the_head_start(
    results: dict[int, Result],
) -> None:
    came = [[visit.visitor for visit in result.visits] for result in results.values()]

    assert all(visitors == came[0] for visitors in came)
    assert timedelta() < came[0][-1].arrives - came[0][0].arrives
