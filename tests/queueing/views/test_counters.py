"""The list of counters says what each says alone, in few reads."""

from typing import Any

from sqlalchemy import Connection, event

from app.queueing.change import SYSTEM
from app.queueing.commands import calling
from app.queueing.site.pauses import PauseRules, read_pause_rules
from app.queueing.views.counters import CounterView, counter_view, visible_counters
from tests.support import cast, mall
from tests.support.rules.harness import ADMIN, RulesHarness


def test_the_list_says_of_each_counter_what_it_says_alone(
    small_mall_rules: RulesHarness,
) -> None:
    open_and_call(small_mall_rules, mall.LOKET_1, cast.SARI)
    open_and_call(small_mall_rules, mall.LOKET_3, cast.MADE)

    listed = small_mall_rules.see(
        visible_counters, actor=SYSTEM, rules=now(small_mall_rules)
    )

    assert listed == [
        small_mall_rules.see(
            counter_view,
            counter_id=counter_id,
            actor=SYSTEM,
            rules=now(small_mall_rules),
        )
        for counter_id in (mall.LOKET_1, mall.LOKET_2, mall.LOKET_3)
    ]
    assert [c.ticket is not None for c in listed] == [True, False, True]


def test_an_officer_is_told_only_of_her_agencys_counters(
    small_mall_rules: RulesHarness,
) -> None:
    found = small_mall_rules.see(
        visible_counters, actor=cast.SARI.actor, rules=now(small_mall_rules)
    )

    assert [counter.id for counter in found] == [mall.LOKET_1, mall.LOKET_2]


def test_more_visitors_at_counters_cost_no_more_reads(
    small_mall_rules: RulesHarness,
) -> None:
    open_and_call(small_mall_rules, mall.LOKET_1, cast.SARI)
    one = reads(small_mall_rules)

    open_and_call(small_mall_rules, mall.LOKET_2, cast.BUDI)
    open_and_call(small_mall_rules, mall.LOKET_3, cast.MADE)

    assert reads(small_mall_rules) == one


def now(rules: RulesHarness) -> PauseRules:
    found: PauseRules = rules.see(read_pause_rules, now=rules.now)
    return found


def open_and_call(
    rules: RulesHarness, counter_id: int, member: cast.StaffMember
) -> None:
    rules.open(counter_id)
    rules.issue(mall.PASPOR if counter_id == mall.LOKET_3 else mall.AKTA)
    rules.do(calling.call_next, counter_id=counter_id, actor=member.actor)


def reads(rules: RulesHarness) -> int:
    """Count the statements that the list takes."""
    seen: list[str] = []

    def note(_db: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    def view(db: Connection) -> list[CounterView]:
        event.listen(db, "before_cursor_execute", note)
        return visible_counters(db, SYSTEM, read_pause_rules(db, rules.now))

    rules.see(view)
    return len(seen)


def test_the_list_of_counters_shows_a_family_where_it_is_and_where_it_waits(
    rules: RulesHarness,
) -> None:
    rules.called(1, 3)

    first, *others = rules.see(visible_counters, actor=ADMIN, rules=now(rules))

    assert first.ticket is not None
    assert first.ticket.place == "Loket 1"
    assert [entry.place for entry in first.ticket.entries] == ["Loket 1", None]
    assert [counter.ticket for counter in others] == [None, None]
