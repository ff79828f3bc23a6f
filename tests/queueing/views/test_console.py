"""An officer's console: the line in the order in which this counter would call."""

from sqlalchemy import Connection

from app.queueing.commands import counter_states
from app.queueing.commands.calling import call_next, return_
from app.queueing.commands.serving import no_show, serve
from app.queueing.commands.undoing import undo_on_ticket
from app.queueing.views.console import Console, console
from tests.support import cast, mall
from tests.support.clock import MORNING, MovableClock
from tests.support.rules.harness import RulesHarness

SARI = cast.SARI.actor


def seen(rules: RulesHarness, counter_id: int) -> Console:
    def view(db: Connection) -> Console:
        return console(db, counter_id, MORNING)

    shown: Console = rules.see(view)
    return shown


def test_shows_lines_and_who_waits_in_this_counters_order(
    small_mall_rules: RulesHarness, clock: MovableClock
) -> None:
    small_mall_rules.issue(mall.AKTA, people=4)
    clock.move(minutes=14)
    small_mall_rules.issue(mall.KTP, priority="lansia", assistance=True)
    small_mall_rules.issue(mall.PASPOR)

    at_1, at_2 = (
        seen(small_mall_rules, mall.LOKET_1),
        seen(small_mall_rules, mall.LOKET_2),
    )

    assert [(s.code, s.waiting) for s in at_1.services] == [("AKTA", 1), ("KTP", 1)]
    assert at_1.waiting == 2
    # 20 minutes' head start puts the elder first at both
    assert [w.number for w in at_1.line] == ["K-001", "A-001"]
    assert [w.number for w in at_2.line] == ["K-001", "A-001"]
    elder, family = at_1.line
    assert (elder.priority, elder.assistance) == ("lansia", True)
    assert family.people == 4


def test_a_preference_orders_the_line_of_that_counter_alone(
    small_mall_rules: RulesHarness, clock: MovableClock
) -> None:
    small_mall_rules.issue(mall.AKTA)
    clock.move(minutes=14)
    small_mall_rules.issue(mall.KTP)

    assert [w.number for w in seen(small_mall_rules, mall.LOKET_1).line] == [
        "A-001",
        "K-001",
    ]
    assert [w.number for w in seen(small_mall_rules, mall.LOKET_2).line] == [
        "K-001",
        "A-001",
    ]


def test_an_undo_has_no_reason_to_tell(small_mall_rules: RulesHarness) -> None:
    small_mall_rules.open(mall.LOKET_1)
    gone = small_mall_rules.issue(mall.AKTA)
    small_mall_rules.issue(mall.AKTA)
    small_mall_rules.do(call_next, counter_id=mall.LOKET_1, actor=SARI)
    small_mall_rules.do(serve, counter_id=mall.LOKET_1, actor=SARI)
    small_mall_rules.do(call_next, counter_id=mall.LOKET_1, actor=SARI)

    small_mall_rules.do(undo_on_ticket, ticket_id=gone, actor=SARI)

    (aside,) = seen(small_mall_rules, mall.LOKET_1).aside
    assert (aside.ticket_id, aside.state, aside.reason) == (gone, "parked", None)


def test_marks_who_is_called_elsewhere_and_counts_the_day(
    small_mall_rules: RulesHarness,
) -> None:
    small_mall_rules.open(mall.LOKET_1)
    small_mall_rules.issue(mall.AKTA, mall.KTP)
    small_mall_rules.do(call_next, counter_id=mall.LOKET_1, actor=SARI)

    shown = seen(small_mall_rules, mall.LOKET_2)
    assert [(w.number, w.is_elsewhere) for w in shown.line] == [("A-001", True)]

    small_mall_rules.do(no_show, counter_id=mall.LOKET_1, actor=SARI, reason="left")
    small_mall_rules.do(call_next, counter_id=mall.LOKET_1, actor=SARI)
    small_mall_rules.do(serve, counter_id=mall.LOKET_1, actor=SARI)
    day = seen(small_mall_rules, mall.LOKET_1).day
    assert (day.served, day.no_show) == (1, 1)


def test_a_line_counts_the_other_counters_that_serve_it_now(
    small_mall_rules: RulesHarness,
) -> None:
    small_mall_rules.open(mall.LOKET_1)
    assert {s.others_open for s in seen(small_mall_rules, mall.LOKET_1).services} == {0}

    small_mall_rules.open(mall.LOKET_2)
    assert {s.others_open for s in seen(small_mall_rules, mall.LOKET_1).services} == {1}

    small_mall_rules.at(mall.LOKET_2, counter_states.pause)
    assert {s.others_open for s in seen(small_mall_rules, mall.LOKET_1).services} == {0}


def test_who_was_returned_here_stands_behind_the_next_call(
    small_mall_rules: RulesHarness,
) -> None:
    rules = small_mall_rules
    for _ in range(3):
        rules.issue(mall.AKTA)
    rules.do(counter_states.open_, counter_id=mall.LOKET_1, actor=SARI)
    rules.do(counter_states.open_, counter_id=mall.LOKET_2, actor=cast.BUDI.actor)
    rules.do(call_next, counter_id=mall.LOKET_1, actor=SARI)

    rules.do(return_, counter_id=mall.LOKET_1, actor=SARI)

    numbers = [w.number for w in seen(rules, mall.LOKET_1).line]
    assert numbers == ["A-002", "A-001", "A-003"]
    at_2 = [w.number for w in seen(rules, mall.LOKET_2).line]
    assert at_2 == ["A-001", "A-002", "A-003"]
    rules.do(call_next, counter_id=mall.LOKET_1, actor=SARI)
    assert seen(rules, mall.LOKET_1).counter.ticket.number == numbers[0]  # type: ignore[union-attr]
