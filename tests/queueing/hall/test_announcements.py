"""Announcements of a call that was taken back are over; others go on."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import Connection, select

from app.queueing import rows
from app.queueing.commands import calling, serving
from app.queueing.commands.cancelling import cancel_by_staff
from app.queueing.commands.releasing import release
from app.queueing.commands.undoing import undo_at_counter
from tests.support.rules.harness import KEPALA, RESEPSI, RulesHarness


def expiries(db: Connection) -> list[datetime]:
    column = rows.announcement.c
    return list(db.execute(select(column.expires_at).order_by(column.id)).scalars())


CALL_WITHDRAWN: dict[str, Callable[[RulesHarness, int], object]] = {
    "return": lambda rules, _: rules.at(1, calling.return_),
    "release": lambda rules, ticket: rules.do(release, ticket_id=ticket, actor=KEPALA),
    "cancel": lambda rules, ticket: rules.do(
        cancel_by_staff, ticket_id=ticket, actor=RESEPSI, reason="visitor"
    ),
}


@pytest.mark.parametrize("command", CALL_WITHDRAWN)
def test_a_call_taken_back_is_not_said_any_more(
    rules: RulesHarness, command: str
) -> None:
    ticket = rules.called()
    rules.wait(seconds=5)
    rules.at(1, calling.recall)

    CALL_WITHDRAWN[command](rules, ticket)

    assert rules.see(expiries) == [rules.now, rules.now]


def test_serve_next_undone_silences_the_call_that_came_with_it(
    rules: RulesHarness,
) -> None:
    rules.serving()
    rules.issue()
    rules.at(1, serving.serve_next)

    rules.at(1, undo_at_counter)

    first, second = rules.see(expiries)
    assert first > rules.now
    assert second == rules.now


def test_whoever_came_is_still_announced_to_the_hall(rules: RulesHarness) -> None:
    rules.called()

    rules.at(1, serving.start)

    (expires,) = rules.see(expiries)
    assert expires > rules.now


def test_what_had_expired_before_stays_as_it_was(rules: RulesHarness) -> None:
    rules.called()
    (before,) = rules.see(expiries)
    rules.wait(minutes=5)

    rules.at(1, calling.return_)

    assert rules.see(expiries) == [before]


@pytest.mark.parametrize(
    ("policy", "number"),
    [({}, "A, nol, nol, satu"), ({"voice_mode": "terbilang"}, "A, satu")],
)
def test_a_number_is_read_as_the_site_wants_it(
    make_rules: Callable[..., RulesHarness], policy: dict[str, str], number: str
) -> None:
    rules = make_rules(policy=policy)
    rules.called()

    (text,) = rules.see(
        lambda db: db.execute(select(rows.announcement.c.text)).scalars().all()
    )

    assert text == f"Nomor antrean {number}. Silakan menuju Loket 1."
