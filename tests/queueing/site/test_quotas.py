"""A quota: released in parts, taken by the person, given back before the call."""

import pytest
from sqlalchemy import select

from app.errors import Unavailable, WrongState
from app.queueing import rows
from app.queueing.commands import (
    calling,
    cancelling,
    issuing,
    parking,
    serving,
)
from app.queueing.commands.issuing import TicketRequest
from app.queueing.commands.spare_roll import SpareNumber, book_in
from app.queueing.commands.undoing import undo_on_ticket
from app.queueing.site.quotas import quotas_of, take_quota
from app.queueing.site.rulebook import read_rulebook
from tests.support.rules.harness import (
    RESEPSI,
    SITE,
    VISITOR,
    MakeRules,
    RulesHarness,
    clock_time,
    closed,
    refusal_of,
)

QUOTA = [(1, "", "08:00", 3), (1, "", "13:00", 2)]


def test_a_quota_is_released_in_parts_and_what_is_left_goes_on(
    make_rules: MakeRules,
) -> None:
    rules = make_rules(SITE, quotas=QUOTA)
    rules.issue(people=2)

    assert rules.available("09:00").open
    rules.issue()
    assert rules.available("12:59") == closed("quota", "13:00")
    assert rules.available("13:00").open
    rules.now = clock_time("13:00")
    rules.issue(people=2)
    assert rules.available("13:30") == closed("quota", "08:00", days=1)


def test_who_is_served_whatever_is_left_is_counted(make_rules: MakeRules) -> None:
    kiosk = (1, "kiosk", "00:00", 9)
    rules = make_rules(SITE, quotas=[*QUOTA, kiosk], spare={1: (3, 5)})
    rules.open()
    rules.at(1, issuing.walk_up, service_id=1)
    spare = SpareNumber(3, rules.now)
    ticket = rules.do(
        book_in, ticket_request=TicketRequest([1], people=2), spare=spare, actor=RESEPSI
    )
    rules.do(
        book_in,
        ticket_request=TicketRequest([1]),
        spare=SpareNumber(4, rules.now),
        actor=RESEPSI,
    )

    assert rules.available("09:30") == closed("quota", "13:00")
    assert used(rules) == {"": 4, "kiosk": 3}
    cancel = cancelling.cancel_by_staff
    rules.do(cancel, ticket_id=ticket, actor=RESEPSI, reason="duplicate")
    assert rules.available("09:30").open


def used(rules: RulesHarness) -> dict[str, int]:
    """Return how many of each channel's quota are taken."""
    of = rows.quota_use.c
    with rules.engine.begin() as db:
        found = db.execute(select(of.channel, of.used))
        return {row.channel: row.used for row in found}


def test_a_quota_counts_people_and_names_the_service(make_rules: MakeRules) -> None:
    rules = make_rules(SITE, quotas=QUOTA)

    refused = refusal_of(lambda: rules.issue(2, 1, people=4))

    assert isinstance(refused, Unavailable)
    assert (refused.code, refused.details["service_id"]) == ("quota", 1)
    assert refused.details["until"] == clock_time("13:00")


def test_a_channel_may_have_a_quota_of_its_own(make_rules: MakeRules) -> None:
    rules = make_rules(SITE, quotas=[(1, "kiosk", "00:00", 1), (1, "", "00:00", 2)])
    rules.issue()

    assert rules.available("09:10", channel="kiosk").reason == "quota"
    assert rules.available("09:10", channel="reception").open
    rules.issue(actor=RESEPSI)
    assert rules.available("09:10", channel="reception").reason == "quota"


def test_cancelled_before_the_call_the_seat_is_given_back(
    make_rules: MakeRules,
) -> None:
    rules = make_rules(SITE, quotas=[(1, "", "00:00", 1)])
    ticket = rules.issue()

    rules.do(cancelling.cancel_by_visitor, ticket_id=ticket, actor=VISITOR)

    assert rules.available("09:10").open


@pytest.mark.parametrize("command", ["no_show", "cancel"])
def test_once_called_the_seat_is_never_given_back(
    make_rules: MakeRules, command: str
) -> None:
    rules = make_rules(SITE, quotas=[(1, "", "00:00", 1)])
    ticket = rules.called()

    rules.at(1, serving.no_show, reason="left")
    if command == "cancel":
        staff = {"actor": RESEPSI, "reason": "visitor"}
        rules.do(cancelling.cancel_by_staff, ticket_id=ticket, **staff)

    assert rules.available("09:10").reason == "quota"


def test_once_served_without_a_call_it_is_not_given_back_either(
    make_rules: MakeRules,
) -> None:
    rules = make_rules(SITE, quotas=[(1, "", "00:00", 1)])
    rules.open()
    ticket = rules.issue()
    rules.at(1, serving.take, ticket_id=ticket)
    rules.at(1, parking.park)

    staff = {"actor": RESEPSI, "reason": "visitor"}
    rules.do(cancelling.cancel_by_staff, ticket_id=ticket, **staff)

    assert rules.available("09:10").reason == "quota"


def test_an_undone_cancel_takes_its_seat_again_even_if_none_is_left(
    make_rules: MakeRules,
) -> None:
    rules = make_rules(SITE, quotas=[(1, "", "00:00", 1)])
    ticket = rules.issue()
    staff = {"actor": RESEPSI, "reason": "duplicate"}
    rules.do(cancelling.cancel_by_staff, ticket_id=ticket, **staff)
    rules.issue()

    rules.do(undo_on_ticket, ticket_id=ticket, actor=RESEPSI)

    assert rules.states(ticket) == ["waiting"]
    assert rules.available("09:10").reason == "quota"


def test_lines_cancelled_as_one_give_back_and_take_again_every_seat(
    make_rules: MakeRules,
) -> None:
    rules = make_rules(SITE, quotas=[(1, "", "00:00", 1), (2, "", "00:00", 1)])
    ticket = rules.issue(1, 2)

    staff = {"ticket_id": ticket, "actor": RESEPSI}
    rules.do(cancelling.cancel_every_line, **staff, reason="duplicate")
    assert all(rules.available("09:10", service=each).open for each in (1, 2))
    rules.do(undo_on_ticket, **staff)

    reasons = [rules.available("09:10", service=each).reason for each in (1, 2)]
    assert reasons == ["quota", "quota"]


def test_a_cancel_of_yesterdays_ticket_moves_no_seat_of_today(
    make_rules: MakeRules,
) -> None:
    rules = make_rules(SITE, quotas=[(1, "", "00:00", 1)])
    ticket = rules.issue()
    rules.wait(days=1)
    rules.set_state(ticket, "expired")
    rules.issue()

    staff = {"ticket_id": ticket, "actor": RESEPSI, "reason": "closed"}
    refused = refusal_of(lambda: rules.do(cancelling.cancel_by_staff, **staff))

    assert isinstance(refused, WrongState)
    assert rules.available("10:00", days=1).reason == "quota"


def test_a_quota_never_has_less_than_nobody_taken(make_rules: MakeRules) -> None:
    rules = make_rules(SITE, quotas=QUOTA)

    with rules.engine.begin() as db:
        rulebook = read_rulebook(db)
        day, zone = rulebook.hours.day_of(rules.now), rulebook.site.zone
        for people in (2, -5):
            quotas = quotas_of(db, rulebook.quota_parts, day, zone)
            take_quota(db, quotas, service_id=1, channel="kiosk", people=people)

        assert db.execute(rows.quota_use.select()).one().used == 0


def test_a_wrong_call_taken_back_did_not_happen(make_rules: MakeRules) -> None:
    rules = make_rules(SITE, quotas=[(1, "", "00:00", 1)])
    ticket = rules.called()
    rules.at(1, calling.return_)

    rules.do(cancelling.cancel_by_visitor, ticket_id=ticket, actor=VISITOR)

    assert rules.available("09:10").open
