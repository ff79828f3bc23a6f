"""Transfer and add: by officers and by ticket."""

from typing import Any

import pytest
from sqlalchemy import delete

from app.errors import (
    AlreadyWaiting,
    Forbidden,
    Invalid,
    NoCounter,
    NotFound,
    Unavailable,
    WrongState,
)
from app.queueing import rows
from app.queueing.commands import calling, cancelling, counter_states, parking, serving
from app.queueing.commands.closures import close_by_hand
from app.queueing.commands.transferring import Target, add, transfer_ticket
from app.queueing.rows import ticket_row
from tests.support.rules.custom_mall import CustomMall
from tests.support.rules.harness import (
    ADMIN,
    BUDI,
    MADE,
    RESEPSI,
    SARI,
    VISITOR,
    MakeRules,
    RulesHarness,
    partly_served,
    refusal_of,
)


@pytest.fixture
def own_mall() -> CustomMall:
    return partly_served()


def send(rules: RulesHarness, ticket: int, target: Target, **arguments: Any) -> Any:
    actor = arguments.pop("actor", RESEPSI)
    action = transfer_ticket
    return rules.do(action, ticket_id=ticket, actor=actor, target=target, **arguments)


@pytest.mark.parametrize(
    ("position", "order"), [("keep", "abxc"), ("end", "abcx"), ("next", "xabc")]
)
def test_a_transfer_goes_to_one_of_three_places(
    rules: RulesHarness, position: Any, order: str
) -> None:
    named = {}
    for name in "abxc":
        named[name] = rules.issue(1 if name == "x" else 3)

    send(rules, named["x"], Target(3, position=position))

    assert rules.line(3) == [named[name] for name in order]


def test_the_class_counts_at_the_end_too(rules: RulesHarness) -> None:
    first, elder = rules.issue(3), rules.issue(1, priority="lansia")

    send(rules, elder, Target(3, position="end"))

    assert rules.line(3) == [elder, first]


def test_a_ticket_without_its_class_goes_to_the_end_as_a_regular(
    rules: RulesHarness,
) -> None:
    elder, other = rules.issue(1, priority="lansia"), rules.issue(3)
    with rules.engine.begin() as db:
        db.execute(delete(rows.private))

    send(rules, elder, Target(3, position="end"))

    assert rules.line(3) == [other, elder]


def test_a_transfer_ignores_quota_and_closing(rules: RulesHarness) -> None:
    ticket = rules.issue(1)
    rules.do(close_by_hand, actor=ADMIN, agency_id=2)

    send(rules, ticket, Target(3))

    assert rules.states(ticket) == ["transferred", "waiting"]


@pytest.mark.parametrize("target", [Target(4), Target(counter_id=4)])
def test_where_nobody_could_ever_call_it_is_refused(
    rules: RulesHarness, target: Target
) -> None:
    ticket = rules.issue(1)

    assert isinstance(refusal_of(lambda: send(rules, ticket, target)), NoCounter)
    assert rules.states(ticket) == ["waiting"]


@pytest.mark.parametrize("target", [Target(), Target(3, 3), Target(99)])
def test_a_target_is_one_known_service_or_counter(
    rules: RulesHarness, target: Target
) -> None:
    ticket = rules.issue(1)

    assert isinstance(refusal_of(lambda: send(rules, ticket, target)), Invalid)


def test_a_ticket_waits_in_a_line_once(rules: RulesHarness) -> None:
    ticket = rules.issue(1, 3)

    refused = refusal_of(lambda: send(rules, ticket, Target(3)))

    assert isinstance(refused, AlreadyWaiting)


def test_a_tie_to_a_counter_holds_until_it_closes(rules: RulesHarness) -> None:
    rules.open(1)
    rules.open(2)
    ticket = rules.issue(1)
    send(rules, ticket, Target(counter_id=2))
    assert rules.at(1, calling.call_next) is None

    rules.at(2, counter_states.close)

    assert rules.at(1, calling.call_next) == ticket


def test_sent_to_a_counter_of_other_services_it_changes_its_line(
    rules: RulesHarness,
) -> None:
    rules.open(3)
    ticket = rules.issue(1)

    send(rules, ticket, Target(counter_id=3))

    assert rules.entries(ticket)[1].service_id == 3
    assert rules.at(3, calling.call_next) == ticket


def test_staff_transfer_by_ticket_wherever_it_is(rules: RulesHarness) -> None:
    ticket = rules.serving(1)

    send(rules, ticket, Target(3, back=True), note="lanjut")

    first, second = rules.entries(ticket)
    assert (first.state, second.back_counter_id) == ("transferred", 1)
    unseen = rules.issue(1)
    hidden = refusal_of(lambda: send(rules, unseen, Target(3), actor=MADE))
    assert isinstance(hidden, NotFound)


def test_add_lets_a_ticket_wait_once_more(rules: RulesHarness) -> None:
    ticket = rules.issue(1, priority="lansia", people=2)
    version = rules.see(ticket_row, ticket_id=ticket).version
    rules.open()

    rules.do(add, ticket_id=ticket, service_id=3, actor=SARI)

    assert rules.states(ticket) == ["waiting", "waiting"]
    assert rules.see(ticket_row, ticket_id=ticket).version > version
    again = refusal_of(
        lambda: rules.do(add, ticket_id=ticket, service_id=3, actor=SARI)
    )
    assert isinstance(again, AlreadyWaiting)


def test_add_needs_an_available_service_and_a_ticket_of_today(
    rules: RulesHarness,
) -> None:
    ticket = rules.issue(1)
    rules.do(close_by_hand, actor=ADMIN, service_id=3)

    def more(ticket_id: int, service: int, actor: Any = RESEPSI) -> Any:
        arguments = {"ticket_id": ticket_id, "service_id": service}
        return refusal_of(lambda: rules.do(add, actor=actor, **arguments))

    assert isinstance(more(ticket, 3), Unavailable)
    assert isinstance(more(99, 3), NotFound)
    assert isinstance(more(ticket, 2, MADE), NotFound)
    rules.wait(days=1)
    assert isinstance(more(ticket, 2), Invalid)


def test_more_lines_than_one_may_choose_are_not_added(make_rules: MakeRules) -> None:
    rules = make_rules(services=[(1, 1)] * 6, counters=[dict.fromkeys(range(1, 7), 0)])
    ticket = rules.issue(1, 2, 3, 4, 5)
    more = {"ticket_id": ticket, "service_id": 6, "actor": RESEPSI}
    assert isinstance(refusal_of(lambda: rules.do(add, **more)), Invalid)

    rules.open(1)
    rules.at(1, calling.call_next)
    rules.at(1, serving.serve)

    rules.do(add, **more)
    assert rules.states(ticket) == ["served", *["waiting"] * 5]


def test_a_way_back_needs_a_counter_to_come_back_to(rules: RulesHarness) -> None:
    ticket = rules.issue(1)

    refused = refusal_of(lambda: send(rules, ticket, Target(3, back=True)))

    assert isinstance(refused, Invalid)
    assert rules.states(ticket) == ["waiting"]


def test_an_officer_sends_on_only_whom_they_serve(rules: RulesHarness) -> None:
    served, waits = rules.serving(1), rules.issue(1)

    def refused(action: Any, **arguments: Any) -> bool:
        actor = arguments.pop("actor", BUDI)
        return isinstance(
            refusal_of(lambda: rules.do(action, actor=actor, **arguments)), Forbidden
        )

    for ticket in (served, waits):
        assert refused(transfer_ticket, ticket_id=ticket, target=Target(3))
        assert refused(add, ticket_id=ticket, service_id=3)
    cancel = {"ticket_id": served, "reason": "visitor"}
    rules.at(1, parking.park)
    assert refused(parking.requeue, ticket_id=served)
    called = rules.at(1, calling.call_next)
    assert refused(cancelling.cancel_by_staff, **{**cancel, "ticket_id": called})
    rules.open(2)
    assert refused(transfer_ticket, ticket_id=called, target=Target(3))
    assert not refused(add, ticket_id=served, service_id=3)
    assert not refused(transfer_ticket, ticket_id=called, target=Target(3), actor=SARI)


def test_keep_is_the_time_of_arrival_though_it_was_next_elsewhere(
    rules: RulesHarness,
) -> None:
    waiting = [rules.issue(3) for _ in range(2)]
    rules.wait(minutes=5)
    ticket = rules.issue(1)
    send(rules, ticket, Target(2, position="next"))

    send(rules, ticket, Target(3))

    assert rules.line(3) == [*waiting, ticket]


def test_yesterdays_no_show_stays_one(rules: RulesHarness) -> None:
    ticket = rules.called(1)
    rules.at(1, serving.no_show, reason="left")
    rules.wait(days=1)
    staff = {"ticket_id": ticket, "actor": RESEPSI}

    def refused(action: Any, **arguments: Any) -> Any:
        return refusal_of(lambda: rules.do(action, **arguments))

    assert isinstance(refused(parking.requeue, **staff), parking.GraceOver)
    assert isinstance(refused(transfer_ticket, **staff, target=Target(3)), WrongState)
    at = {"counter_id": 1, "ticket_id": ticket, "actor": SARI}
    assert isinstance(refused(calling.call, **at), WrongState)
    assert isinstance(refused(serving.take, **at), WrongState)
    assert rules.states(ticket) == ["no_show"]


def test_a_no_show_added_anew_is_called_by_its_new_entry(rules: RulesHarness) -> None:
    ticket = rules.called(1)
    rules.at(1, serving.no_show, reason="left")
    rules.do(add, ticket_id=ticket, service_id=1, actor=RESEPSI)
    back = refusal_of(
        lambda: rules.do(parking.requeue, ticket_id=ticket, actor=VISITOR)
    )
    assert isinstance(back, AlreadyWaiting)

    rules.at(1, calling.call, ticket_id=ticket)

    assert rules.states(ticket) == ["no_show", "called"]
