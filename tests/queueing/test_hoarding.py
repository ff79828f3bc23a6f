"""A scarce service: at the reception alone, or after each kiosk's cool-down."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from app.errors import TooEarly, Unavailable
from app.queueing import rows
from app.queueing.change import Actor
from app.queueing.commands import cancelling, issuing, transferring
from app.queueing.opening.availability import Availability
from app.queueing.opening.kiosk_limits import (
    KioskLimits,
    kiosk_limits_at,
    read_service_limits,
)
from app.queueing.views.agencies import agency_views, service_availability
from tests.queueing.floor import (
    KIOSK,
    RESEPSI,
    SITE,
    Floor,
    clock_time,
    closed,
    floors_in,
    refusal_of,
)

OTHER_KIOSK = Actor("device", "kiosk", 2)
AT_RECEPTION = Availability(False, "by-hand", reception_only=True)


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Any]:
    """Return a maker of floors; each test says its own hours."""
    with floors_in(tmp_path) as make:
        yield make


def guard(floor: Floor, service: int, **rule: Any) -> None:
    """Let a service be guarded as an import would."""
    with floor.engine.begin() as db:
        db.execute(update(rows.service).filter_by(id=service).values(**rule))


def seen(floor: Floor, service: int, kiosk: int | None = None) -> Any:
    """Return a service as a kiosk's pages list it."""
    with floor.engine.begin() as db:
        listed = agency_views(db, floor.now, kiosk_id=kiosk)
    return {each.id: each for agency in listed for each in agency.services}[service]


def test_a_kiosk_gives_no_number_that_reception_alone_gives(make: Any) -> None:
    floor = make(SITE)
    guard(floor, 1, reception_only=True)

    refused = refusal_of(lambda: floor.issue(2, 1))

    assert isinstance(refused, Unavailable)
    assert refused.code == "by-hand"
    assert refused.details == {"service_id": 1, "until": None, "reception_only": True}
    assert floor.issue(2)
    assert floor.issue(1, actor=RESEPSI)


def test_what_reception_alone_gives_is_listed_so(make: Any) -> None:
    floor = make(SITE)
    guard(floor, 1, reception_only=True)
    guard(floor, 3, reception_only=True)

    with floor.engine.begin() as db:
        one, other = agency_views(db, floor.now)
        at_reception = agency_views(db, floor.now, "reception")
        staff = service_availability(db, service_id=1, now=floor.now)

    told = [(each.open, each.reason, each.reception_only) for each in one.services]
    assert told == [(False, "by-hand", True), (True, None, False)]
    assert (one.open, one.reception_only) == (True, False)
    # nothing of the other agency is given at a kiosk, and all of it at reception
    assert (other.open, other.reason, other.reception_only) == (False, "by-hand", True)
    assert all(each.open for agency in at_reception for each in agency.services)
    assert staff.open


def test_the_hours_and_the_quota_are_told_before_the_reception(make: Any) -> None:
    floor = make(SITE, quotas=[(1, "", "00:00", 1)])
    guard(floor, 1, reception_only=True)

    floor.now = clock_time("06:00")
    told = seen(floor, 1)
    assert (told.reason, told.until) == ("site-hours", clock_time("08:00"))
    floor.now = clock_time("09:00")
    assert seen(floor, 1).reception_only
    floor.issue(actor=RESEPSI)
    told = seen(floor, 1)
    assert (told.reason, told.reception_only) == ("quota", False)


def test_a_kiosk_gives_the_next_number_only_after_its_cool_down(make: Any) -> None:
    floor = make(SITE)
    guard(floor, 1, kiosk_cooldown_seconds=60)
    floor.issue(1)
    floor.wait(seconds=20)

    refused = refusal_of(lambda: floor.issue(2, 1))

    assert isinstance(refused, TooEarly)
    assert refused.details == {"service_id": 1, "retry_after_seconds": 39.999}
    assert floor.issue(2)
    floor.wait(seconds=40)
    assert floor.issue(1)
    assert isinstance(refusal_of(lambda: floor.issue(1)), TooEarly)


def test_a_cool_down_binds_one_kiosk_and_nobody_else(make: Any) -> None:
    floor = make(SITE)
    guard(floor, 1, kiosk_cooldown_seconds=60)
    ticket = floor.issue(1)

    assert floor.issue(1, actor=OTHER_KIOSK)
    assert floor.issue(1, actor=RESEPSI)
    assert floor.issue(1, actor=RESEPSI)
    assert isinstance(refusal_of(lambda: floor.issue(1)), TooEarly)
    floor.do(
        cancelling.cancel_by_staff, ticket_id=ticket, actor=RESEPSI, reason="duplicate"
    )
    # who cancels and takes another has taken two
    assert isinstance(refusal_of(lambda: floor.issue(1)), TooEarly)


def test_what_another_kiosk_gave_holds_nothing_back_here(make: Any) -> None:
    floor = make(SITE)
    guard(floor, 1, kiosk_cooldown_seconds=60)

    floor.issue(1, actor=OTHER_KIOSK)

    assert floor.issue(1)


def test_each_service_has_a_cool_down_of_its_own(make: Any) -> None:
    floor = make(SITE)
    guard(floor, 1, kiosk_cooldown_seconds=60)
    guard(floor, 2, kiosk_cooldown_seconds=600)
    floor.issue(1, 2)

    floor.wait(seconds=60)
    assert seen(floor, 1, kiosk=1).kiosk_next_at is None
    floor.wait(seconds=40)
    assert seen(floor, 1, kiosk=1).kiosk_next_at is None
    assert isinstance(refusal_of(lambda: floor.issue(2)), TooEarly)
    assert floor.issue(1)


def test_a_number_given_up_at_the_kiosk_begins_no_cool_down(make: Any) -> None:
    floor = make(SITE)
    guard(floor, 1, kiosk_cooldown_seconds=60)
    ticket = floor.issue(1)
    floor.wait(seconds=50)

    floor.do(cancelling.cancel_by_visitor, ticket_id=ticket, actor=KIOSK)
    floor.wait(seconds=10)

    assert floor.issue(1)


def test_a_service_beside_others_cools_down_too(make: Any) -> None:
    floor = make(SITE)
    guard(floor, 1, kiosk_cooldown_seconds=60)
    floor.issue(2, 1)

    assert isinstance(refusal_of(lambda: floor.issue(1)), TooEarly)
    assert floor.issue(2)


def test_the_pages_of_a_kiosk_say_when_it_gives_the_next(make: Any) -> None:
    floor = make(SITE)
    guard(floor, 1, kiosk_cooldown_seconds=60)
    floor.issue(1)
    given = floor.now

    assert seen(floor, 1, kiosk=1).open
    assert seen(floor, 1, kiosk=1).kiosk_next_at == given + timedelta(seconds=60)
    assert seen(floor, 1, kiosk=2).kiosk_next_at is None
    assert seen(floor, 1).kiosk_next_at is None
    floor.wait(seconds=60)
    assert seen(floor, 1, kiosk=1).kiosk_next_at is None


def test_officers_are_not_held_back(make: Any) -> None:
    floor = make(SITE)
    guard(floor, 1, reception_only=True)
    guard(floor, 2, kiosk_cooldown_seconds=600)
    floor.issue(2)
    other = floor.issue(3)
    floor.open()

    floor.do(transferring.add, ticket_id=other, service_id=1, actor=RESEPSI)
    floor.do(transferring.add, ticket_id=other, service_id=2, actor=RESEPSI)
    floor.at(1, issuing.walk_up, service_id=1)

    assert isinstance(refusal_of(lambda: floor.issue(2)), TooEarly)


def test_what_was_walked_up_or_added_begins_no_cool_down(make: Any) -> None:
    floor = make(SITE)
    guard(floor, 1, kiosk_cooldown_seconds=600)
    ticket = floor.issue(2)
    floor.do(transferring.add, ticket_id=ticket, service_id=1, actor=RESEPSI)
    floor.open()
    floor.at(1, issuing.walk_up, service_id=1)

    assert floor.issue(1, actor=KIOSK)


def test_the_hours_are_told_before_a_cool_down(make: Any) -> None:
    floor = make(SITE)
    guard(floor, 1, kiosk_cooldown_seconds=3600)
    floor.now = clock_time("14:20")
    floor.issue(1)
    floor.wait(minutes=20)

    refused = refusal_of(lambda: floor.issue(1))

    assert refused is not None
    assert refused.code == closed("last-ticket").reason


def test_where_nothing_is_guarded_nothing_is_asked(make: Any) -> None:
    floor = make(SITE)
    with floor.engine.begin() as db:
        assert read_service_limits(db) == {}
        assert kiosk_limits_at(db, {}, kiosk_id=1, at=floor.now) == KioskLimits()
