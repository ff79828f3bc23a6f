"""What several services have in common, and when numbers are given again."""

from dataclasses import replace

import pytest

from app.queueing.site.availability import Availability, availability_in_common
from app.queueing.site.kiosk_limits import KioskLimits
from app.queueing.views.agencies import current_availability
from tests.support.rules.custom_mall import HoursLine
from tests.support.rules.harness import SITE, MakeRules, clock_time, closed

OPEN = Availability(True)
BREAK = closed("break", "13:00")
ABSENT = closed("agency-hours", "08:00", days=1)
FULL = closed("quota", "08:00", days=1)
WITHOUT_END = closed("by-hand")
UNLIKE = BREAK._replace(reason=None)
FROM_NINE = Availability(True, serving_from=clock_time("09:00"))
FROM_TEN = Availability(True, serving_from=clock_time("10:00"))
SITE_BREAK = HoursLine("site", None, "break", "12:00", "13:00")


@pytest.mark.parametrize(
    ("of_each", "in_common"),
    [
        ([], OPEN),
        ([OPEN], OPEN),
        ([OPEN, BREAK], OPEN),
        ([BREAK, OPEN, FULL], OPEN),
        # where numbers are given, but nobody is served yet: the first who will be
        ([FROM_NINE], FROM_NINE),
        ([FROM_TEN, FROM_NINE], FROM_NINE),
        ([FROM_TEN, FROM_NINE, BREAK], FROM_NINE),
        ([FROM_NINE, OPEN], OPEN),
        ([OPEN, FROM_TEN, FROM_NINE], OPEN),
        ([BREAK], BREAK),
        ([BREAK, BREAK], BREAK),
        # of most, when the first opens again; of none, no reason in common
        ([BREAK, BREAK, ABSENT], BREAK),
        ([BREAK, ABSENT], UNLIKE),
        ([BREAK, ABSENT, FULL], UNLIKE),
        ([ABSENT, FULL], FULL._replace(reason=None)),
        ([ABSENT, ABSENT], ABSENT),
        ([BREAK, WITHOUT_END], UNLIKE),
        ([WITHOUT_END, WITHOUT_END], WITHOUT_END),
        ([BREAK, BREAK, WITHOUT_END], BREAK),
    ],
)
def test_what_several_have_in_common(
    of_each: list[Availability], in_common: Availability
) -> None:
    assert availability_in_common(of_each) == in_common
    assert availability_in_common(of_each[::-1]) == in_common


@pytest.mark.parametrize("others", [[False], [True, False], [False, True]])
def test_reception_alone_gives_numbers_where_it_does_for_all(
    others: list[bool],
) -> None:
    at_reception = BREAK._replace(reception_only=True)
    of_each = [BREAK._replace(reception_only=each) for each in others]

    assert availability_in_common([at_reception] * 2).reception_only
    assert not availability_in_common([at_reception, *of_each]).reception_only


@pytest.mark.parametrize(
    ("at", "ends", "again"),
    [
        ("08:00", "12:00", "13:00"),
        ("11:59", "12:00", "13:00"),
        # the day's last numbers: the next are tomorrow's
        ("08:00", "14:30", None),
        ("13:00", "14:30", None),
    ],
)
def test_numbers_are_given_again_on_the_same_date(
    make_rules: MakeRules, at: str, ends: str, again: str | None
) -> None:
    rules = make_rules(SITE, SITE_BREAK)

    with rules.engine.begin() as db:
        availability = current_availability(db, clock_time(at))
        expected = clock_time(again) if again else None
        assert availability.gives_again(1, 1, clock_time(ends)) == expected


@pytest.mark.parametrize(
    ("apart", "reception_only", "next_at", "follow"),
    [
        ((), (), (), True),
        # of another agency's services
        ((9,), (9,), (9,), True),
        ((2,), (), (), False),
        ((), (2,), (), False),
        ((), (), (2,), False),
        ((9,), (2,), (), False),
        ((9,), (9,), (2,), False),
        ((2,), (2,), (2,), False),
    ],
)
def test_services_follow_their_agency_where_nothing_is_said_of_them(
    make_rules: MakeRules,
    apart: tuple[int, ...],
    reception_only: tuple[int, ...],
    next_at: tuple[int, ...],
    follow: bool,
) -> None:
    moment = clock_time("10:00")
    limits = KioskLimits(frozenset(reception_only), dict.fromkeys(next_at, moment))
    with make_rules().engine.begin() as db:
        availability = replace(
            current_availability(db, moment),
            services_apart=frozenset(apart),
            kiosk_limits=limits,
        )

    assert availability.all_follow_agency(frozenset({1, 2})) == follow
