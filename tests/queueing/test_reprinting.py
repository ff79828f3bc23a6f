"""A copy of a slip: while the visit lives, in any of its entries."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import NoPrinter, WrongState
from app.models import ENDED, EntryState
from app.queueing.commands import serving
from app.queueing.slips.reprinting import reprint
from tests.queueing.floor import RESEPSI, SARI, Floor, floor_of, refusal_of


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    with floor_of(tmp_path) as floor:
        yield floor


def is_refused(floor: Floor, ticket: int) -> bool:
    """Tell whether the visit is over; else this mall has no printer."""
    facts = {"ticket_id": ticket, "actor": RESEPSI, "printer_id": 1}
    refused = refusal_of(lambda: floor.do(reprint, **facts))
    assert isinstance(refused, WrongState | NoPrinter)
    return isinstance(refused, WrongState)


@pytest.mark.parametrize("state", list(EntryState))
def test_only_what_has_ended_has_no_slip(floor: Floor, state: EntryState) -> None:
    ticket = floor.issue()
    floor.set_state(ticket, state)

    assert is_refused(floor, ticket) is (state in ENDED)


def test_a_no_show_of_yesterday_does_not_come_back(floor: Floor) -> None:
    ticket = floor.called()
    floor.do(serving.no_show, counter_id=1, actor=SARI, reason="left")
    assert not is_refused(floor, ticket)

    floor.wait(days=1)

    assert is_refused(floor, ticket)
