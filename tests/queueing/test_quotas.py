"""A quota: released in parts, taken by the person, given back before the call."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.errors import Unavailable, WrongState
from app.queueing import rows
from app.queueing.commands import cancelling, issuing, parking, serving
from app.queueing.commands.issuing import TicketRequest
from app.queueing.commands.spare_roll import SpareNumber, book_in
from app.queueing.commands.undoing import undo_on_ticket
from app.queueing.opening.quotas import quotas_of, take_quota
from app.queueing.opening.rulebook import read_rulebook
from tests.queueing.floor import (
    RESEPSI,
    SITE,
    VISITOR,
    Floor,
    clock_time,
    closed,
    floors_in,
    refusal_of,
)

QUOTA = [(1, "", "08:00", 3), (1, "", "13:00", 2)]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Any]:
    """Return a maker of floors; each test says its own hours."""
    with floors_in(tmp_path) as make:
        yield make


def test_a_quota_is_released_in_parts_and_what_is_left_goes_on(make: Any) -> None:
    floor = make(SITE, quotas=QUOTA)
    floor.issue(people=2)

    assert floor.available("09:00").open
    floor.issue()
    assert floor.available("12:59") == closed("quota", "13:00")
    assert floor.available("13:00").open
    floor.now = clock_time("13:00")
    floor.issue(people=2)
    assert floor.available("13:30") == closed("quota", "08:00", days=1)


def test_who_is_served_whatever_is_left_is_counted(make: Any) -> None:
    kiosk = (1, "kiosk", "00:00", 9)
    floor = make(SITE, quotas=[*QUOTA, kiosk], spare={1: (3, 5)})
    floor.open()
    floor.at(1, issuing.walk_up, service_id=1)
    spare = SpareNumber(3, floor.now)
    ticket = floor.do(
        book_in, ticket_request=TicketRequest([1], people=2), spare=spare, actor=RESEPSI
    )
    floor.do(
        book_in,
        ticket_request=TicketRequest([1]),
        spare=SpareNumber(4, floor.now),
        actor=RESEPSI,
    )

    assert floor.available("09:30") == closed("quota", "13:00")
    assert used(floor) == {"": 4, "kiosk": 3}
    cancel = cancelling.cancel_by_staff
    floor.do(cancel, ticket_id=ticket, actor=RESEPSI, reason="duplicate")
    assert floor.available("09:30").open


def used(floor: Floor) -> dict[str, int]:
    """Return how many of each channel's quota are taken."""
    of = rows.quota_use.c
    with floor.engine.begin() as db:
        found = db.execute(select(of.channel, of.used))
        return {row.channel: row.used for row in found}


def test_a_quota_counts_people_and_names_the_service(make: Any) -> None:
    floor = make(SITE, quotas=QUOTA)

    refused = refusal_of(lambda: floor.issue(2, 1, people=4))

    assert isinstance(refused, Unavailable)
    assert (refused.code, refused.details["service_id"]) == ("quota", 1)
    assert refused.details["until"] == clock_time("13:00")


def test_a_channel_may_have_a_quota_of_its_own(make: Any) -> None:
    floor = make(SITE, quotas=[(1, "kiosk", "00:00", 1), (1, "", "00:00", 2)])
    floor.issue()

    assert floor.available("09:10", channel="kiosk").reason == "quota"
    assert floor.available("09:10", channel="reception").open
    floor.issue(actor=RESEPSI)
    assert floor.available("09:10", channel="reception").reason == "quota"


def test_cancelled_before_the_call_the_place_is_given_back(make: Any) -> None:
    floor = make(SITE, quotas=[(1, "", "00:00", 1)])
    ticket = floor.issue()

    floor.do(cancelling.cancel_by_visitor, ticket_id=ticket, actor=VISITOR)

    assert floor.available("09:10").open


@pytest.mark.parametrize("command", ["no_show", "cancel"])
def test_once_called_the_place_is_never_given_back(make: Any, command: str) -> None:
    floor = make(SITE, quotas=[(1, "", "00:00", 1)])
    ticket = floor.called()

    floor.at(1, serving.no_show, reason="left")
    if command == "cancel":
        staff = {"actor": RESEPSI, "reason": "visitor"}
        floor.do(cancelling.cancel_by_staff, ticket_id=ticket, **staff)

    assert floor.available("09:10").reason == "quota"


def test_once_served_without_a_call_it_is_not_given_back_either(make: Any) -> None:
    floor = make(SITE, quotas=[(1, "", "00:00", 1)])
    floor.open()
    ticket = floor.issue()
    floor.at(1, serving.take, ticket_id=ticket)
    floor.at(1, parking.park)

    staff = {"actor": RESEPSI, "reason": "visitor"}
    floor.do(cancelling.cancel_by_staff, ticket_id=ticket, **staff)

    assert floor.available("09:10").reason == "quota"


def test_an_undone_cancel_takes_its_place_again_even_if_none_is_left(make: Any) -> None:
    floor = make(SITE, quotas=[(1, "", "00:00", 1)])
    ticket = floor.issue()
    staff = {"actor": RESEPSI, "reason": "duplicate"}
    floor.do(cancelling.cancel_by_staff, ticket_id=ticket, **staff)
    floor.issue()

    floor.do(undo_on_ticket, ticket_id=ticket, actor=RESEPSI)

    assert floor.states(ticket) == ["waiting"]
    assert floor.available("09:10").reason == "quota"


def test_lines_cancelled_as_one_give_back_and_take_again_every_place(make: Any) -> None:
    floor = make(SITE, quotas=[(1, "", "00:00", 1), (2, "", "00:00", 1)])
    ticket = floor.issue(1, 2)

    staff = {"ticket_id": ticket, "actor": RESEPSI}
    floor.do(cancelling.cancel_every_line, **staff, reason="duplicate")
    assert all(floor.available("09:10", service=each).open for each in (1, 2))
    floor.do(undo_on_ticket, **staff)

    reasons = [floor.available("09:10", service=each).reason for each in (1, 2)]
    assert reasons == ["quota", "quota"]


def test_a_cancel_of_yesterdays_ticket_moves_no_place_of_today(make: Any) -> None:
    floor = make(SITE, quotas=[(1, "", "00:00", 1)])
    ticket = floor.issue()
    floor.wait(days=1)
    floor.set_state(ticket, "expired")
    floor.issue()

    staff = {"ticket_id": ticket, "actor": RESEPSI, "reason": "closed"}
    refused = refusal_of(lambda: floor.do(cancelling.cancel_by_staff, **staff))

    assert isinstance(refused, WrongState)
    assert floor.available("10:00", days=1).reason == "quota"


def test_a_quota_never_has_less_than_nobody_taken(make: Any) -> None:
    floor = make(SITE, quotas=QUOTA)

    with floor.engine.begin() as db:
        rules = read_rulebook(db)
        day, zone = rules.hours.day_of(floor.now), rules.site.zone
        for people in (2, -5):
            quotas = quotas_of(db, rules.quota_parts, day, zone)
            take_quota(db, quotas, service_id=1, channel="kiosk", people=people)

        assert db.execute(rows.quota_use.select()).one().used == 0
