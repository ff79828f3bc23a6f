"""An entry changes only from the state in which it was read."""

import pytest
from sqlalchemy import Connection

from app.errors import WrongState
from app.queueing.change import SYSTEM, Change
from app.queueing.rows import EntryRow
from app.queueing.transition import Cause, transition
from tests.support import mall
from tests.support.rules import RulesHarness


def test_an_entry_that_changed_since_it_was_read_is_not_changed(
    rules: RulesHarness,
) -> None:
    ticket_id = rules.issue(mall.AKTA)
    stale = rules.entries(ticket_id)[0]
    rules.do(cancel, entry=stale)

    with pytest.raises(WrongState):
        rules.do(cancel, entry=stale)

    assert rules.entries(ticket_id)[0].state == "cancelled"


def cancel(db: Connection, change: Change, *, entry: EntryRow) -> EntryRow:
    return transition(db, change, entry, "cancel", Cause(SYSTEM))
