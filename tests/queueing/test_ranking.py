"""Who is next: arrival less head start, and nobody starves."""

from datetime import UTC, datetime, timedelta

import pytest

from app.queueing.commands.calling import call_next
from app.queueing.commands.serving import serve
from app.queueing.line.ranking import rank_of
from tests.queueing.conftest import Rules
from tests.support import cast, mall
from tests.support.clock import MovableClock

SARI = cast.SARI.actor
BUDI = cast.BUDI.actor


@pytest.fixture
def two_counters(rules: Rules) -> Rules:
    rules.open(mall.LOKET_1, cast.SARI)
    rules.open(mall.LOKET_2, cast.BUDI)
    return rules


def test_a_rank_is_arrival_less_head_start_in_milliseconds() -> None:
    arrival = datetime(2026, 11, 24, 2, 0, 0, 5000, tzinfo=UTC)

    assert rank_of(arrival, timedelta()) == 1795485600005
    assert rank_of(arrival, timedelta(minutes=1)) == 1795485600005 - 60_000


def test_calls_in_order_of_arrival(two_counters: Rules) -> None:
    first, second = (two_counters.issue(mall.AKTA) for _ in range(2))

    assert call(two_counters, mall.LOKET_1) == first
    assert call(two_counters, mall.LOKET_2) == second


def test_two_of_the_same_moment_are_called_in_order_of_issue(
    two_counters: Rules, clock: MovableClock
) -> None:
    now = clock.now()
    tickets = []
    for _ in range(3):
        clock.set(now)
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
    two_counters: Rules, clock: MovableClock, priority: str, minutes: int
) -> None:
    long_before = two_counters.issue(mall.AKTA)
    clock.move(seconds=2)
    just_before = two_counters.issue(mall.AKTA)
    clock.move(minutes=minutes, seconds=-1)
    elder = two_counters.issue(mall.AKTA, priority=priority)

    order = [call_and_serve(two_counters, mall.LOKET_1) for _ in range(3)]

    assert order == [long_before, elder, just_before]


def test_a_counters_preference_is_a_head_start_at_that_counter_alone(
    two_counters: Rules, clock: MovableClock
) -> None:
    birth = two_counters.issue(mall.AKTA)
    clock.move(minutes=14)
    card = two_counters.issue(mall.KTP)

    assert call(two_counters, mall.LOKET_2) == card  # prefers KTP by 15 minutes
    assert call(two_counters, mall.LOKET_1) == birth


def test_a_preference_does_not_pass_who_came_before_it(
    two_counters: Rules, clock: MovableClock
) -> None:
    birth = two_counters.issue(mall.AKTA)
    clock.move(minutes=16)
    two_counters.issue(mall.KTP)

    assert call(two_counters, mall.LOKET_2) == birth


def test_a_ticket_under_way_elsewhere_is_passed_over_and_keeps_its_place(
    two_counters: Rules,
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


def call(rules: Rules, counter_id: int) -> int | None:
    actor = SARI if counter_id == mall.LOKET_1 else BUDI
    called: int | None = rules.do(call_next, counter_id=counter_id, actor=actor)
    return called


def call_and_serve(rules: Rules, counter_id: int) -> int | None:
    called = call(rules, counter_id)
    rules.do(serve, counter_id=counter_id, actor=SARI)
    return called
