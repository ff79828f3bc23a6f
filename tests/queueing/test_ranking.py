"""Who is next: arrival less head start, and nobody starves."""

from datetime import UTC, datetime, timedelta

import pytest

from app.queueing.commands.calling import call_next
from app.queueing.commands.serving import serve
from app.queueing.line.ranking import rank_of
from tests.support import mall
from tests.support.custom_mall import CustomMall
from tests.support.rules import BUDI, SARI, RulesHarness, preferring


@pytest.fixture
def own_mall() -> CustomMall:
    return preferring()


@pytest.fixture
def two_counters(rules: RulesHarness) -> RulesHarness:
    rules.open(mall.LOKET_1)
    rules.open(mall.LOKET_2)
    return rules


def test_a_rank_is_arrival_less_head_start_in_milliseconds() -> None:
    arrival = datetime(2026, 11, 24, 2, 0, 0, 5000, tzinfo=UTC)

    assert rank_of(arrival, timedelta()) == 1795485600005
    assert rank_of(arrival, timedelta(minutes=1)) == 1795485600005 - 60_000


def test_calls_in_order_of_arrival(two_counters: RulesHarness) -> None:
    first, second = (two_counters.issue(mall.AKTA) for _ in range(2))

    assert call(two_counters, mall.LOKET_1) == first
    assert call(two_counters, mall.LOKET_2) == second


def test_two_of_the_same_moment_are_called_in_order_of_issue(
    two_counters: RulesHarness,
) -> None:
    now = two_counters.now
    tickets = []
    for _ in range(3):
        two_counters.now = now
        tickets.append(two_counters.issue(mall.AKTA))

    assert call(two_counters, mall.LOKET_1) == tickets[0]


@pytest.mark.parametrize(
    ("priority", "minutes"),
    [
        ("lansia", 20),
        ("disabilitas", 20),
        ("hamil", 20),
        ("menyusui", 20),
        ("anak", 10),
    ],
)
def test_a_priority_class_passes_only_those_within_its_head_start(
    two_counters: RulesHarness, priority: str, minutes: int
) -> None:
    long_before = two_counters.issue(mall.AKTA)
    two_counters.wait(seconds=2)
    just_before = two_counters.issue(mall.AKTA)
    two_counters.wait(minutes=minutes, seconds=-1)
    elder = two_counters.issue(mall.AKTA, priority=priority)

    order = [call_and_serve(two_counters, mall.LOKET_1) for _ in range(3)]

    assert order == [long_before, elder, just_before]


def test_a_counters_preference_is_a_head_start_at_that_counter_alone(
    two_counters: RulesHarness,
) -> None:
    birth = two_counters.issue(mall.AKTA)
    two_counters.wait(minutes=14)
    card = two_counters.issue(mall.KTP)

    assert call(two_counters, mall.LOKET_2) == card  # prefers KTP by 15 minutes
    assert call(two_counters, mall.LOKET_1) == birth


def test_a_preference_does_not_pass_who_came_before_it(
    two_counters: RulesHarness,
) -> None:
    birth = two_counters.issue(mall.AKTA)
    two_counters.wait(minutes=16)
    two_counters.issue(mall.KTP)

    assert call(two_counters, mall.LOKET_2) == birth


def test_a_ticket_under_way_elsewhere_is_passed_over_and_keeps_its_place(
    two_counters: RulesHarness,
) -> None:
    both = two_counters.issue(mall.AKTA, mall.KTP)
    later = two_counters.issue(mall.KTP)
    assert call(two_counters, mall.LOKET_1) == both

    assert call(two_counters, mall.LOKET_2) == later
    two_counters.do(serve, counter_id=mall.LOKET_2, actor=BUDI)
    assert call(two_counters, mall.LOKET_2) is None  # still at the other counter
    two_counters.do(serve, counter_id=mall.LOKET_1, actor=SARI)
    last = two_counters.issue(mall.KTP)

    assert call(two_counters, mall.LOKET_2) == both
    assert call(two_counters, mall.LOKET_1) == last


def call(rules: RulesHarness, counter_id: int) -> int | None:
    actor = SARI if counter_id == mall.LOKET_1 else BUDI
    called: int | None = rules.do(call_next, counter_id=counter_id, actor=actor)
    return called


def call_and_serve(rules: RulesHarness, counter_id: int) -> int | None:
    called = call(rules, counter_id)
    rules.do(serve, counter_id=counter_id, actor=SARI)
    return called
