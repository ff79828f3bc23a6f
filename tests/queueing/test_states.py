"""Every state and command is allowed or refused by name, in rules and manual."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from app.errors import QueueError, WrongState
from app.models import EntryState
from app.queueing import service_day
from app.queueing.change import SYSTEM, Change
from app.queueing.commands import (
    calling,
    cancelling,
    parking,
    priority,
    releasing,
    serving,
    transferring,
    undoing,
)
from app.queueing.states import COMMANDS, is_allowed
from app.queueing.states_page import PAGE, states_page, write_page
from app.queueing.transition import Cause, transition
from tests.support.rules.custom_mall import CustomMall
from tests.support.rules.harness import (
    ADMIN,
    BUDI,
    KEPALA,
    SARI,
    RulesHarness,
    custom_mall,
    refusal_of,
)

TO = transferring.Target(service_id=2)


# states.md, written a second time by hand; issue, add and walk_up begin an entry
TABLE = """
             reserved waiting called serving parked no_show served transferred cancelled
call_next    -        yes     -      -       -      -       -      -           -
call         -        yes     -      -       yes    yes     -      -           -
recall       -        -       yes    -       -      -       -      -           -
start        -        -       yes    -       -      -       -      -           -
serve        -        -       yes    yes     -      -       -      -           -
no_show      -        -       yes    -       -      -       -      -           -
return       -        -       yes    -       -      -       -      -           -
park         -        -       yes    yes     -      -       -      -           -
resume       -        -       -      -       yes    -       -      -           -
take         -        yes     -      -       yes    yes     -      -           -
take_over    -        -       yes    yes     -      -       -      -           -
requeue      -        -       -      -       yes    yes     -      -           -
come_due     -        yes     -      -       -      -       -      -           -
transfer     -        yes     yes    yes     yes    yes     -      -           -
set_priority -        yes     -      -       -      -       -      -           -
cancel       yes      yes     yes    -       yes    yes     -      -           -
release      -        -       yes    -       -      -       -      -           -
undo         -        yes     yes    yes     yes    yes     yes    yes         yes
expire       yes      yes     yes    yes     yes    -       -      -           -
"""


HEAD, *LINES = TABLE.strip().splitlines()


PAIRS = [
    (state, command, mark == "yes")
    for command, *marks in (line.split() for line in LINES)
    for state, mark in zip([*HEAD.split(), "expired"], [*marks, "-"], strict=True)
]


AT_COUNTER = {
    "recall": calling.recall,
    "start": serving.start,
    "serve": serving.serve,
    "no_show": serving.no_show,
    "return": calling.return_,
    "park": parking.park,
}


WITH_TICKET = {"call": calling.call, "resume": calling.resume, "take": serving.take}


ON_TICKET: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "requeue": (parking.requeue, {}),
    "transfer": (transferring.transfer_ticket, {"target": TO}),
    "set_priority": (priority.set_priority, {"priority": "lansia"}),
    "cancel": (cancelling.cancel_by_staff, {"reason": "duplicate"}),
    "release": (releasing.release, {}),
}


WRONG_STATE, TICKET_BUSY = (409, "wrong-state"), (409, "ticket-busy")


BY_ACTIONS = [*AT_COUNTER, *WITH_TICKET, *ON_TICKET]


@pytest.fixture
def own_mall() -> CustomMall:
    policy = {"no_show_after_calls": 1, "no_show_after_seconds": 0}
    policy["recall_cooldown_seconds"] = 0
    return custom_mall(policy=policy)


def test_the_table_is_whole() -> None:
    assert {state for state, _, _ in PAIRS} == set(EntryState)
    begin_an_entry = {"issue", "walk_up", "add"}
    assert {command for _, command, _ in PAIRS} | begin_an_entry == set(COMMANDS)
    assert len(PAIRS) == len(set(PAIRS))


@pytest.mark.parametrize(("state", "command", "allowed"), PAIRS)
def test_the_programs_table_says_the_same(
    state: str, command: str, allowed: bool
) -> None:
    assert is_allowed(command, state) is allowed


@pytest.mark.parametrize("command", sorted({command for _, command, _ in PAIRS}))
def test_an_entry_changes_by_what_is_allowed_and_by_nothing_else(
    rules: RulesHarness, command: str
) -> None:
    for state in (s for s, c, _ in PAIRS if c == command):
        ticket = rules.issue()
        rules.set_state(ticket, state)
        assert was_done(rules, ticket, command) is is_allowed(command, state)
        rules.set_state(ticket, "served")


def was_done(rules: RulesHarness, ticket: int, command: str) -> bool:
    (entry,) = rules.entries(ticket)

    def change(db: Connection, change: Change) -> None:
        transition(db, change, entry, command, Cause(SYSTEM), to=entry.state)

    refused = refusal_of(lambda: rules.do(change))
    if refused is None:
        return True
    assert isinstance(refused, WrongState)
    assert refused.details == {"state": entry.state, "command": command}
    assert rules.entries(ticket) == [entry]
    return False


@pytest.mark.parametrize("command", BY_ACTIONS)
@pytest.mark.parametrize("state", list(EntryState))
def test_each_action_works_or_is_refused_and_then_changes_nothing(
    rules: RulesHarness, command: str, state: str
) -> None:
    ticket = in_state(rules, state)
    before = rules.entries(ticket)

    refused = refusal_of(lambda: give(rules, command, ticket))

    if is_allowed(command, state):
        assert refused is None
        assert rules.entries(ticket)[0].state == (COMMANDS[command].to or state)
    else:
        assert refused is not None
        assert (refused.status_code, refused.code) in (WRONG_STATE, TICKET_BUSY)
        assert rules.entries(ticket) == before


def give(rules: RulesHarness, command: str, ticket: int) -> None:
    """Give a command at counter 1, or on the ticket as an admin."""
    if command in AT_COUNTER:
        rules.at(1, AT_COUNTER[command])
    elif command in WITH_TICKET:
        rules.open(2)
        action = WITH_TICKET[command]
        rules.do(action, counter_id=2, ticket_id=ticket, actor=BUDI)
    else:
        on_ticket, arguments = ON_TICKET[command]
        rules.do(on_ticket, ticket_id=ticket, actor=ADMIN, **arguments)


def in_state(rules: RulesHarness, state: str) -> int:
    """Bring a ticket into a state by real commands; a booking is made by hand."""
    if state in ("reserved", "waiting", "expired", "transferred", "cancelled"):
        rules.open(1)
        ticket = rules.issue()
    else:
        ticket = rules.called()
    path: dict[str, list[Callable[[], Any]]] = {
        "reserved": [lambda: rules.set_state(ticket, "reserved")],
        "serving": [lambda: rules.at(1, serving.start)],
        "parked": [lambda: rules.at(1, parking.park)],
        "no_show": [lambda: rules.at(1, serving.no_show)],
        "served": [lambda: rules.at(1, serving.serve)],
        "transferred": [lambda: _transfer_and_serve(rules, ticket)],
        "cancelled": [lambda: give(rules, "cancel", ticket)],
        "expired": [lambda: _end_the_day(rules), lambda: rules.open(1)],
    }
    for step in path.get(state, []):
        step()
    assert rules.entries(ticket)[0].state == state
    return ticket


def _transfer_and_serve(rules: RulesHarness, ticket: int) -> None:
    """Leave the ticket with an ended entry only, besides the one asked for."""
    give(rules, "transfer", ticket)
    rules.at(1, calling.call_next)
    rules.at(1, serving.serve)


def _end_the_day(rules: RulesHarness) -> None:
    def end(db: Connection, change: Change) -> None:
        service_day.begin_day(db, change, day=change.day)

    rules.do(end)


def test_a_chosen_call_of_somebody_at_a_counter_says_so(rules: RulesHarness) -> None:
    ticket = rules.called()
    rules.open(2)

    with pytest.raises(QueueError) as refused:
        rules.do(calling.call, counter_id=2, ticket_id=ticket, actor=BUDI)

    assert refused.value.code == "ticket-busy"


def test_undo_without_anything_to_undo_is_refused_by_name(rules: RulesHarness) -> None:
    ticket = rules.issue()

    with pytest.raises(QueueError) as refused:
        rules.do(undoing.undo_on_ticket, ticket_id=ticket, actor=KEPALA)

    assert refused.value.code == "undo-blocked"


def test_a_visitor_is_taken_over_only_from_a_counter(rules: RulesHarness) -> None:
    rules.open(1)
    ticket = rules.issue()

    with pytest.raises(WrongState):
        rules.do(serving.take_over, counter_id=1, ticket_id=ticket, actor=SARI)


def test_the_manuals_page_is_made_from_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == states_page()


def test_the_page_is_written_anew(tmp_path: Path) -> None:
    write_page(tmp_path / PAGE.name)

    assert (tmp_path / PAGE.name).read_text(encoding="utf-8") == states_page()
