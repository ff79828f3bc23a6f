"""Every state and command is either allowed or refused by name."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection

from app.errors import WrongState
from app.models import EntryState
from app.queueing.change import SYSTEM, Change
from app.queueing.rows import EntryRow
from app.queueing.states import COMMANDS, EVENT_NAMES, is_allowed
from app.queueing.transition import transition
from tests.queueing.conftest import Rules
from tests.support import mall

# design §2, as a table of its own: rows are states, columns commands
TABLE = """
            call_next recall start serve no_show return cancel expire
reserved    -         -      -     -     -       -      yes    yes
waiting     yes       -      -     -     -       -      yes    yes
called      -         yes    yes   yes   yes     yes    yes    yes
serving     -         -      -     yes   -       -      -      yes
parked      -         -      -     -     -       -      yes    yes
no_show     -         -      -     -     -       -      yes    -
served      -         -      -     -     -       -      -      -
transferred -         -      -     -     -       -      -      -
cancelled   -         -      -     -     -       -      -      -
expired     -         -      -     -     -       -      -      -
"""
HEAD, *LINES = TABLE.strip().splitlines()
PAIRS = [
    (state, command, mark == "yes")
    for state, *marks in (line.split() for line in LINES)
    for command, mark in zip(HEAD.split(), marks, strict=True)
]


def test_the_table_is_whole() -> None:
    assert {state for state, _, _ in PAIRS} == set(EntryState)
    assert {command for _, command, _ in PAIRS} == set(COMMANDS)
    assert set(COMMANDS) < set(EVENT_NAMES)


@pytest.mark.parametrize(("state", "command", "allowed"), PAIRS)
def test_a_command_is_allowed_or_refused_by_name(
    rules: Rules, state: str, command: str, allowed: bool
) -> None:
    assert is_allowed(command, state) is allowed
    ticket_id = rules.issue(mall.AKTA)
    entry = rules.entry(ticket_id)._replace(state=state)
    change = Change(datetime.now(UTC), datetime.now(UTC).date())
    if allowed:
        return

    with pytest.raises(WrongState) as refused:
        rules.do(lambda db, _change: transition(db, change, entry, command, who=SYSTEM))
    assert refused.value.facts == {"state": state, "command": command}


def test_an_entry_that_changed_since_it_was_read_is_not_changed(rules: Rules) -> None:
    ticket_id = rules.issue(mall.AKTA)
    stale = rules.entry(ticket_id)
    rules.do(cancel, entry=stale)

    with pytest.raises(WrongState):
        rules.do(cancel, entry=stale)

    assert rules.entry(ticket_id).state == "cancelled"


def cancel(db: Connection, change: Change, *, entry: EntryRow) -> EntryRow:
    return transition(db, change, entry, "cancel", who=SYSTEM)
