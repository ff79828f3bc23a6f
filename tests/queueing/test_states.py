"""An entry changes only from the state in which it was read."""

import pytest
from sqlalchemy import Connection

from app.errors import WrongState
from app.queueing.change import SYSTEM, Change
from app.queueing.rows import EntryRow
from app.queueing.transition import Cause, transition
from tests.queueing.conftest import Rules
from tests.support import mall


def test_an_entry_that_changed_since_it_was_read_is_not_changed(rules: Rules) -> None:
    ticket_id = rules.issue(mall.AKTA)
    stale = rules.entry(ticket_id)
    rules.do(cancel, entry=stale)

    with pytest.raises(WrongState):
        rules.do(cancel, entry=stale)

    assert rules.entry(ticket_id).state == "cancelled"


def cancel(db: Connection, change: Change, *, entry: EntryRow) -> EntryRow:
    return transition(db, change, entry, "cancel", Cause(SYSTEM))
