"""Hours of single dates stand in the place of the week's, for whom they are."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from app.queueing.site.availability import Availability, availability_rules
from app.queueing.site.hours import SITE
from app.queueing.site.rulebook import Rulebook, read_rulebook
from app.queueing.site.timers import visitor_elapsed
from tests.importing.conftest import Importer, edited, problems_of
from tests.importing.stored import rows
from tests.importing.test_times import at

MONDAY, NEXT_MONDAY = date(2026, 11, 23), date(2026, 11, 30)
WEDNESDAY = date(2026, 11, 25)  # no line of the week
KTP, KK, BARU = 1, 2, 3
AGENCIES = {KTP: 1, KK: 1, BARU: 2}
SITE_HOURS = "- {days: [mon, tue], opens: 08:00, closes: 15:30}\n"
AGENCY_HOURS = "- {days: [mon], opens: 09:00, closes: 14:00}\n"
BREAKS = "  breaks: [{days: [mon], begins: 12:00, ends: 13:00}]\n"


def on_site(fields: str, day: date = MONDAY) -> str:
    special = f"  special_hours: [{{day: {day}, {fields}}}]\n"
    return edited((SITE_HOURS, SITE_HOURS + BREAKS + special))


def at_agency(fields: str, day: date = MONDAY) -> str:
    special = f"    special_hours: [{{day: {day}, {fields}}}]\n"
    return edited((AGENCY_HOURS, AGENCY_HOURS + special))


def at_service(fields: str, day: date = MONDAY) -> str:
    special = f"special_hours: [{{day: {day}, {fields}}}]"
    ktp = "name_en: e-KTP, typical_minutes: 10"
    return edited((ktp, f"{ktp}, {special}"))


def rulebook(engine: Engine) -> Rulebook:
    with engine.begin() as db:
        return read_rulebook(db)


def available(engine: Engine, service: int, moment: datetime) -> Availability:
    with engine.begin() as db:
        rules = availability_rules(
            db, read_rulebook(db), at=moment, day=moment.date(), channel="kiosk"
        )
        return rules.service(service, AGENCIES[service])


CASES = [
    # a longer break on that day alone; the week's hours stay
    (on_site("breaks: [{begins: 11:00, ends: 13:30}]"), BARU, at(11, 30), "break"),
    (on_site("breaks: [{begins: 11:00, ends: 13:30}]"), BARU, at(13, 15), "break"),
    (on_site("breaks: [{begins: 11:00, ends: 13:30}]"), BARU, at(14), None),
    (
        on_site("breaks: [{begins: 11:00, ends: 13:30}]"),
        BARU,
        at(11, 30, NEXT_MONDAY),
        None,
    ),
    (
        on_site("breaks: [{begins: 11:00, ends: 13:30}]"),
        BARU,
        at(12, 30, NEXT_MONDAY),
        "break",
    ),
    # none at all that day
    (on_site("breaks: []"), BARU, at(12, 30), None),
    # an early end, and its last number
    (
        on_site("hours: [{opens: 08:00, closes: 12:00, last_ticket: 11:00}]"),
        BARU,
        at(11, 30),
        "last-ticket",
    ),
    (
        on_site("hours: [{opens: 08:00, closes: 11:30}]"),
        BARU,
        at(11, 45),
        "site-hours",
    ),
    (
        on_site("hours: [{opens: 08:00, closes: 11:30}]"),
        BARU,
        at(11, 45, NEXT_MONDAY),
        None,
    ),
    # a day on which the week has no line
    (
        on_site("hours: [{opens: 08:00, closes: 12:00}]", WEDNESDAY),
        BARU,
        at(9, 0, WEDNESDAY),
        None,
    ),
    (on_site("breaks: []", WEDNESDAY), BARU, at(9, 0, WEDNESDAY), "site-hours"),
    # an agency's own, and an agency without hours on other days
    (at_agency("hours: []"), KTP, at(10), "agency-hours"),
    (at_agency("hours: []"), BARU, at(10), None),
    (
        at_agency("hours: [{opens: 08:00, closes: 16:00}]"),
        KTP,
        at(15, 45),
        "site-hours",
    ),
    (at_agency("breaks: [{begins: 10:00, ends: 10:30}]"), KTP, at(10, 15), "break"),
    (at_agency("breaks: [{begins: 10:00, ends: 10:30}]"), BARU, at(10, 15), None),
    # a service's own says nothing of its other days, nor of its neighbours
    (
        at_service("hours: [{opens: 10:00, closes: 11:00}]"),
        KTP,
        at(11, 30),
        "service-hours",
    ),
    (at_service("hours: [{opens: 10:00, closes: 11:00}]"), KK, at(11, 30), None),
    (
        at_service("hours: [{opens: 10:00, closes: 11:00}]"),
        KTP,
        at(11, 30, NEXT_MONDAY),
        None,
    ),
    # numbers by issuing hours on that day alone
    (
        on_site("issuing_hours: [{opens: 07:00, closes: 10:00}]"),
        BARU,
        at(7, 30),
        None,
    ),
    (
        on_site("issuing_hours: [{opens: 07:00, closes: 10:00}]"),
        BARU,
        at(10, 30),
        "site-hours",
    ),
    (
        on_site("issuing_hours: [{opens: 07:00, closes: 10:00}]"),
        BARU,
        at(7, 30, NEXT_MONDAY),
        "site-hours",
    ),
]


@pytest.mark.parametrize(("text", "service", "moment", "reason"), CASES)
def test_one_date_has_its_own_times(
    engine: Engine,
    run_import: Importer,
    text: str,
    service: int,
    moment: datetime,
    reason: str | None,
) -> None:
    run_import(text)

    assert available(engine, service, moment).reason == reason


def test_what_is_closed_that_day_says_when_it_opens_again(
    engine: Engine, run_import: Importer
) -> None:
    run_import(on_site("breaks: [{begins: 11:00, ends: 13:30}]"))

    assert available(engine, BARU, at(11, 30)).until == at(13, 30)


def test_what_is_open_changes_when_that_days_times_begin(
    engine: Engine, run_import: Importer
) -> None:
    run_import(on_site("breaks: [{begins: 11:00, ends: 13:30}]"))
    hours = rulebook(engine).hours

    assert hours.next_change(at(10)) == at(11)
    assert hours.next_change(at(10, 0, NEXT_MONDAY)) == at(12, 0, NEXT_MONDAY)


def test_timers_stand_still_in_that_days_break(
    engine: Engine, run_import: Importer
) -> None:
    run_import(on_site("breaks: [{begins: 11:00, ends: 13:30}]"))
    hours = rulebook(engine).hours

    assert visitor_elapsed(hours, [SITE], at(10, 30), at(14)) == timedelta(hours=1)


def test_a_service_with_times_of_one_date_alone_goes_with_its_agency_on_others(
    engine: Engine, run_import: Importer
) -> None:
    run_import(at_service("hours: [{opens: 10:00, closes: 11:00}]"))

    assert available(engine, KTP, at(14, 30, NEXT_MONDAY)).reason == "agency-hours"


def test_a_holiday_goes_before(engine: Engine, run_import: Importer) -> None:
    holiday = f"  holidays: [{{day: {MONDAY}, name: Libur}}]\n"
    text = on_site("hours: [{opens: 08:00, closes: 12:00}]")
    run_import(text.replace(BREAKS, BREAKS + holiday))

    assert available(engine, BARU, at(9)).reason == "holiday"


def test_a_file_without_them_takes_them_back(
    engine: Engine, run_import: Importer
) -> None:
    run_import(on_site("breaks: []"))
    assert len(rows(engine, "special_hours")) == 1

    summary = run_import(edited((SITE_HOURS, SITE_HOURS + BREAKS)))

    assert rows(engine, "special_hours") == []
    assert summary.rows_removed == 1
    assert available(engine, BARU, at(12, 30)).reason == "break"


@pytest.mark.parametrize(
    ("fields", "cause"),
    [
        ("name: Jumat", "is not a known field"),
        ("", "names no hours, issuing_hours, breaks or quiet_times"),
        ("hours: [{opens: 12:00, closes: 08:00}]", "opens at 12:00, but closes"),
        ("hours: [{days: [fri], opens: 08:00, closes: 9:00}]", "is not a known field"),
        (
            "breaks: [{begins: 10:00, ends: 11:00}, {begins: 10:30, ends: 12:00}]",
            "two times overlap on that day",
        ),
        ("breaks: []}, {day: 2026-11-23, hours: []", "names 2026-11-23 more than once"),
    ],
)
def test_a_wrong_one_is_named(fields: str, cause: str) -> None:
    assert any(cause in problem for problem in problems_of(on_site(fields)))
