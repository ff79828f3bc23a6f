"""Open or why not, and until when: one function decides."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from app.queueing import rows
from app.queueing.commands import counter_states
from app.queueing.commands.closures import close_by_hand
from app.queueing.site.availability import Availability, availability_rules
from app.queueing.views.agencies import current_availability
from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.clock import MovableClock
from tests.support.http.callers import body_of, problem_of
from tests.support.rules.custom_mall import HoursLine
from tests.support.rules.harness import (
    ADMIN,
    KEPALA,
    SITE,
    MakeRules,
    clock_time,
    closed,
)

BREAK = HoursLine("site", None, "break", "12:00", "13:00")


AGENCY = HoursLine("agency", 1, "serving", "09:00", "14:00")


SERVICE = HoursLine("service", 1, "serving", "10:00", "12:00")


ISSUING = HoursLine("site", None, "issuing", "07:00", "14:00")


TOMORROW = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("at", "until"), [("08:00", "12:00"), ("11:59", "12:00"), ("13:00", "14:30")]
)
def test_an_open_service_tells_until_when_it_gives_numbers(
    make_rules: MakeRules, at: str, until: str
) -> None:
    rules = make_rules(SITE, BREAK)

    with rules.engine.begin() as db:
        availability = current_availability(db, clock_time(at))
        assert availability.gives_until(1, 1) == clock_time(until)


def test_without_hours_numbers_have_no_end(make_rules: MakeRules) -> None:
    rules = make_rules()

    with rules.engine.begin() as db:
        assert current_availability(db, clock_time("10:00")).gives_until(1, 1) is None


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("07:59", closed("site-hours", "08:00")),
        ("08:00", Availability(True)),
        ("14:29", Availability(True)),
        ("14:30", closed("last-ticket", "08:00", days=1)),
        ("15:00", closed("site-hours", "08:00", days=1)),
    ],
)
def test_the_sites_hours_end_with_the_last_ticket(
    make_rules: MakeRules, at: str, expected: Availability
) -> None:
    assert make_rules(SITE).available(at) == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("08:30", closed("agency-hours", "10:00")),
        ("09:30", closed("service-hours", "10:00")),
        ("10:30", Availability(True)),
        ("12:00", closed("service-hours", "10:00", days=1)),
        ("16:00", closed("site-hours", "10:00", days=1)),
    ],
)
def test_agency_and_service_have_hours_of_their_own(
    make_rules: MakeRules, at: str, expected: Availability
) -> None:
    assert make_rules(SITE, AGENCY, SERVICE).available(at) == expected


def test_another_agency_keeps_the_sites_hours(make_rules: MakeRules) -> None:
    assert make_rules(SITE, AGENCY).available("08:30", service=3).open


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("11:59", Availability(True)),
        ("12:00", closed("break", "13:00")),
        ("13:00", Availability(True)),
    ],
)
def test_in_a_break_no_number_is_given(
    make_rules: MakeRules, at: str, expected: Availability
) -> None:
    assert make_rules(SITE, BREAK).available(at) == expected


@pytest.mark.parametrize(
    ("at", "serving_from"),
    [("07:30", "08:00"), ("08:00", None), ("12:30", "13:00"), ("13:59", None)],
)
def test_issuing_hours_apart_say_when_serving_begins(
    make_rules: MakeRules, at: str, serving_from: str | None
) -> None:
    answer = make_rules(SITE, BREAK, ISSUING).available(at)

    begins = clock_time(serving_from) if serving_from else None
    assert answer == Availability(True, serving_from=begins)


@pytest.mark.parametrize("at", ["06:59", "14:00"])
def test_outside_issuing_hours_no_number_is_given(
    make_rules: MakeRules, at: str
) -> None:
    answer = make_rules(SITE, ISSUING).available(at)

    assert (answer.open, answer.reason) == (False, "site-hours")


@pytest.mark.parametrize("whose", [None, 1])
def test_a_holiday_gives_no_numbers_until_the_next_day(
    make_rules: MakeRules, whose: Any
) -> None:
    rules = make_rules(SITE, holidays=[(TOMORROW, whose)])

    assert rules.available("09:00").open
    assert rules.available("09:00", days=1) == closed("holiday", "08:00", days=2)
    others = rules.available("09:00", service=3, days=1)
    assert others.open is (whose == 1)


def test_after_hours_the_next_opening_leaves_out_the_holiday(
    make_rules: MakeRules,
) -> None:
    rules = make_rules(SITE, holidays=[(TOMORROW, None)])

    assert rules.available("16:00") == closed("site-hours", "08:00", days=2)


def test_a_service_that_never_opens_says_no_time(make_rules: MakeRules) -> None:
    never = [(date(2026, 11, 24 + day), None) for day in range(7)]
    never += [(date(2026, 12, 1 + day), None) for day in range(20)]

    assert make_rules(SITE, holidays=never).available("09:00") == closed("holiday")


def test_serving_follows_hours_breaks_and_holidays(make_rules: MakeRules) -> None:
    rules = make_rules(SITE, BREAK, holidays=[(TOMORROW, 1)])

    def serves(at: str, service: int = 1, days: int = 0) -> bool:
        agency = 1 if service < 3 else 2
        with rules.engine.begin() as db:
            moment = clock_time(at, days)
            availability = availability_rules(
                db, rules.change(db).rules, at=moment, day=moment.date()
            )
            return availability.serves(agency, service)

    assert [serves(at) for at in ("07:00", "09:00", "12:30", "14:45")] == [
        *(False, True, False, True)
    ]
    assert not serves("09:00", days=1)
    assert serves("09:00", service=3, days=1)


def test_always_open_means_that_nothing_closes_by_the_clock(
    make_rules: MakeRules,
) -> None:
    rules = make_rules(SITE, BREAK, holidays=[(TOMORROW, None)], is_always_open=True)

    assert rules.available("03:00", days=1) == Availability(True)
    with rules.engine.begin() as db:
        availability = availability_rules(
            db, rules.change(db).rules, at=clock_time("03:00"), day=TOMORROW
        )
        assert availability.serves(1, 1)
    rules.open()
    rules.now = clock_time("12:30")
    assert rules.do(counters_that_pause) == 0


def counters_that_pause(db: Any, change: Any) -> int:
    return counter_states.pause_for_breaks(db, change)


ALL_DAY = HoursLine("site", None, "issuing", "00:00", "23:59")


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("07:00", Availability(True, serving_from=clock_time("10:00"))),
        ("11:29", Availability(True)),
        ("11:30", closed("last-ticket", "00:00", days=1)),
        ("11:45", closed("last-ticket", "00:00", days=1)),
        ("14:00", closed("service-hours", "00:00", days=1)),
        ("23:11", closed("service-hours", "00:00", days=1)),
    ],
)
def test_no_number_is_given_for_what_is_not_served_any_more_today(
    make_rules: MakeRules, at: str, expected: Availability
) -> None:
    rules = make_rules(
        ALL_DAY, HoursLine("service", 1, "serving", "10:00", "12:00", "11:30")
    )

    assert rules.available(at) == expected


def test_nor_where_the_hours_leave_nothing_in_common(make_rules: MakeRules) -> None:
    rules = make_rules(
        ALL_DAY,
        HoursLine("agency", 1, "serving", "08:00", "14:00"),
        HoursLine("service", 1, "serving", "13:00", "16:00"),
    )

    assert rules.available("12:00").serving_from == clock_time("13:00")
    assert rules.available("14:30") == closed("agency-hours", "00:00", days=1)
    rules = make_rules(
        ALL_DAY,
        HoursLine("agency", 1, "serving", "08:00", "10:00"),
        HoursLine("service", 1, "serving", "13:00", "16:00"),
    )
    assert rules.available("09:00").reason == "service-hours"
    rules = make_rules(
        ALL_DAY,
        HoursLine("site", None, "serving", "07:00", "18:00"),
        HoursLine("agency", 1, "serving", "08:00", "10:00"),
        HoursLine("agency", 1, "serving", "15:00", "17:00"),
        HoursLine("service", 1, "serving", "09:00", "11:00"),
    )
    assert rules.available("10:30").reason == "service-hours"


def test_until_is_when_a_number_is_given_again(make_rules: MakeRules) -> None:
    rules = make_rules(
        SITE,
        HoursLine("site", None, "break", "11:30", "13:30"),
        HoursLine("agency", 1, "break", "11:00", "14:00"),
        holidays=[(date(2026, 11, 25), 1), (date(2026, 11, 26), 1)],
    )

    assert rules.available("13:00") == closed("break", "14:00")
    assert rules.available("16:00") == closed("site-hours", "08:00", days=3)
    assert rules.available("06:30", days=1) == closed("holiday", "08:00", days=3)


def test_until_looks_past_the_first_of_two_closures(make_rules: MakeRules) -> None:
    rules = make_rules(SITE)
    for minutes, of in ((10, {"agency_id": 1}), (60, {"service_id": 1})):
        until = rules.now + timedelta(minutes=minutes)
        rules.do(close_by_hand, actor=KEPALA, until=until, **of)

    answer = rules.available("09:01")

    assert (answer.reason, answer.until) == ("by-hand", until)


def test_until_knows_of_closures_on_their_own_days(make_rules: MakeRules) -> None:
    rules = make_rules(SITE, BREAK)
    for days, hour, of in ((3, "10:00", 2), (1, "09:00", 1)):
        until = clock_time(hour, days)
        rules.do(close_by_hand, actor=ADMIN, until=until, agency_id=of)

    assert rules.available("16:00").until == clock_time("09:00", days=1)
    assert rules.available("16:00", days=1) == closed("site-hours", "08:00", days=2)


def test_until_of_a_quota_is_when_it_has_people_left(make_rules: MakeRules) -> None:
    parts = [(1, "", "00:00", 1), (1, "kiosk", "00:00", 1), (1, "kiosk", "13:00", 1)]
    rules = make_rules(SITE, quotas=parts)
    rules.issue()

    answer = rules.available("09:10", channel="kiosk")

    assert answer == closed("quota", "08:00", days=1)


def test_after_the_last_ticket_none_is_given_until_closing(
    make_rules: MakeRules,
) -> None:
    rules = make_rules(SITE)

    answers = [rules.available(at) for at in ("14:29", "14:30", "14:31", "14:59")]

    assert [answer.reason for answer in answers] == [None, *["last-ticket"] * 3]


async def availability(
    server: AppServer, service_id: int, **query: str
) -> dict[str, Any]:
    path = f"/services/{service_id}/availability"
    return body_of(await server.sari.get(path, params=query))


@pytest.mark.parametrize(
    ("at", "answer"),
    [
        ("2026-11-24T01:00:00Z", (True, None, None)),  # Tuesday 08:00
        ("2026-11-24T08:29:59Z", (True, None, None)),
        ("2026-11-24T00:59:59Z", (False, "site-hours", "2026-11-24T01:00:00Z")),
        ("2026-11-24T08:30:00Z", (False, "site-hours", "2026-11-25T01:00:00Z")),
        ("2026-11-27T09:00:00Z", (False, "site-hours", "2026-11-30T01:00:00Z")),
    ],
)
async def test_keeps_the_sites_hours(
    server: AppServer, at: str, answer: tuple[bool, str | None, str | None]
) -> None:
    reply = await availability(server, mall.AKTA, at=at)

    assert (reply["open"], reply["reason"], reply["until"]) == answer


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
async def test_a_moment_that_no_mall_means_is_invalid(
    server: AppServer, at: str
) -> None:
    path = f"/services/{mall.AKTA}/availability"
    refused = await server.sari.get(path, params={"at": at})
    closed = await server.resepsi.post("/agencies/1/close", {"until": at})

    assert problem_of(refused, 422, "invalid")["fields"][0]["where"] == "query.at"
    assert problem_of(closed, 422, "invalid")["fields"][0]["where"] == "body.until"
    assert (await availability(server, mall.AKTA))["open"]


@pytest.mark.parametrize(
    ("scope", "reason", "closed"),
    [
        ({"agency_id": mall.DKC}, "agency-hours", {mall.AKTA, mall.KTP}),
        ({"service_id": mall.KTP}, "service-hours", {mall.KTP}),
    ],
)
async def test_narrower_hours_close_an_agency_or_a_service(
    server: AppServer, scope: dict[str, int], reason: str, closed: set[int]
) -> None:
    hours = {"weekday": 1, "opens": "10:00", "closes": "11:00", **scope}
    with server.disk.writing() as db:
        db.execute(insert(rows.opening_hours).values(hours))

    reply = {
        s: await availability(server, s) for s in (mall.AKTA, mall.KTP, mall.PASPOR)
    }

    assert {s for s, answer in reply.items() if answer["reason"] == reason} == closed
    assert all(reply[s]["open"] for s in reply.keys() - closed)


async def test_a_site_may_be_open_always(
    server: AppServer, clock: MovableClock
) -> None:
    clock.move(hours=12)
    with server.disk.writing() as db:
        db.execute(update(rows.site).values(always_open=True))

    assert (await availability(server, mall.AKTA))["open"]


async def test_an_unknown_service_has_no_availability(server: AppServer) -> None:
    problem_of(await server.sari.get("/services/9/availability"), 404, "not-found")
