"""A copy of a slip: while the visit lives, in any of its entries."""

import pytest

from app.errors import NoPrinter, WrongState
from app.models import ENDED, EntryState
from app.queueing.commands import serving
from app.queueing.slips.reprinting import reprint
from tests.support.rules.harness import RESEPSI, SARI, RulesHarness, refusal_of


def is_refused(rules: RulesHarness, ticket: int) -> bool:
    """Tell whether the visit is over; else this mall has no printer."""
    arguments = {"ticket_id": ticket, "actor": RESEPSI, "printer_id": 1}
    refused = refusal_of(lambda: rules.do(reprint, **arguments))
    assert isinstance(refused, WrongState | NoPrinter)
    return isinstance(refused, WrongState)


@pytest.mark.parametrize("state", list(EntryState))
def test_only_what_has_ended_has_no_slip(
    rules: RulesHarness, state: EntryState
) -> None:
    ticket = rules.issue()
    rules.set_state(ticket, state)

    assert is_refused(rules, ticket) is (state in ENDED)


def test_a_no_show_of_yesterday_does_not_come_back(rules: RulesHarness) -> None:
    ticket = rules.called()
    rules.do(serving.no_show, counter_id=1, actor=SARI, reason="left")
    assert not is_refused(rules, ticket)

    rules.wait(days=1)

    assert is_refused(rules, ticket)
