"""A scarce service: at the reception alone, or after each kiosk's cool-down."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from app.errors import TooEarly, Unavailable
from app.queueing import rows
from app.queueing.change import Actor
from app.queueing.commands import cancelling, issuing, transferring
from app.queueing.site.kiosk_limits import (
    KioskLimits,
    kiosk_limits_at,
    read_service_limits,
)
from app.queueing.views.agencies import agency_views
from app.queueing.views.availability import service_availability
from tests.support.rules.harness import (
    KIOSK,
    RESEPSI,
    SITE,
    MakeRules,
    RulesHarness,
    clock_time,
    closed,
    refusal_of,
)

OTHER_KIOSK = Actor("device", "kiosk", 2)


def limit(rules: RulesHarness, service: int, **rule: Any) -> None:
    """Let a service be limited as an import would."""
    with rules.engine.begin() as db:
        db.execute(update(rows.service).filter_by(id=service).values(**rule))


def seen(rules: RulesHarness, service: int, kiosk: int | None = None) -> Any:
    """Return a service as a kiosk's pages list it."""
    with rules.engine.begin() as db:
        listed = agency_views(db, rules.now, kiosk_id=kiosk)
    return {each.id: each for agency in listed for each in agency.services}[service]


def test_a_kiosk_gives_no_number_that_reception_alone_gives(
    make_rules: MakeRules,
) -> None:
    rules = make_rules(SITE)
    limit(rules, 1, reception_only=True)

    refused = refusal_of(lambda: rules.issue(2, 1))

    assert isinstance(refused, Unavailable)
    assert refused.code == "by-hand"
    assert refused.details == {"service_id": 1, "until": None, "reception_only": True}
    assert rules.issue(2)
    assert rules.issue(1, actor=RESEPSI)


def test_what_reception_alone_gives_is_listed_so(make_rules: MakeRules) -> None:
    rules = make_rules(SITE)
    limit(rules, 1, reception_only=True)
    limit(rules, 3, reception_only=True)

    with rules.engine.begin() as db:
        one, other = agency_views(db, rules.now)
        at_reception = agency_views(db, rules.now, "reception")
        staff = service_availability(db, service_id=1, now=rules.now)

    listed_services = [
        (each.open, each.reason, each.reception_only) for each in one.services
    ]
    assert listed_services == [(False, "by-hand", True), (True, None, False)]
    assert (one.open, one.reception_only) == (True, False)
    # nothing of the other agency is given at a kiosk, and all of it at reception
    assert (other.open, other.reason, other.reception_only) == (False, "by-hand", True)
    assert all(each.open for agency in at_reception for each in agency.services)
    assert staff.open


def test_the_hours_and_the_quota_are_told_before_the_reception(
    make_rules: MakeRules,
) -> None:
    rules = make_rules(SITE, quotas=[(1, "", "00:00", 1)])
    limit(rules, 1, reception_only=True)

    rules.now = clock_time("06:00")
    service = seen(rules, 1)
    assert (service.reason, service.until) == ("site-hours", clock_time("08:00"))
    rules.now = clock_time("09:00")
    assert seen(rules, 1).reception_only
    rules.issue(actor=RESEPSI)
    service = seen(rules, 1)
    assert (service.reason, service.reception_only) == ("quota", False)


def test_a_kiosk_gives_the_next_number_only_after_its_cool_down(
    make_rules: MakeRules,
) -> None:
    rules = make_rules(SITE)
    limit(rules, 1, kiosk_cooldown_seconds=60)
    rules.issue(1)
    rules.wait(seconds=20)

    refused = refusal_of(lambda: rules.issue(2, 1))

    assert isinstance(refused, TooEarly)
    assert refused.details == {"service_id": 1, "retry_after_seconds": 39.999}
    assert rules.issue(2)
    rules.wait(seconds=40)
    assert rules.issue(1)
    assert isinstance(refusal_of(lambda: rules.issue(1)), TooEarly)


def test_a_cool_down_binds_one_kiosk_and_nobody_else(make_rules: MakeRules) -> None:
    rules = make_rules(SITE)
    limit(rules, 1, kiosk_cooldown_seconds=60)
    ticket = rules.issue(1)

    assert rules.issue(1, actor=OTHER_KIOSK)
    assert rules.issue(1, actor=RESEPSI)
    assert rules.issue(1, actor=RESEPSI)
    assert isinstance(refusal_of(lambda: rules.issue(1)), TooEarly)
    rules.do(
        cancelling.cancel_by_staff, ticket_id=ticket, actor=RESEPSI, reason="duplicate"
    )
    # who cancels and takes another has taken two
    assert isinstance(refusal_of(lambda: rules.issue(1)), TooEarly)


def test_what_another_kiosk_gave_holds_nothing_back_here(make_rules: MakeRules) -> None:
    rules = make_rules(SITE)
    limit(rules, 1, kiosk_cooldown_seconds=60)

    rules.issue(1, actor=OTHER_KIOSK)

    assert rules.issue(1)


def test_each_service_has_a_cool_down_of_its_own(make_rules: MakeRules) -> None:
    rules = make_rules(SITE)
    limit(rules, 1, kiosk_cooldown_seconds=60)
    limit(rules, 2, kiosk_cooldown_seconds=600)
    rules.issue(1, 2)

    rules.wait(seconds=60)
    assert seen(rules, 1, kiosk=1).kiosk_next_at is None
    rules.wait(seconds=40)
    assert seen(rules, 1, kiosk=1).kiosk_next_at is None
    assert isinstance(refusal_of(lambda: rules.issue(2)), TooEarly)
    assert rules.issue(1)


def test_a_number_given_up_at_the_kiosk_begins_no_cool_down(
    make_rules: MakeRules,
) -> None:
    rules = make_rules(SITE)
    limit(rules, 1, kiosk_cooldown_seconds=60)
    ticket = rules.issue(1)
    rules.wait(seconds=50)

    rules.do(cancelling.cancel_by_visitor, ticket_id=ticket, actor=KIOSK)
    rules.wait(seconds=10)

    assert rules.issue(1)


def test_a_service_beside_others_cools_down_too(make_rules: MakeRules) -> None:
    rules = make_rules(SITE)
    limit(rules, 1, kiosk_cooldown_seconds=60)
    rules.issue(2, 1)

    assert isinstance(refusal_of(lambda: rules.issue(1)), TooEarly)
    assert rules.issue(2)


def test_the_pages_of_a_kiosk_say_when_it_gives_the_next(make_rules: MakeRules) -> None:
    rules = make_rules(SITE)
    limit(rules, 1, kiosk_cooldown_seconds=60)
    rules.issue(1)
    given = rules.now

    assert seen(rules, 1, kiosk=1).open
    assert seen(rules, 1, kiosk=1).kiosk_next_at == given + timedelta(seconds=60)
    assert seen(rules, 1, kiosk=2).kiosk_next_at is None
    assert seen(rules, 1).kiosk_next_at is None
    rules.wait(seconds=60)
    assert seen(rules, 1, kiosk=1).kiosk_next_at is None


def test_officers_are_not_held_back(make_rules: MakeRules) -> None:
    rules = make_rules(SITE)
    limit(rules, 1, reception_only=True)
    limit(rules, 2, kiosk_cooldown_seconds=600)
    rules.issue(2)
    other = rules.issue(3)
    rules.open()

    rules.do(transferring.add, ticket_id=other, service_id=1, actor=RESEPSI)
    rules.do(transferring.add, ticket_id=other, service_id=2, actor=RESEPSI)
    rules.at(1, issuing.walk_up, service_id=1)

    assert isinstance(refusal_of(lambda: rules.issue(2)), TooEarly)


def test_what_was_walked_up_or_added_begins_no_cool_down(make_rules: MakeRules) -> None:
    rules = make_rules(SITE)
    limit(rules, 1, kiosk_cooldown_seconds=600)
    ticket = rules.issue(2)
    rules.do(transferring.add, ticket_id=ticket, service_id=1, actor=RESEPSI)
    rules.open()
    rules.at(1, issuing.walk_up, service_id=1)

    assert rules.issue(1, actor=KIOSK)


def test_the_hours_are_told_before_a_cool_down(make_rules: MakeRules) -> None:
    rules = make_rules(SITE)
    limit(rules, 1, kiosk_cooldown_seconds=3600)
    rules.now = clock_time("14:20")
    rules.issue(1)
    rules.wait(minutes=20)

    refused = refusal_of(lambda: rules.issue(1))

    assert refused is not None
    assert refused.code == closed("last-ticket").reason


def test_where_nothing_is_limited_nothing_is_asked(make_rules: MakeRules) -> None:
    rules = make_rules(SITE)
    with rules.engine.begin() as db:
        assert read_service_limits(db) == {}
        assert kiosk_limits_at(db, {}, kiosk_id=1, at=rules.now) == KioskLimits()
