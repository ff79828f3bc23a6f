"""Release: a supervisor frees a call whose counter does not answer any more."""

from app.errors import NotFound, WrongState
from app.queueing.commands import calling, serving
from app.queueing.commands.releasing import release
from tests.support.rules.harness import ADMIN, KEPALA, MADE, RulesHarness, refusal_of


def test_the_entry_waits_again_at_its_place(rules: RulesHarness) -> None:
    ticket = rules.called()
    rules.issue()

    rules.do(release, ticket_id=ticket, actor=KEPALA)

    (entry,) = rules.entries(ticket)
    assert (entry.state, entry.counter_id, entry.called_at) == ("waiting", None, None)
    assert rules.at(1, calling.call_next) == ticket


def test_it_is_passed_over_by_nobody_though_it_was_returned_before(
    rules: RulesHarness,
) -> None:
    first, second = rules.called(), rules.issue()
    rules.at(1, calling.return_)
    assert rules.at(1, calling.call_next) == second, "passed over once"
    rules.at(1, serving.serve)
    rules.open(2)
    rules.at(2, calling.call_next)
    rules.do(release, ticket_id=first, actor=KEPALA)
    rules.issue()

    assert rules.at(1, calling.call_next) == first


def test_only_a_call_is_released(rules: RulesHarness) -> None:
    ticket = rules.serving()

    def refused(ticket_id: int, actor: object) -> object:
        arguments = {"ticket_id": ticket_id, "actor": actor}
        return refusal_of(lambda: rules.do(release, **arguments))

    assert isinstance(refused(ticket, KEPALA), WrongState)
    assert isinstance(refused(rules.issue(), ADMIN), WrongState)
    assert isinstance(refused(ticket, MADE), NotFound)
