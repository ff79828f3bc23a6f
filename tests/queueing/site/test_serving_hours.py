"""Whether a service is served at a moment by hours, else why and until when."""

import pytest

from app.queueing.site.availability import Serving
from app.queueing.views.agencies import current_availability
from tests.support.rules.custom_mall import HoursLine
from tests.support.rules.harness import SITE, MakeRules, RulesHarness, clock_time

BREAK = HoursLine("site", None, "break", "12:00", "13:00")
AGENCY = HoursLine("agency", 1, "serving", "09:00", "14:00")
LATE = HoursLine("site", None, "serving", "16:00", "18:00")


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("07:00", Serving(False, "site-hours", clock_time("09:00"), True)),
        ("08:30", Serving(False, "agency-hours", clock_time("09:00"), True)),
        ("11:59", Serving(True)),
        ("12:00", Serving(False, "break", clock_time("13:00"), True)),
        ("13:00", Serving(True)),
        ("14:00", Serving(False, "agency-hours", clock_time("09:00", 1), False)),
    ],
)
def test_serving_follows_hours_and_breaks(
    make_rules: MakeRules, at: str, expected: Serving
) -> None:
    assert serving(make_rules(SITE, BREAK, AGENCY), at) == expected


def test_the_last_ticket_ends_no_serving(make_rules: MakeRules) -> None:
    assert serving(make_rules(SITE), "14:45").open


def test_a_number_waits_for_the_second_hours_of_the_day(make_rules: MakeRules) -> None:
    between = serving(make_rules(SITE, LATE), "15:30")

    assert (between.until, between.is_today) == (clock_time("16:00"), True)


def test_on_a_holiday_nobody_serves(make_rules: MakeRules) -> None:
    rules = make_rules(SITE, holidays=[(clock_time("10:00").date(), None)])

    assert serving(rules, "10:00").reason == "holiday"


def serving(rules: RulesHarness, at: str) -> Serving:
    """Return whether service 1 is served at a time on the wall."""
    with rules.engine.begin() as db:
        return current_availability(db, clock_time(at)).serving(1, 1)
