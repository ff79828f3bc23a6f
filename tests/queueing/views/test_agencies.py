"""What kiosks and pages show of agencies and services."""

from sqlalchemy import update

from app.queueing import rows
from app.queueing.commands import closures
from app.queueing.views.agencies import agency_views
from tests.support.rules.custom_mall import HoursLine
from tests.support.rules.harness import KEPALA, SITE, MakeRules, clock_time

AGENCY = HoursLine("agency", 1, "serving", "09:00", "14:00")


COUNTERS = [{1: 0, 2: 0}, {1: 0}, {3: 0}, {4: 0}]


def test_kiosks_are_told_per_agency_and_service(make_rules: MakeRules) -> None:
    rules = make_rules(SITE, AGENCY)
    rules.do(closures.close_by_hand, actor=KEPALA, service_id=1)
    rules.issue(3)
    rules.open(3)

    first, second = rules.see(agency_views, now=clock_time("10:00"))

    assert [s.reason for s in first.services] == ["by-hand", None]
    assert (first.open, first.counters_open) == (True, 0)
    assert (second.waiting, second.counters_open) == (1, 1)
    rules.do(closures.close_by_hand, actor=KEPALA, service_id=2)
    first, _ = rules.see(agency_views, now=clock_time("10:00"))
    assert (first.open, first.reason) == (False, "by-hand")
    early, _ = rules.see(agency_views, now=clock_time("08:30"))
    assert early.reason == "agency-hours"


def test_what_only_practice_counters_serve_is_left_out(make_rules: MakeRules) -> None:
    rules = make_rules(
        SITE, services=[(1, 1), (1, 1), (2, 2), (2, 2)], counters=COUNTERS
    )
    with rules.engine.begin() as db:
        here = rows.counter.c.id == 4
        db.execute(update(rows.counter).where(here).values(zone_id=2))

    agencies = rules.see(agency_views, now=clock_time("09:00"))

    assert [[s.id for s in agency.services] for agency in agencies] == [[1, 2], [3]]


def test_an_agencys_open_counters_are_those_of_all_its_services(
    make_rules: MakeRules,
) -> None:
    rules = make_rules(counters=[{1: 0}, {2: 0}, {3: 0}])
    for counter in (1, 2):
        rules.open(counter)

    agency = rules.see(agency_views, now=rules.now)[0]

    assert (agency.counters_open, [s.counters_open for s in agency.services]) == (
        2,
        [1, 1],
    )


def test_a_closed_agency_says_which_of_its_services_opens_first(
    make_rules: MakeRules,
) -> None:
    rest = HoursLine("service", 2, "break", "12:00", "13:00")
    rules = make_rules(SITE, rest, quotas=[(1, "", "00:00", 1)])
    rules.issue(1)

    agency = rules.see(agency_views, now=clock_time("12:10"))[0]

    assert [service.reason for service in agency.services] == ["quota", "break"]
    assert (agency.reason, agency.until) == ("break", clock_time("13:00"))


def test_of_services_closed_by_hand_one_with_an_end_comes_first(
    make_rules: MakeRules,
) -> None:
    rules = make_rules(SITE)
    rules.do(closures.close_by_hand, actor=KEPALA, service_id=1)
    end = clock_time("11:00")
    rules.do(
        closures.close_by_hand, actor=KEPALA, service_id=2, reason="absent", until=end
    )

    agency = rules.see(agency_views, now=clock_time("10:00"))[0]

    assert (agency.reason, agency.until) == ("absent", end)
